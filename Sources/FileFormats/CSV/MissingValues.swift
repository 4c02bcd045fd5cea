/// What is done about the missing values of a column: blank fields, `NA`, `?` and the like.
public enum MissingValues: String, CaseIterable, Sendable {
  /// The file is refused.
  case refuse
  /// The value before is taken once more.
  case previous
  /// A value on the straight line between its neighbors, row by row. Both are of its own part of the
  /// data, so that no part knows of a later one.
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
  /// Puts numbers in the places of those that are missing. None is made from a number of a later part,
  /// which whoever reads a part is not to know of.
  ///
  /// - Parameters:
  ///   - numbers: with nil where one is missing.
  ///   - partStarts: where the parts begin that follow the first one.
  /// - Returns: the numbers; or the position of a missing number for which there is nothing to make
  ///   one from: the first one under ``refuse``, one without a number before it, or, under
  ///   ``interpolate``, after it in its part. Under ``mask``, those before the first number are that
  ///   number.
  func filling(
    _ numbers: [Double?], partStarts: [Int] = []
  ) -> Result<[Double], UnfilledPosition> {
    guard let firstMissing = numbers.firstIndex(of: nil) else {
      return .success(numbers.compactMap(\.self))
    }
    guard self != .refuse, let first = numbers.firstIndex(where: { $0 != nil }),
      let last = numbers.lastIndex(where: { $0 != nil }), let start = numbers[first]
    else { return .failure(UnfilledPosition(index: firstMissing)) }
    if first > 0, self != .mask { return .failure(UnfilledPosition(index: 0)) }
    var (filled, known) = ([Double](), (index: first, value: start))
    filled.reserveCapacity(numbers.count)
    for (index, number) in numbers.enumerated() {
      if let number {
        if self == .interpolate, index > known.index + 1 {
          let gap = known.index + 1...index
          if partStarts.contains(where: { gap.dropFirst().contains($0) }) {
            return .failure(UnfilledPosition(index: gap.lowerBound, isBeforeLaterPart: true))
          }
          // From both ends, so that no difference overflows.
          let steps = Double(index - known.index)
          for place in gap.dropLast() {
            let share = Double(place - known.index) / steps
            filled[place] = known.value * (1 - share) + number * share
          }
        }
        known = (index, number)
      }
      filled.append(known.value)
    }
    if last + 1 < numbers.count, self == .interpolate {
      return .failure(UnfilledPosition(index: last + 1))
    }
    return .success(filled)
  }

  /// A missing number that nothing can stand in for.
  struct UnfilledPosition: Error {
    let index: Int
    /// Whether the number after it belongs to a later part.
    var isBeforeLaterPart = false
  }
}
