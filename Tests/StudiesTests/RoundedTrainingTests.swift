import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollGradientFlow
import UnrollOptimization

@testable import UnrollStudies

struct RoundedTrainingTests {
  private static let network = FeedForwardNetwork(
    FeedForwardSpecification(.tanh, .xavier), inputs: 4, width: 8, depth: 3, outputs: 2)
  private static let data = FeedForwardData.teacher(rows: 32, inputs: 4, seed: 1)

  private func run(_ training: RoundedTraining, updates: Int = 20) throws -> RoundedTraining.Outcome
  {
    guard case .classes(let classes) = Self.data.targets else { throw CancellationError() }
    return training.run(
      Self.network, Self.network.initialParameters(seed: 1), inputs: Self.data.inputs,
      classes: classes, updates: updates)
  }

  /// Without rounding it is the trainer that all other networks are trained by; with Float32's rounding it
  /// is that to some of Float32's digits.
  @Test(arguments: [(NumberFormat.float64, 1e-12), (.float32, 1e-5)])
  func agreesWithTheTrainer(format: NumberFormat, tolerance: Double) throws {
    let outcome = try run(RoundedTraining(format))
    let parameters = Self.network.initialParameters(seed: 1)
    var settings = FeedForwardTrainingSettings()
    settings.learningRate = 1
    let updates = FeedForwardTrainer(Self.network, parameters, on: Self.data, settings: settings)
      .run(20)
    #expect(outcome.losses.count == 21 && outcome.updates == 20)
    try #require(updates.count == 20 && updates.allSatisfy(\.isFinite))
    for (rounded, update) in zip(outcome.losses, updates) {
      #expect(abs(rounded - update.loss) < tolerance)
    }
    for (rounded, exact) in zip(outcome.parameters.values.values, parameters.values.values) {
      #expect(abs(rounded - exact) < 20 * tolerance)
    }
  }

  /// Everything that is kept is a number of the format.
  @Test(arguments: NumberFormat.all)
  func keepsNumbersOfTheFormat(format: NumberFormat) throws {
    let outcome = try run(RoundedTraining(format))
    for value in outcome.parameters.values.values + outcome.firstGradients {
      #expect(format.rounded(value) == value)
    }
    let kept = try run(RoundedTraining(format, weights: .float32))
    #expect(kept.parameters.values.values.allSatisfy { NumberFormat.float32.rounded($0) == $0 })
    #expect(
      kept.parameters.values.values.contains { format.rounded($0) != $0 } == (format != .float32))
  }

  /// Gradients of 0 move nothing; with digits enough nearly every update moves its weight.
  @Test func countsTheWeightsThatUpdatesLeave() throws {
    var vanished = RoundedTraining(.float16)
    vanished.lossFactor = 0x1p-60
    #expect(try run(vanished).unmoved == 1)
    #expect(try run(RoundedTraining(.float64)).unmoved < 0.05)
    let short = try run(RoundedTraining(.bfloat16)).unmoved
    #expect(short > (try run(RoundedTraining(.bfloat16, weights: .float32)).unmoved))
  }

  /// A power of two changes exponents alone, as long as the format has them.
  @Test func aPowerOfTwoChangesNoDigit() throws {
    let plain = try run(RoundedTraining(.float32))
    var scaled = RoundedTraining(.float32)
    (scaled.lossFactor, scaled.lossScale) = (1.0 / 1_048_576, 4)
    #expect(try run(scaled).losses == plain.losses)
  }

  /// Gradients below half the smallest number are 0; those beyond the largest are not finite.
  @Test func float16HasAWindow() throws {
    var training = RoundedTraining(.float16)
    training.lossFactor = 1.0 / 16_777_216
    let still = try run(training)
    #expect(Set(still.losses).count == 1 && still.firstGradients.allSatisfy { $0 == 0 })
    training.lossScale = 16_777_216
    let scaled = try run(training)
    #expect(scaled.losses[20] < 0.9 * scaled.losses[0])
    training.lossFactor = 1_048_576
    let broken = try run(training)
    #expect(broken.brokeOff && broken.updates == 0 && broken.losses.count == 21)
  }
}
