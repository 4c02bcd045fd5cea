import Foundation
import UnrollFileFormats
import UnrollText

/// How many elements (characters, values or sequences) a task took from its file, and how it divided
/// them: the first are trained on, those that follow are for validation, and the rest is for the test.
/// A run records it, and goes on with it when the file has grown.
public struct DataSplit: Equatable, Sendable {
  /// The key of ``encoded`` in the metadata of models and checkpoints.
  public static let metadataKey = "split"

  /// All elements that were used.
  public let count: Int
  /// Those of the training part.
  public let training: Int
  /// Those of the validation part.
  public let validation: Int

  /// A split of `count` elements, the first `training` of which are trained on.
  public init(count: Int, training: Int, validation: Int) {
    self.count = count
    self.training = training
    self.validation = validation
  }

  /// Which elements are in a part.
  public func range(of part: Split) -> Range<Int> {
    switch part {
    case .train: 0..<training
    case .validation: training..<training + validation
    case .test: training + validation..<count
    }
  }

  /// Where the parts begin that follow the first one.
  var starts: [Int] { [training, training + validation] }

  /// `{"count": n, "training": m, "validation": v}`.
  public var encoded: String {
    JSONValue.object([
      "count": .integer(count), "training": .integer(training), "validation": .integer(validation),
    ]).encoded()
  }

  /// The split that ``encoded`` was written from.
  ///
  /// - Throws: `FileProblem.invalidMetadata` unless it is an object with these numbers, of which the
  ///   parts are together at most `count`.
  public init(decoding text: String) throws(FileProblem) {
    guard let object = (try? JSONValue(parsing: Data(text.utf8)))?.object,
      let count = object["count"]?.int, let training = object["training"]?.int,
      let validation = object["validation"]?.int, count >= 0, (0...count).contains(training),
      (0...count - training).contains(validation)
    else {
      throw .invalidMetadata(
        key: Self.metadataKey, value: text,
        accepted: [#"{"count": n, "training": m, "validation": v} with m, v ≥ 0 and m + v ≤ n"#])
    }
    self.count = count
    self.training = training
    self.validation = validation
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
      throw .otherSplit(path: path, recorded: recorded, found: self)
    }
  }

  /// `80 to train on, 10 for validation and 10 for the test`
  var words: String {
    "\(NumberText.count(training)) to train on, \(NumberText.count(validation)) for validation and "
      + "\(NumberText.count(range(of: .test).count)) for the test"
  }
}
