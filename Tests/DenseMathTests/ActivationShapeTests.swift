import Testing
import UnrollDenseMath

/// What the table says of each graph against the graph, at 200,001 points from −50 to 50 and at ±1e6.
struct ActivationShapeTests {
  private static let places = (-100_000...100_000).map { Double($0) / 2_000 } + [-1e6, 1e6]

  /// f and f′ of `activation` at each of ``places``; prelu at its starting slope.
  private static func graph(_ activation: Activation) -> (values: [Double], slopes: [Double]) {
    func row() -> Matrix<Double> { Matrix(rows: 1, columns: places.count) }
    let (inputs, outputs, ones, slopes) = (row(), row(), row(), row())
    inputs.assign(places)
    ones.fill(1)
    outputs.apply(activation, slope: 0.25, to: inputs)
    slopes.applyDerivative(
      of: activation, slope: 0.25, preActivations: inputs, outputs: outputs, gradient: ones)
    return (outputs.values, slopes.values)
  }

  /// A minimum or maximum between two points is missed by at most f″ · 0.0005²/8, below 1e-7.
  @Test(arguments: Activation.samples) func theTableSaysWhatTheGraphShows(_ activation: Activation)
  {
    let shape = activation.shape
    let (values, slopes) = Self.graph(activation)
    let count = Self.places.count
    let largest = slopes.map(abs).max() ?? 0
    #expect(largest <= shape.largestDerivative * (1 + 1e-12))
    #expect(largest >= shape.largestDerivative - 1e-6)

    let (lower, upper) = (values.min() ?? 0, values.max() ?? 0)
    #expect(lower >= shape.range.lower - 1e-12 && upper <= shape.range.upper + 1e-12)
    #expect(shape.range.lower.isInfinite ? lower < -1_000 : lower < shape.range.lower + 2e-6)
    #expect(shape.range.upper.isInfinite ? upper > 1_000 : upper > shape.range.upper - 2e-6)

    // The points from −50 to 50, without the two behind them.
    let odd = (0..<count - 2).allSatisfy { values[$0] == -values[count - 3 - $0] }
    #expect(odd == shape.isZeroCentered)
    #expect((abs(slopes[count - 2]) < 1e-6) == shape.saturates.left)
    #expect((abs(slopes[count - 1]) < 1e-6) == shape.saturates.right)
  }

  /// Second differences of f′ are far larger where f′ or f″ jumps than anywhere else; softplus's
  /// threshold is smaller than that.
  @Test(arguments: Activation.samples) func kinksAreWhereDerivativesJump(_ activation: Activation) {
    if case .softplus(let beta) = activation {
      #expect(activation.shape.kinks == [20 / beta])
      return
    }
    let slopes = Self.graph(activation).slopes
    var found: [Double] = []
    // A smooth f′ has second differences of f‴ · 0.0005², below 1e-6; a jump of f″ gives 1e-4 or more.
    for i in 1..<slopes.count - 3 where abs(slopes[i + 1] - 2 * slopes[i] + slopes[i - 1]) > 5e-5 {
      let place = Self.places[i]
      if let last = found.last, place - last < 0.01 { continue }
      found.append(place)
    }
    #expect(found.count == activation.shape.kinks.count, "\(found)")
    for (found, kink) in zip(found, activation.shape.kinks) {
      #expect(abs(found - kink) < 0.0011)
    }
  }

  @Test func aLearnedSlopeCounts() {
    #expect(Activation.prelu.shape(slope: -3).largestDerivative == 3)
    #expect(Activation.leakyRelu(slope: 1.5).shape.largestDerivative == 1.5)
    #expect(Activation.leakyRelu(slope: 0).shape.saturates.left)
    #expect(Activation.elu(alpha: 2).shape.largestDerivative == 2)
  }

  /// A million draws: the mean of U(⅛, ⅓) is 11/48, with a standard error of 0.06/1,000.
  @Test func drawnSlopesAreUniform() {
    let inputs = Matrix<Double>(rows: 1_000, columns: 1_000)
    inputs.fill(-1)
    let outputs = Matrix<Double>(rows: 1_000, columns: 1_000)
    var random = RandomNumbers(seed: 4)
    outputs.applyDrawingSlopes(to: inputs, using: &random)
    let slopes = outputs.values.map { -$0 }
    #expect(slopes.allSatisfy { $0 >= 0.125 && $0 <= 1.0 / 3 })
    let mean = slopes.reduce(0, +) / 1e6
    #expect(abs(mean - 11.0 / 48) < 5 * 6.1e-5)
    let quarter = Double(slopes.count { $0 < 0.125 + (1.0 / 3 - 0.125) / 4 }) / 1e6
    #expect(abs(quarter - 0.25) < 0.003)
    // The stream has moved on.
    outputs.applyDrawingSlopes(to: inputs, using: &random)
    #expect(outputs.values.map { -$0 } != slopes)
  }
}
