import Foundation
import Testing

@testable import UnrollLessons

struct ChainLessonTests {
  /// ∂L/∂h₁ = (ŷ − y)·Π σ′(z_i)·w_i over units 2 to 4, and ∂L/∂b₁ that times σ′(z_1), for weights that
  /// are not all one; 1e-14 is some 30 roundings of Float64.
  @Test func measuredGradientsFollowTheClosedForm() {
    let (w, b) = ([0.8, -1.5, 2.5, 0.6], [0.1, -0.2, 0.3, -0.4])
    let (x, y) = (0.7, 0.25)
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    func slope(_ z: Double) -> Double { sigmoid(z) * (1 - sigmoid(z)) }
    let z1 = w[0] * x + b[0]
    let z2 = w[1] * sigmoid(z1) + b[1]
    let z3 = w[2] * sigmoid(z2) + b[2]
    let z4 = w[3] * sigmoid(z3) + b[3]
    let gradient =
      (sigmoid(z4) - y) * slope(z4) * w[3] * slope(z3) * w[2] * slope(z2) * w[1]
    let chain = Chain(weights: w, biases: b, input: x, target: y)
    let layers = chain.measure()
    #expect(abs(layers[0].hiddenMean - abs(gradient)) < 1e-14)
    #expect(abs(layers[0].biasNorm - abs(gradient * slope(z1))) < 1e-14)
    #expect(abs(chain.gradients.hidden - gradient) < 1e-14)
    for (pair, weight) in zip(zip(layers, layers.dropFirst()), w.dropFirst()) {
      #expect(pair.0.hiddenMean / pair.1.hiddenMean <= abs(weight) / 4)
    }
  }

  @Test(arguments: [
    [:], ["weights": [8], "biases": [-4], "x": [0.5]], ["weights": [0.8, -1.5, 2.5, 0.6]],
    ["weights": [0]], ["weights": [1e6], "x": [1e6]], ["x": [-1e6]], ["y": [1]],
  ])
  func everyPredictionHolds(values: [String: [Double]]) throws {
    let report = try Lesson.chain.report(LessonSettings(values: values))
    for check in report.result.checks { #expect(check.holds, "\(check)") }
  }

  /// The exercise: each factor is 2.
  @Test func biasesCanMakeEveryFactorGrow() throws {
    let chain = Chain(weights: [8, 8, 8, 8], biases: [-4, -4, -4, -4], input: 0.5, target: 0)
    #expect(chain.factors == [2, 2, 2])
  }

  /// The interval vanishes at |w| = 4, and is 0.4477 at 6.9, where it is widest.
  @Test func theIntervalIsWidestNearSevenAndNeverWide() {
    #expect(Chain.interval(weight: 4) == 0)
    #expect(Chain.interval(weight: -6.9) == Chain.interval(weight: 6.9))
    #expect(abs(Chain.interval(weight: 6.9) - 0.4477) < 5e-5)
    for weight in [4.5, 6, 8, 12, 100] {
      #expect(Chain.interval(weight: weight) < Chain.interval(weight: 6.9))
      // The distance of two places, at either end.
      #expect(
        abs(Chain.measuredInterval(weight: weight) - Chain.interval(weight: weight))
          < 2e-4 / weight)
    }
  }
}
