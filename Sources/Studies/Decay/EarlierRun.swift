import Foundation
import UnrollRecurrentCells

/// The folder of an earlier run, of `unroll decay` or of `unroll train`.
public struct EarlierRun: Sendable {
  /// The folder as it was given.
  public let folder: String
  /// The curves that `unroll decay` measured; nil for a folder of `unroll train`.
  public let measured: DecayRun?
  /// The model that `unroll train` left; nil for a folder of `unroll decay`. Its curves are not
  /// measured yet.
  package let trained: SavedModel?

  /// Reads the folder's `decay.csv`, or else its `model.safetensors`; nil for a folder that holds
  /// neither.
  ///
  /// - Parameter cells: cells of your own that the model may have, besides the built-in ones.
  /// - Throws: `FileError`, `ModelFileError`, `SavedModelError` for a file that cannot be read.
  public init?(folder: String, cells: [any Cell] = []) throws {
    self.folder = folder
    let (curves, model) = ("\(folder)/decay.csv", "\(folder)/model.safetensors")
    if FileManager.default.fileExists(atPath: curves) {
      measured = try DecayRun(folder: folder)
      trained = nil
    } else if FileManager.default.fileExists(atPath: model) {
      measured = nil
      trained = try SavedModel(path: model, cells: cells)
    } else {
      return nil
    }
  }

  /// The model that `unroll train` left, to be measured on `data`; nil for a folder of `unroll decay`.
  ///
  /// - Throws: ``ModelFitError`` when its sizes are not those of the data.
  public func subject(on data: DecayData) throws -> DecaySubject? {
    try trained.map { try DecaySubject($0, of: folder, on: data) }
  }
}
