/// What is done about the missing values of a column: blank fields, `NA`, `?` and the like.
public enum MissingValues: String, CaseIterable, Sendable {
  /// The file is refused.
  case refuse
  /// The value before is taken once more.
  case previous
  /// A value on the straight line between its neighbors, row by row.
  case interpolate
  /// The value before stands in as an input, and is no target.
  case mask

  /// Whether a field stands for a value that is missing: blank, or one of the usual signs for that.
  public static func isMissing(_ field: String) -> Bool {
    let text = field.trimmingBlanks
    return text.isEmpty || signs.contains(text.lowercased())
  }

  private static let signs: Set<String> = [
    "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "nat", "null", "nil", "none", "missing", "?",
    "-", "--", ".",
  ]
}

extension MissingValues {
  /// Puts numbers in the places of those that are missing.
  ///
  /// - Parameter numbers: with nil where one is missing.
  /// - Returns: the numbers; or the position of a missing number for which there is nothing to make
  ///   one from: the first one under ``refuse``, one without a number before it, or, under
  ///   ``interpolate``, after it. Under ``mask``, those before the first number are that number.
  func filling(_ numbers: [Double?]) -> Result<[Double], UnfilledPosition> {
    guard let firstMissing = numbers.firstIndex(of: nil) else {
      return .success(numbers.compactMap(\.self))
    }
    guard self != .refuse, let first = numbers.firstIndex(where: { $0 != nil }),
      let last = numbers.lastIndex(where: { $0 != nil }), let start = numbers[first]
    else { return .failure(UnfilledPosition(index: firstMissing)) }
    if first > 0, self != .mask { return .failure(UnfilledPosition(index: 0)) }
    if last + 1 < numbers.count, self == .interpolate {
      return .failure(UnfilledPosition(index: last + 1))
    }
    var (filled, known) = ([Double](), (index: first, value: start))
    filled.reserveCapacity(numbers.count)
    for (index, number) in numbers.enumerated() {
      if let number {
        if self == .interpolate {
          // From both ends, so that no difference overflows.
          let gap = Double(index - known.index)
          for place in known.index + 1..<max(index, known.index + 1) {
            let share = Double(place - known.index) / gap
            filled[place] = known.value * (1 - share) + number * share
          }
        }
        known = (index, number)
      }
      filled.append(known.value)
    }
    return .success(filled)
  }

  /// A missing number that nothing can stand in for.
  struct UnfilledPosition: Error {
    let index: Int
  }
}
