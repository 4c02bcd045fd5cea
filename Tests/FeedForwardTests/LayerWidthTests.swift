import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

/// Layers of different widths.
struct LayerWidthTests {
  @Test func shapesFollowEachOther() {
    let network = FeedForwardNetwork(.init(.tanh), inputs: 2, widths: [5, 3, 4], outputs: 1)
    let shapes = network.layout.entries.map { $0.shape }
    #expect(shapes == [[5, 2], [5], [3, 5], [3], [4, 3], [4], [1, 4], [1]])
    #expect(network.widths == [5, 3, 4] && network.depth == 3)
  }

  /// One width is the same network, to the number.
  @Test func oneWidthIsAStack() {
    let alike = FeedForwardNetwork(.init(.relu), inputs: 2, widths: [4, 4, 4], outputs: 2)
    let stack = FeedForwardNetwork(.init(.relu), inputs: 2, width: 4, depth: 3, outputs: 2)
    #expect(
      alike.initialParameters(seed: 5).values.values
        == stack.initialParameters(seed: 5).values.values)
  }

  /// Xavier's bound √(6/(n_in + n_out)) and PyTorch's 1/√n_in are those of each layer. Of some 1,000
  /// numbers the largest is within 2% of the bound.
  @Test(arguments: [
    (Initializer.xavier, [(6.0 / 60).squareRoot(), (6.0 / 100).squareRoot()]),
    (.pytorch, [1 / 20.0.squareRoot(), 1 / 40.0.squareRoot()]),
  ])
  func initializersTakeTheLayersOwnSizes(_ initializer: Initializer, bounds: [Double]) {
    var specification = FeedForwardSpecification(.tanh)
    specification.initializer = initializer
    let network = FeedForwardNetwork(specification, inputs: 20, widths: [40, 60])
    let start = network.initialParameters(seed: 3)
    for (layer, bound) in bounds.enumerated() {
      let largest = start["layers.\(layer).weight"].values.map(abs).max() ?? 0
      #expect(largest <= bound && largest > 0.98 * bound)
    }
  }

  /// Layers 2 and 4 add their inputs, the others have other widths.
  @Test func residualConnectionsJoinEqualWidths() throws {
    let network = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: "relu/residual"), inputs: 2, widths: [3, 3, 1, 1])
    let parameters = Parameters<Double>(network.layout)
    parameters["layers.0.weight"].fill(1)
    parameters["layers.2.weight"].fill(1)
    let pass = FeedForwardPass<Double>(network, rows: 1)
    pass.forward(parameters, Matrix(rows: 1, columns: 2, [1, 2]))
    #expect((1...4).map { pass.hidden($0).values } == [[3, 3, 3], [3, 3, 3], [9], [9]])
  }

  @Test(arguments: [
    "tanh", "relu/residual", "elu/batch-norm", "maxout:3", "maxout/batch-norm/residual",
  ])
  func gradientsMatchCentralDifferences(_ text: String) throws {
    var random = RandomNumbers(seed: 11)
    let network = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: text), inputs: 3, widths: [4, 4, 2, 5, 5], outputs: 2)
    let parameters = network.initialParameters(seed: 2)
    for index in 0..<parameters.values.count {
      parameters.values[0, index] += random.uniform(-0.2, 0.2)
    }
    let inputs = Matrix<Double>(rows: 6, columns: 3, (0..<18).map { _ in random.normal() })
    let report = FeedForwardCheck.run(
      network, parameters, inputs: inputs, targets: .classes([0, 1, 1, 0, 1, 0]),
      penalty: Penalty(l2: 0.02))
    #expect(report.worst < 1e-7, "\(text): \(report.worst)")
    #expect(report.compared > report.leftOut)
  }

  /// Autoencoders have the widths of their layers.
  @Test func pretrainingFollowsTheWidths() {
    let network = FeedForwardNetwork(.init(.tanh), inputs: 2, widths: [8, 3, 6], outputs: 2)
    let data = FeedForwardData.twoSpirals(rows: 20, seed: 1)
    let losses = network.pretrain(
      network.initialParameters(seed: 1), on: data.inputs, steps: 3, settings: .init(), seed: 1)
    #expect(losses.count == 3 && losses.allSatisfy(\.isFinite))
  }
}
