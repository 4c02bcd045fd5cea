/// Which elements of a file a model is tested on that was trained before, where that is not the part
/// that its training left for the test.
public enum TestExtent: Equatable, Sendable {
  /// All of them, from a fresh state: none was trained on.
  case whole
  /// The test part that a run recorded, and what has been added to the file since.
  case grown(DataSplit, Growth)

  /// Where elements were added to a file.
  public enum Growth: Equatable, Sendable {
    /// Behind the last one, as to a log.
    case atEnd
    /// Before the first one, as to a table with its newest row first.
    case atTop
  }

  /// Whether a file that was divided into `parts` has elements behind those that a run recorded.
  func adds(behind parts: DataSplit) -> Bool {
    if case .grown(let recorded, _) = self { parts.training == recorded.training } else { false }
  }

  /// How a file of `count` elements is divided.
  ///
  /// - Parameters:
  ///   - least: the fewest elements of a test.
  ///   - noun: what an element is called: `value`.
  ///   - isReversed: whether the elements are read from the file's end.
  /// - Throws: ``TaskError/tooFewToMeasure(path:count:needed:noun:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``.
  func split(
    count: Int, path: String, least: Int, noun: String, isReversed: Bool = false
  ) throws(TaskError) -> DataSplit {
    let split: DataSplit
    switch self {
    case .whole: split = DataSplit(count: count, training: 0, validation: 0)
    case .grown(let recorded, let growth):
      guard recorded.count <= count else {
        throw .shorterThanRecorded(path: path, count: count, recorded: recorded.count)
      }
      // What comes before the values trained on in time moves them all.
      let isBefore = (growth == .atTop) != isReversed
      split = DataSplit(
        count: count, training: recorded.training + (isBefore ? count - recorded.count : 0),
        validation: recorded.validation)
    }
    let size = split.range(of: .test).count
    guard size >= least else {
      throw .tooFewToMeasure(path: path, count: size, needed: least, noun: noun)
    }
    return split
  }
}
