import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies

extension SavedModel {
  /// Refuses to use a model whose outputs are not those that the file at `path` has under `outputs`, as
  /// `decay` does.
  ///
  /// - Parameters:
  ///   - path: of the file of sequences.
  ///   - sequences: gives all of the file's sequences, and the last step of each; called only where the
  ///     file has outputs.
  /// - Throws: `OutputMismatch`, `FileError`.
  func requireOutputs(
    at path: String, of sequences: () -> (lastSteps: [Int], batch: Batch<Double>)
  ) throws {
    guard let expected = try ExpectedOutputs(path: path) else { return }
    let (lastSteps, batch) = sequences()
    var configuration = file.configuration
    // Classes enter as numbers here.
    configuration.input = batch.shape.input
    _ = try OutputComparison(
      of: RecurrentModel(cell: file.model.cell, configuration), file.parameters, on: batch,
      lastSteps: lastSteps, expected: expected)
  }
}
