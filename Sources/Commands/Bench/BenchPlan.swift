import UnrollCommandLine
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollText
import UnrollTraining

/// What is measured, as the command line describes it.
struct BenchPlan: Sendable {
  /// A point and its cell as it was written.
  struct Entry: Sendable, Equatable {
    let label: String
    let point: BenchmarkPoint
  }

  /// T, B, I, H of the shapes that stand for small, usual and large models.
  static let grid = [
    (100, 32, 2, 32), (200, 20, 2, 128), (100, 32, 64, 128), (64, 64, 128, 256),
    (64, 64, 256, 512), (64, 64, 512, 1_024),
  ]

  /// Cell by cell.
  let entries: [Entry]
  let threads: Int
  /// Whether Float64 is measured.
  let isDouble: Bool
  /// Seconds a point.
  let budget: Double

  /// - Throws: `UsageError`; `TrainingError` for sizes that the machine cannot hold.
  init(_ arguments: Arguments) throws {
    let isOneShape =
      arguments.isSet(.subnormals) || arguments.isSet(.observer)
      || ["cell", "length", "batch", "input", "hidden"].contains(where: arguments.wasGiven)
    let shapes = isOneShape ? [arguments.shape] : Self.grid
    entries = try arguments.benchmarkCells().flatMap { label, cell in
      shapes.map { length, batch, input, hidden in
        Entry(
          label: label,
          point: BenchmarkPoint(
            cell: cell, length: length, batch: batch, input: input, hidden: hidden))
      }
    }
    threads = arguments[.threads]
    isDouble = arguments[.precision] == "double"
    budget = arguments[.budget]
    for entry in entries {
      isDouble
        ? try StepBenchmark<Double>.validate(entry.point, threads: threads)
        : try StepBenchmark<Float>.validate(entry.point, threads: threads)
    }
  }

  /// What else decides on the speed: `float, 2 threads`.
  var setting: String {
    "\(isDouble ? "double" : "float"), \(threads) thread\(threads == 1 ? "" : "s")"
  }
}

extension BenchmarkPoint {
  /// T, B, I, H as the tables show them: `200,20,2,128`.
  var shape: String { "\(length),\(batch),\(input),\(hidden)" }
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
