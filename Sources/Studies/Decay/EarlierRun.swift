import Foundation

/// A folder of `--runs`: of `unroll decay`, or of `unroll train`.
package struct EarlierRun {
  package let folder: String
  /// The curves that `unroll decay` measured.
  package let measured: DecayRun?
  /// The model that `unroll train` left, whose curves are still to be measured.
  package let trained: SavedModel?

  /// nil for a folder that holds neither.
  ///
  /// - Throws: `FileError`, `ModelFileError`, `SavedModelError` for a file that cannot be read.
  package init?(folder: String) throws {
    self.folder = folder
    let (curves, model) = ("\(folder)/decay.csv", "\(folder)/model.safetensors")
    if FileManager.default.fileExists(atPath: curves) {
      measured = try DecayRun(folder: folder)
      trained = nil
    } else if FileManager.default.fileExists(atPath: model) {
      measured = nil
      let saved = try SavedModel(path: model)
      try saved.file.requireFinite()
      trained = saved
    } else {
      return nil
    }
  }
}
