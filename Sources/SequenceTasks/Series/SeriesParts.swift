/// Where a series is cut: training, then validation, then test.
struct SeriesParts: Sendable {
  let firstValidation: Int
  let firstTest: Int
  let count: Int

  /// The fewest values that AR(2) can be fitted to: three equations for its three coefficients.
  static let leastTrainingCount = 5
  /// One value for the test, and one for validation.
  static let leastCount = leastTrainingCount + 2

  /// - Parameter holdout: how many values are for the test, and as many for validation; nil is a fifth,
  ///   at least 1.
  /// - Throws: ``TaskError/tooShort(path:count:needed:)``,
  ///   ``TaskError/holdoutOutOfRange(path:holdout:accepted:)``.
  init(path: String, count: Int, holdout: Int?) throws(TaskError) {
    guard count >= Self.leastCount else {
      throw .tooShort(path: path, count: count, needed: Self.leastCount)
    }
    let accepted = 1...(count - Self.leastTrainingCount) / 2
    let holdout = holdout ?? max(count / 5, 1)
    guard accepted.contains(holdout) else {
      throw .holdoutOutOfRange(path: path, holdout: holdout, accepted: accepted)
    }
    self.count = count
    firstTest = count - holdout
    firstValidation = firstTest - holdout
  }

  var split: DataSplit {
    DataSplit(count: count, training: firstValidation, validation: firstTest - firstValidation)
  }

  func range(of split: Split) -> Range<Int> {
    switch split {
    case .train: 0..<firstValidation
    case .validation: firstValidation..<firstTest
    case .test: firstTest..<count
    }
  }
}
