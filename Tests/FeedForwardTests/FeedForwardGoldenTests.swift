import Foundation
import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollOptimization

/// A pass against PyTorch's autograd (Float64, tools/reference/stacks.py). Tolerance: relative to a
/// tensor's largest element, a few units in 1e-16 for each of some 10 sums through four layers.
struct FeedForwardGoldenTests {
  @Test(arguments: [
    ("sigmoid", "sigmoid"), ("relu-residual", "relu/residual"),
    ("tanh-batch-norm", "tanh/batch-norm"),
  ])
  func matchesPyTorch(_ name: String, _ text: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "safetensors"))
    let file = try SafetensorsFile(path: url.path)
    let stack = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: text), inputs: 5, width: 5, depth: 4, outputs: 2)
    let parameters = Parameters<Double>(stack.layout)
    for entry in stack.layout.entries {
      parameters[entry].assign(try file.doubles(entry.name))
    }
    let statistics: Parameters<Double> = stack.initialStatistics()
    let pass = FeedForwardPass<Double>(stack, rows: 6)
    pass.forward(
      parameters, Matrix(rows: 6, columns: 5, try file.doubles("x")),
      normalizingBy: .batch(following: statistics))
    let loss = pass.loss(.values(Matrix(rows: 6, columns: 2, try file.doubles("y"))))
    let gradient = Parameters<Double>(stack.layout)
    pass.backward(parameters, into: gradient)

    func expect(_ got: Matrix<Double>, _ wanted: String) throws {
      let wantedValues = try file.doubles(wanted)
      try #require(got.count == wantedValues.count)
      let size = wantedValues.map(abs).max() ?? 0
      for (x, y) in zip(got.values, wantedValues) {
        #expect(abs(x - y) <= 1e-12 * size, "\(name): \(wanted)")
      }
    }
    try expect(Matrix(rows: 1, columns: 1, [loss]), "loss")
    try expect(pass.outputs, "output")
    try expect(pass.inputGradient, "grad.x")
    for layer in 0..<4 {
      try expect(pass.hidden(layer + 1), "hidden.\(layer)")
      try expect(pass.hiddenGradient(layer + 1), "grad.hidden.\(layer)")
    }
    for entry in stack.layout.entries { try expect(gradient[entry], "grad.\(entry.name)") }
    for entry in stack.statisticsLayout.entries { try expect(statistics[entry], entry.name) }
  }
}
