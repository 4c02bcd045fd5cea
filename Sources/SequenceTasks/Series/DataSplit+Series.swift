extension DataSplit {
  /// The fewest values that AR(2) can be fitted to: three equations for its three coefficients.
  static let leastTrainingCount = 5
  /// One value for the test, and one for validation.
  private static let leastCount = leastTrainingCount + 2

  /// The fewest values of a test: as many as AR(2) takes where it is fitted to them.
  static func leastTestCount(_ extent: TestExtent?) -> Int { extent == .whole ? 3 : 1 }

  /// How a series of `count` values is divided.
  ///
  /// - Parameter holdout: how many values are for the test, and as many for validation; nil is a fifth,
  ///   at least 1.
  /// - Throws: ``TaskError/tooShort(path:count:needed:)``,
  ///   ``TaskError/holdoutOutOfRange(path:holdout:accepted:)``.
  static func series(path: String, count: Int, holdout: Int?) throws(TaskError) -> DataSplit {
    guard count >= leastCount else {
      throw .tooShort(path: path, count: count, needed: leastCount)
    }
    let accepted = 1...(count - leastTrainingCount) / 2
    let holdout = holdout ?? max(count / 5, 1)
    guard accepted.contains(holdout) else {
      throw .holdoutOutOfRange(path: path, holdout: holdout, accepted: accepted)
    }
    return DataSplit(count: count, training: count - 2 * holdout, validation: holdout)
  }
}
