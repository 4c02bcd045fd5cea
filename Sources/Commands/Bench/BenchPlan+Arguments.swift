import UnrollCommandLine
import UnrollRecurrentCells
import UnrollStudies
import UnrollTraining

extension BenchPlan {
  /// - Throws: `UsageError`; `TrainingError` for sizes that the machine cannot hold.
  init(_ arguments: Arguments, ranks: Int = 1) throws {
    let isOneShape =
      arguments.isSet(.subnormals) || arguments.isSet(.observer) || arguments.wasGiven(.recompute)
      || ["cell", "length", "batch", "input", "hidden"].contains(where: arguments.wasGiven)
    let shapes = isOneShape ? [arguments.shape] : Self.grid
    let entries = try arguments.benchmarkCells().flatMap { label, cell in
      shapes.map { length, batch, input, hidden in
        Entry(
          label: label,
          point: BenchmarkPoint(
            cell: cell, length: length, batch: batch, input: input, hidden: hidden))
      }
    }
    self.init(
      entries: entries, threads: arguments[.threads], ranks: ranks,
      isDouble: arguments[.precision] == "double", budget: arguments[.budget],
      recompute: arguments.wasGiven(.recompute) ? arguments[optional: .recompute] : nil)
    try validate()
  }
}

extension Arguments {
  fileprivate var shape: (Int, Int, Int, Int) {
    (self[.length], self[.batch], self[.input], self[.hidden])
  }

  /// The cell of `--cell`, or those of `--cells`.
  fileprivate func benchmarkCells() throws -> [(label: String, specification: CellSpecification)] {
    if wasGiven(.cell) {
      if wasGiven(.cells) { throw UsageError.conflict("cell", "cells") }
      return [(text(of: .cell), try cellSpecification())]
    }
    return try wasGiven(.cells) || !isSet(.subnormals)
      ? cellSpecifications() : Self.cellsWithSubnormals
  }

  /// Cells whose gradients are subnormal numbers before they have gone back 200 steps: as PyTorch
  /// starts them. An LSTM's with a forget bias of 1 fade too slowly.
  private static let cellsWithSubnormals = {
    var lstm = CellSpecification(.lstm)
    lstm.forgetBias = nil
    return [CellSpecification(.rnn), lstm].map { (label: $0.description, specification: $0) }
  }()
}
