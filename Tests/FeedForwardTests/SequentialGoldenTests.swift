import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

@testable import UnrollFeedForward

/// Models and batches as PyTorch's users save them, against its autograd (Float64,
/// tools/reference/sequential.py). Tolerance: relative to a tensor's largest element, a few units in
/// 1e-16 for each of some 10 sums through three layers.
struct SequentialGoldenTests {
  @Test(arguments: [
    "widths", "normalized", "normalized-running", "normalized-after", "slopes", "features",
  ])
  func matchesAutograd(_ name: String) throws {
    func path(_ name: String) throws -> String {
      try #require(
        Bundle.module.url(
          forResource: "Goldens/Sequential/\(name)", withExtension: "safetensors")
      ).path
    }
    let file = try FeedForwardFile(path: path("\(name)-model"), hasReadout: name != "features")
    let batch = try FeedForwardBatch(path: path("\(name)-batch"), for: file)
    let golden = try SafetensorsFile(path: path(name))
    #expect(file.notices.isEmpty && batch.notices.isEmpty)

    func expect(_ got: Matrix<Double>, _ wanted: [Double], _ what: String) throws {
      try #require(got.count == wanted.count, "\(what)")
      let size = wanted.map(abs).max() ?? 0
      for (x, y) in zip(got.values, wanted) { #expect(abs(x - y) <= 1e-12 * size, "\(what)") }
    }
    let pass = FeedForwardPass<Double>(file.network, rows: batch.data.rows)
    let normalization: FeedForwardPass<Double>.Normalization =
      name.hasSuffix("running") ? .running(file.statistics) : .batch()
    pass.forward(file.parameters, batch.data.inputs, normalizingBy: normalization)
    try expect(
      pass.outputs, SafetensorsFile(path: path("\(name)-batch")).doubles("outputs"), "outputs")
    let loss = pass.loss(batch.data.targets)
    let wantedLoss = try golden.doubles("loss")
    if case .gradient = batch.data.targets {
      #expect(loss.isNaN)
    } else {
      try expect(Matrix(rows: 1, columns: 1, [loss]), wantedLoss, "loss")
    }
    let gradient = Parameters<Double>(file.network.layout)
    pass.backward(file.parameters, into: gradient)
    let records = pass.records(file.parameters, gradient: gradient)
    for layer in 0..<file.network.depth {
      try expect(pass.hidden(layer + 1), golden.doubles("hidden.\(layer)"), "hidden \(layer)")
      let wanted = try golden.doubles("grad.hidden.\(layer)")
      try expect(pass.hiddenGradient(layer + 1), wanted, "∂hidden \(layer)")
      let entries = file.network.entries[layer]
      let weight = try golden.doubles("grad.weight.\(layer)")
      try expect(gradient[entries.weight], weight, "∂weight \(layer)")
      let shift = try #require(entries.shift)
      try expect(gradient[shift], golden.doubles("grad.shift.\(layer)"), "∂shift \(layer)")

      // What depth.csv holds.
      let (rows, record) = (batch.data.rows, records[layer])
      let factor = if case .gradient = batch.data.targets { 1.0 } else { Double(rows) }
      let width = wanted.count / rows
      let norms = (0..<rows).map { row in
        let part = wanted[row * width..<(row + 1) * width]
        return factor * part.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      try expect(Matrix(rows: 1, columns: rows, record.hiddenNorms), norms, "norms \(layer)")
      let size = weight.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(record.weightNorm - size) <= 1e-12 * size)
    }
  }
}
