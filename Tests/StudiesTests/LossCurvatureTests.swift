import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

@testable import UnrollStudies

struct LossCurvatureTests {
  /// ½(wx + b − y)² has the second derivatives [[E x², E x], [E x, 1]].
  @Test func aLinearLayerHasAClosedForm() {
    let network = FeedForwardNetwork(
      FeedForwardSpecification(.identity), inputs: 1, width: 1, depth: 1)
    let (inputs, targets) = ([0.5, 2, -1, 3], [1.0, 0, 2, -1])
    let data = FeedForwardData(
      inputs: Matrix(rows: 4, columns: 1, inputs),
      targets: .values(Matrix(rows: 4, columns: 1, targets), scale: 0.5))
    let square = inputs.reduce(0) { $0 + $1 * $1 / 4 }
    let mean = inputs.reduce(0) { $0 + $1 / 4 }
    let root = ((square - 1) * (square - 1) + 4 * mean * mean).squareRoot()
    let curvature = network.largestCurvature(network.initialParameters(seed: 1), on: data)
    #expect(abs(curvature - (square + 1 + root) / 2) < 1e-8)
  }
}
