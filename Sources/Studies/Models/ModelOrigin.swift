import Foundation
import UnrollFileFormats
import UnrollSequenceTasks

/// What a model file's metadata says about the run that trained the model.
package struct ModelOrigin: Sendable {
  /// The task; nil where the file does not say.
  package private(set) var taskName: String?
  /// The options of the run; empty where the file does not say.
  package private(set) var options: JSONObject = [:]
  /// What turns text into classes; nil for other models.
  package private(set) var vocabulary: TextVocabulary?
  /// What brings a series to the model's inputs; nil for other models.
  package private(set) var scaling: SeriesScaling?

  /// - Throws: `FileProblem.invalidMetadata`.
  package init(_ metadata: [String: String]) throws(FileProblem) {
    if let name = metadata["task"] {
      let accepted = TaskTable.all.map(\.name)
      guard accepted.contains(name) else {
        throw .invalidMetadata(key: "task", value: name, accepted: accepted)
      }
      taskName = name
    }
    if let config = metadata["config"] {
      guard let options = (try? JSONValue(parsing: Data(config.utf8)))?["options"]?.object else {
        throw .invalidMetadata(
          key: "config", value: config, accepted: ["JSON with an object 'options'"])
      }
      self.options = options
    }
    if let text = metadata[TextVocabulary.metadataKey] {
      vocabulary = try TextVocabulary(decoding: text)
    }
    if let text = metadata[SeriesScaling.metadataKey] {
      scaling = try SeriesScaling(decoding: text)
    }
  }
}
