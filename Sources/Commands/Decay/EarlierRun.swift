import Foundation
import UnrollCommandLine

/// A folder of `--runs`: of `unroll decay`, or of `unroll train`.
struct EarlierRun {
  let folder: String
  /// The curves that `unroll decay` measured.
  let measured: DecayRun?
  /// The model that `unroll train` left, whose curves are still to be measured.
  let trained: SavedModel?

  /// nil for a folder that holds neither.
  ///
  /// - Throws: `FileError`, `ModelFileError`, `SavedModelError` for a file that cannot be read.
  init?(folder: String) throws {
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
