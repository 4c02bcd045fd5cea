import UnrollDenseMath
import UnrollRecurrentCells

/// Records the sizes of the gradients' elements during the backward pass.
final class RangeRecorder: BackwardObserver {
  private struct Sizes {
    var largest = 0.0
    var subnormal = 0
    var count = 0
  }

  private let rows: MeasuredRows
  /// For each layer and lag.
  private var hidden: [[Sizes]]
  private var cell: [[Sizes]]
  private let hasCellState: Bool

  init(_ model: RecurrentModel, _ rows: MeasuredRows) {
    self.rows = rows
    hasCellState = model.cell.hasCellState
    hidden = Array(
      repeating: Array(repeating: Sizes(), count: rows.lags), count: model.configuration.layers)
    cell = hidden
  }

  func observe(_ step: BackwardStep<Double>) {
    for (row, lag) in rows.reaching(step.step) {
      Self.add(step.hiddenGradient.rows(row..<row + 1), to: &hidden[step.layer][lag])
      if let gradient = step.cellGradient {
        Self.add(gradient.rows(row..<row + 1), to: &cell[step.layer][lag])
      }
    }
  }

  private static func add(_ elements: Matrix<Double>, to sizes: inout Sizes) {
    for value in elements.values {
      sizes.largest = max(sizes.largest, abs(value))
      sizes.count += 1
      if abs(value) < 0x1p-125, NumberFormat.float32.isSubnormal(value) { sizes.subnormal += 1 }
    }
  }

  var curves: [RangeCurve] {
    hidden.indices.flatMap { layer in
      [curve(layer, .hidden, hidden[layer])]
        + (hasCellState ? [curve(layer, .cell, cell[layer])] : [])
    }
  }

  private func curve(_ layer: Int, _ path: DecayPath, _ sizes: [Sizes]) -> RangeCurve {
    RangeCurve(
      layer: layer, path: path, largest: sizes.map(\.largest),
      subnormalShares: sizes.map { Double($0.subnormal) / Double(max($0.count, 1)) })
  }
}
