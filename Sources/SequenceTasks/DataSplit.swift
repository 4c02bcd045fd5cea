import Foundation
import UnrollFileFormats

/// How many elements (characters, values or sequences) a task took from its file, and how many of them,
/// from the first on, it trains on. A run records it, and goes on with it when the file has grown.
public struct DataSplit: Equatable, Sendable {
  /// The key of ``encoded`` in the metadata of models and checkpoints.
  public static let metadataKey = "split"

  /// All elements that were used.
  public let count: Int
  /// Those of the training part.
  public let training: Int

  /// A split of `count` elements, the first `training` of which are trained on.
  public init(count: Int, training: Int) {
    self.count = count
    self.training = training
  }

  /// `{"count": n, "training": m}`.
  public var encoded: String {
    JSONValue.object(["count": .integer(count), "training": .integer(training)]).encoded()
  }

  /// The split that ``encoded`` was written from.
  ///
  /// - Throws: `FileProblem.invalidMetadata` unless it is an object with these two numbers, of which
  ///   `training` is at most `count`.
  public init(decoding text: String) throws(FileProblem) {
    guard let object = (try? JSONValue(parsing: Data(text.utf8)))?.object,
      let count = object["count"]?.int, let training = object["training"]?.int,
      count >= 0, (0...count).contains(training)
    else {
      throw .invalidMetadata(
        key: Self.metadataKey, value: text,
        accepted: [#"{"count": n, "training": m} with 0 ≤ m ≤ n"#])
    }
    self.count = count
    self.training = training
  }

  /// The recorded number of elements, or all that there are where none was recorded.
  ///
  /// - Throws: ``TaskError/shorterThanRecorded(path:count:recorded:)``.
  static func count(
    _ recorded: DataSplit?, of available: Int, path: String
  ) throws(TaskError) -> Int {
    guard let recorded else { return available }
    guard recorded.count <= available else {
      throw .shorterThanRecorded(path: path, count: available, recorded: recorded.count)
    }
    return recorded.count
  }

  /// Refuses a split that comes out other than the recorded one.
  ///
  /// - Throws: ``TaskError/otherSplit(path:recorded:found:)``.
  func requireSame(as recorded: DataSplit?, path: String) throws(TaskError) {
    if let recorded, recorded != self {
      throw .otherSplit(path: path, recorded: recorded.training, found: training)
    }
  }
}
