import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization

@testable import UnrollLessons

struct ResidualLessonTests {
  /// I + σ′(z_i)·W_ij, formed without a backward pass.
  @Test func jacobianIsTheIdentityPlusThatOfTheLayer() {
    let width = ResidualBlock.width
    for isResidual in [false, true] {
      let network = FeedForwardNetwork(
        FeedForwardSpecification(.sigmoid, .lecun, residual: isResidual), inputs: width,
        width: width, depth: 1)
      let weights = network.initialParameters(seed: 5)["layers.0.weight"]
      let input = FeedForwardData.noise(rows: 1, inputs: width, outputs: 1, seed: 5).inputs
      let jacobian = ResidualBlock.jacobian(seed: 5, isResidual: isResidual)
      for unit in 0..<width {
        let z = (0..<width).reduce(0) { $0 + weights[unit, $1] * input[0, $1] }
        let slope = Slopes(of: .sigmoid, from: z, to: z + 1, count: 2).values[0]
        for place in 0..<width {
          let identity: Double = isResidual && unit == place ? 1 : 0
          #expect(abs(jacobian[unit, place] - identity - slope * weights[unit, place]) < 1e-14)
        }
      }
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func singularValuesLieWithinTheBounds(seed: UInt64) {
    let block = ResidualBlock(seed: seed)
    #expect(block.norm < 1 && block.least >= 1 - block.norm && block.largest <= 1 + block.norm)
  }

  @Test func passingTheGradientIsNotEnough() throws {
    let report = try Lesson.residual.report(LessonSettings(seeds: 3))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// The bounds of one layer, multiplied over all: they hold the measured factor, and say little.
  @Test func theBoundsOfManyLayersSayLittle() throws {
    let report = try Lesson.residual.report(LessonSettings(seeds: 1, values: ["steps": [1]]))
    func number(_ name: String) -> Double {
      switch report.result.numbers[name] {
      case .number(let value), .scientific(let value): value
      default: .nan
      }
    }
    let reach = number("sigmoid-reach")
    #expect(number("bound-least") < reach && reach < number("bound-largest"))
    #expect(number("bound-largest") > 1e6 * number("bound-least"))
  }

  @Test(arguments: [2.0, 60])
  func endsOfItsNumbersDoNotTrap(layers: Double) throws {
    let settings = LessonSettings(seeds: 1, values: ["layers": [layers], "steps": [1]])
    #expect(try Lesson.residual.report(settings).result.panels.count == 3)
  }
}
