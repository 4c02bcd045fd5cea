import Foundation
import UnrollFileFormats
import UnrollSequenceTasks

/// What a model file's metadata says about the run that trained the model.
public struct ModelOrigin: Sendable {
  /// The task; nil where the file does not say.
  public private(set) var taskName: String?
  /// The options of the run; empty where the file does not say.
  public private(set) var options: JSONObject = [:]
  /// What turns text into classes; nil for other models.
  public private(set) var vocabulary: TextVocabulary?
  /// What brings the columns of a series to the model's inputs; nil for other models.
  public private(set) var scalings: SeriesScalings?

  /// How the run divided its data; nil where the file does not say.
  public private(set) var split: DataSplit?
  /// The hash of the sequences that the run read, of which ``split`` says how many there are; nil for other
  /// tasks, and where the file does not say.
  package private(set) var sequences: String?
  /// The files that the run read, as they were then.
  public private(set) var data: [InputFile] = []
  /// The run that trained the model; nil where the file does not say.
  public private(set) var run: RunIdentity?

  /// Reads a model file's metadata. Keys that are absent leave their property empty.
  ///
  /// - Throws: ``FileProblem/invalidMetadata(key:value:accepted:)`` for an unknown task and for
  ///   options, a vocabulary or a scaling that cannot be read.
  public init(_ metadata: [String: String]) throws(FileProblem) {
    if let name = metadata["task"] {
      let accepted = TaskTable.all.map(\.name)
      guard accepted.contains(name) else {
        throw .invalidMetadata(key: "task", value: name, accepted: accepted)
      }
      taskName = name
    }
    if let config = metadata["config"] {
      let json = try? JSONValue(parsing: Data(config.utf8))
      guard let json, let options = json["options"]?.object else {
        throw .invalidMetadata(
          key: "config", value: config, accepted: ["JSON with an object 'options'"])
      }
      self.options = options
      data = InputFile.list(in: json)
      run = RunIdentity(json[RunIdentity.key]?.string)
    }
    if let text = metadata[DataSplit.metadataKey] { split = try DataSplit(decoding: text) }
    sequences = metadata[ArraysTask.digestKey]
    if let text = metadata[TextVocabulary.metadataKey] {
      vocabulary = try TextVocabulary(decoding: text)
    }
    if let text = metadata[SeriesScalings.metadataKey] {
      // A number may be a column's place rather than its name.
      let column = options["column"]?.string.flatMap { Int($0) == nil ? $0 : nil }
      scalings = try SeriesScalings(decoding: text, column: column ?? "")
    }
  }
}
