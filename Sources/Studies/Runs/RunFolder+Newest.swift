import Foundation
import UnrollFileFormats

extension RunFolder {
  /// The `model.safetensors` written last in a folder under `runs/`, of those that `isFit`; nil when
  /// there is none.
  ///
  /// - Parameter isFit: told the name of the task that the model was trained on.
  package static func newestModel(where isFit: (_ task: String?) -> Bool) -> String? {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "runs")) ?? []
    let models = folders.map { "runs/\($0)/model.safetensors" }.compactMap { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return (attributes?[.modificationDate] as? Date).map { (path: path, date: $0) }
    }
    return models.sorted { ($1.date, $1.path) < ($0.date, $0.path) }.first { model in
      guard let file = try? SafetensorsFile(path: model.path) else { return false }
      return isFit(file.metadata["task"])
    }?.path
  }
}
