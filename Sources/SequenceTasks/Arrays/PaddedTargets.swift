/// Brings the targets of sequences of different lengths onto one range of supervised steps, and
/// notes where there is one.
struct PaddedTargets {
  /// S, supervised steps.
  let steps: Int
  /// N, sequences.
  let count: Int
  /// O for numbers, nil for classes.
  let width: Int?
  let lengths: [Int]
  /// For one target a sequence, the supervised step at which it stands; nil for one at each step.
  let places: [Int]?
  /// [S·N]: 1 where there is a target, otherwise 0; complete once the targets have been read.
  private(set) var weights: [Double] = []

  init(steps: Int, count: Int, width: Int?, lengths: [Int], at places: [Int]?) {
    self.steps = steps
    self.count = count
    self.width = width
    self.lengths = lengths
    self.places = places
  }

  /// S·N·O, nil when that overflows.
  var elementCount: Int? {
    let (rows, overflowed) = steps.multipliedReportingOverflow(by: count)
    let (elements, tooMany) = rows.multipliedReportingOverflow(by: width ?? 1)
    return overflowed || tooMany ? nil : elements
  }

  /// [S·N·O], 0 where there is no target.
  ///
  /// - Parameters:
  ///   - source: the targets as given, padding included.
  ///   - masksMissing: whether a target with NaN among its outputs is left out.
  /// - Throws: `.nonFinite` for another target that is not finite.
  mutating func values(
    of source: [Double], masksMissing: Bool
  ) throws(TaskError.ArraysProblem) -> [Double] {
    let width = width ?? 1
    var result = [Double](repeating: 0, count: steps * count * width)
    weights = [Double](repeating: 0, count: steps * count)
    for (location, index) in sources() {
      let target = source[index * width..<(index + 1) * width]
      if masksMissing, target.contains(where: \.isNaN) { continue }
      weights[location] = 1
      for column in 0..<width {
        let value = source[index * width + column]
        guard value.isFinite else {
          throw .nonFinite(tensor: "y", index: index * width + column)
        }
        result[location * width + column] = value
      }
    }
    return result
  }

  /// [S·N], 0 where there is no target.
  ///
  /// - Parameter source: the classes as given, padding included.
  /// - Throws: `.classOutOfRange` for a class outside `accepted` that is not
  ///   `SequenceArrays.noTarget`.
  mutating func classes(
    of source: [Int], accepted: ClosedRange<Int>
  ) throws(TaskError.ArraysProblem) -> [Int32] {
    var result = [Int32](repeating: 0, count: steps * count)
    weights = [Double](repeating: 0, count: steps * count)
    for (location, index) in sources() where source[index] != SequenceArrays.noTarget {
      guard accepted.contains(source[index]) else {
        throw .classOutOfRange(tensor: "y", value: source[index], accepted: accepted)
      }
      weights[location] = 1
      result[location] = Int32(source[index])
    }
    return result
  }

  /// Each target's location among [S·N] and its index as given, in units of O elements.
  private func sources() -> [(location: Int, index: Int)] {
    if let places { return places.enumerated().map { ($1 * count + $0, $0) } }
    return (0..<steps).flatMap { step in
      lengths.indices.filter { step < lengths[$0] }.map { index in
        (step * count + index, step * count + index)
      }
    }
  }
}
