import Testing
import UnrollDenseMath

@testable import UnrollStudies

struct MeanFieldLayerTests {
  /// Half of a normal distribution: E[f²] = q/2, E[f] = √(q/2π), E[f′²] = ½.
  @Test func reluHalvesBoth() {
    let layer = MeanFieldLayer(.relu, inputs: 100, weightVariance: 0.02, inputSquare: 3)
    #expect(abs(layer.variance - 6) < 1e-12)
    #expect(abs(layer.outputSquare - 3) < 1e-6)
    #expect(abs(layer.outputVariance - (3 - 6 / (2 * Double.pi))) < 1e-5)
    #expect(abs(layer.slopeSquare - 0.5) < 1e-3)
    #expect(abs(layer.outputMean - (6 / (2 * Double.pi)).squareRoot()) < 1e-5)
  }

  /// One that passes a quarter of what is negative, as PReLU does before training.
  @Test func preluBeginsWithASlope() {
    let layer = MeanFieldLayer(.prelu, inputs: 1, weightVariance: 1, inputSquare: 1)
    #expect(abs(layer.slopeSquare - 0.5 * (1 + 1.0 / 16)) < 1e-3)
  }

  /// Near 0 a sigmoid is ½ + z/4.
  @Test func aSigmoidIsLinearNearZero() {
    let layer = MeanFieldLayer(.sigmoid, inputs: 10, weightVariance: 1e-6, inputSquare: 1)
    #expect(abs(layer.slopeSquare - 1.0 / 16) < 1e-5)
    #expect(abs(layer.outputVariance - 1e-5 / 16) < 1e-9)
  }

  /// For a wide tanh, E[f′²] = ∫sech⁴/√(2πq) = 4/(3√(2πq)).
  @Test func aSaturatedTanhHasFewSlopes() {
    let layer = MeanFieldLayer(.tanh, inputs: 100, weightVariance: 100, inputSquare: 1)
    let expected = 4 / (3 * (2 * Double.pi * 10_000).squareRoot())
    #expect(abs(layer.slopeSquare / expected - 1) < 1e-3)
  }
}
