import UnrollRecurrentCells

/// The sizes of a training step to be measured.
public struct BenchmarkPoint: Sendable, Equatable {
  /// The cell, and how its weights are initialized.
  public var cell: CellSpecification
  /// T, B, I, H.
  public var length, batch, input, hidden: Int

  /// A step of T = `length`, B = `batch`, I = `input` and H = `hidden`.
  public init(cell: CellSpecification, length: Int, batch: Int, input: Int, hidden: Int) {
    self.cell = cell
    self.length = length
    self.batch = batch
    self.input = input
    self.hidden = hidden
  }

  /// Floating-point operations of the matrix products of a step, 2·T·B·G·H·(2I + 3H): input and
  /// recurrent product forward, recurrent product backward, both weight gradients.
  public var operations: Double {
    let units = Double(cell.makeCell().gates) * Double(hidden)
    return 2 * Double(length) * Double(batch) * units * (2 * Double(input) + 3 * Double(hidden))
  }
}
