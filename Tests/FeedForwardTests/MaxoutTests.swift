import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollFeedForward

struct MaxoutTests {
  /// Two rows, two units, three pieces; of equal pieces the first one counts.
  @Test func theLargestPieceCounts() {
    let maxout = Maxout<Double>(rows: 2, width: 2, pieces: 3)
    let inputs = Matrix<Double>(rows: 2, columns: 6, [1, -5, 3, -4, 2, -6, -1e20, 7, 1, 7, 0.5, 7])
    let outputs = Matrix<Double>(rows: 2, columns: 2)
    maxout.forward(inputs, into: outputs)
    #expect(outputs.values == [3, -4, 1, 7])
    let gradient = Matrix<Double>(rows: 2, columns: 6)
    maxout.backward(Matrix(rows: 2, columns: 2, [10, 20, 30, 40]), into: gradient)
    #expect(gradient.values == [0, 0, 10, 20, 0, 0, 0, 40, 30, 0, 0, 0])
  }

  @Test(arguments: 0..<3) func whatIsNotANumberStaysSo(_ piece: Int) {
    let maxout = Maxout<Double>(rows: 1, width: 1, pieces: 3)
    let inputs = Matrix<Double>(rows: 1, columns: 3, [1, 2, 3])
    inputs[0, piece] = .nan
    let outputs = Matrix<Double>(rows: 1, columns: 1)
    maxout.forward(inputs, into: outputs)
    #expect(outputs[0, 0].isNaN)
  }

  /// max(x, −x) = |x|: the parameters lie piece after piece.
  @Test func twoPiecesMakeAnAbsoluteValue() throws {
    let stack = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: "maxout"), inputs: 2, width: 2, depth: 1)
    #expect(stack.layout.entry("layers.0.weight")?.shape == [4, 2])
    #expect(stack.layout.entry("layers.0.bias")?.shape == [4])
    let parameters = Parameters<Double>(stack.layout)
    parameters["layers.0.weight"].assign([1, 0, 0, 1, -1, 0, 0, -1])
    let pass = FeedForwardPass<Double>(stack, rows: 1)
    pass.forward(parameters, Matrix(rows: 1, columns: 2, [-3, 4]))
    #expect(pass.outputs.values == [3, 4])
  }

  /// Each piece is initialized as a matrix of its own: Xavier's bound is that of N outputs.
  @Test func piecesAreInitializedByThemselves() throws {
    let stack = FeedForwardNetwork(
      try FeedForwardSpecification(parsing: "maxout:4/init=xavier"), inputs: 30, width: 30,
      depth: 1)
    let largest = stack.initialParameters(seed: 1)["layers.0.weight"].values.map(abs).max() ?? 0
    // Of 3,600 numbers in ±√(6/60) the largest is within 1% of the bound.
    #expect(abs(largest / 0.1.squareRoot() - 1) < 0.01)
  }

  @Test(arguments: ["maxout:1", "maxout:2.5", "maxout:65", "maxout:", "maxout:two"])
  func rejectsNumbersOfPieces(_ text: String) {
    #expect(throws: InvalidSetting.self) { try LayerFunction(parsing: text) }
  }

  @Test func isForStacksAlone() throws {
    #expect(try LayerFunction(parsing: "maxout") == .maxout(pieces: 2))
    for text in ["maxout", "maxout:3"] {
      do {
        _ = try Activation(parsing: text)
        Issue.record("\(text) is no activation")
      } catch {
        #expect(error.accepted.contains("maxout is for stacks"))
      }
    }
  }
}
