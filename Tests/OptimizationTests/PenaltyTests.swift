import Testing
import UnrollDenseMath

@testable import UnrollOptimization

@Suite struct PenaltyTests {
  private func parameters(_ values: [Double]) -> Parameters<Double> {
    var layout = ParameterLayout()
    layout.append("weight", values.count)
    let parameters = Parameters<Double>(layout)
    parameters.values.assign(values)
    return parameters
  }

  @Test func lossesAddUp() {
    let weights = parameters([3, -4, 0])
    #expect(Penalty().loss(of: weights) == 0)
    #expect(Penalty(l1: 0.5).loss(of: weights) == 3.5)
    #expect(Penalty(l2: 0.5).loss(of: weights) == 6.25)
    #expect(Penalty(l1: 0.5, l2: 0.5).loss(of: weights) == 9.75)
  }

  @Test func gradientsAreAddedToWhatIsThere() {
    let weights = parameters([3, -4, 0])
    for (penalty, expected) in [
      (Penalty(), [1.0, 2, 3]), (Penalty(l1: 0.5), [1.5, 1.5, 3]),
      (Penalty(l2: 0.5), [2.5, 0, 3]), (Penalty(l1: 0.5, l2: 0.5), [3, -0.5, 3]),
    ] {
      let gradient = parameters([1, 2, 3])
      penalty.addGradient(of: weights.values, to: gradient.values)
      #expect(gradient.values.values == expected)
      #expect(weights.values.values == [3, -4, 0])
    }
  }

  @Test func theGradientIsThatOfTheLoss() {
    var random = RandomNumbers(seed: 1)
    let weights = parameters((0..<20).map { _ in random.normal() })
    let penalty = Penalty(l1: 0.3, l2: 0.7)
    let gradient = Parameters<Double>(weights.layout)
    penalty.addGradient(of: weights.values, to: gradient.values)
    let report = GradientCheck.run([
      .init(name: "weight", values: weights.values, gradient: gradient.values)
    ]) { .init(loss: penalty.loss(of: weights)) }
    // A quadratic has no truncation error; rounding leaves about 1e-11.
    #expect(report.worst < 1e-9)
  }
}
