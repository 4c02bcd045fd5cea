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
  ///   - lastSteps: of each sequence.
  ///   - batch: makes the batch of all of the file's sequences.
  /// - Throws: `OutputMismatch`, `FileError`.
  func requireOutputs(
    at path: String, lastSteps: [Int], _ batch: () -> Batch<Double>
  ) throws {
    guard let expected = try ExpectedOutputs(path: path) else { return }
    let batch = batch()
    var configuration = file.configuration
    // Classes enter as numbers here.
    configuration.input = batch.shape.input
    _ = try OutputComparison(
      of: RecurrentModel(cell: file.model.cell, configuration), file.parameters, on: batch,
      lastSteps: lastSteps, expected: expected)
  }
}
