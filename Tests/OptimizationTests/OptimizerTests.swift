import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollOptimization

/// Each optimizer against its update rule written out element by element, over three updates.
@Suite struct OptimizerTests {
  /// One element under a rule: its weight, and the rule's memory.
  private struct Element {
    var weight: Double
    var first = 0.0
    var second = 0.0
  }

  private static func update(
    _ kind: OptimizerKind, _ e: inout Element, gradient: Double, rate: Double, step: Int,
    _ s: OptimizerSettings
  ) {
    let coupled = gradient + s.weightDecay * e.weight
    switch kind {
    case .sgd:
      e.weight -= rate * coupled
    case .momentum:
      e.first = s.momentum * e.first + coupled
      e.weight -= rate * e.first
    case .rmsprop:
      e.first = s.alpha * e.first + (1 - s.alpha) * coupled * coupled
      e.weight -= rate * coupled / (e.first.squareRoot() + s.epsilon)
    case .adam, .adamw:
      if kind == .adamw { e.weight -= rate * s.weightDecay * e.weight }
      let d = kind == .adamw ? gradient : coupled
      e.first = s.beta1 * e.first + (1 - s.beta1) * d
      e.second = s.beta2 * e.second + (1 - s.beta2) * d * d
      let mean = e.first / (1 - pow(s.beta1, Double(step)))
      let square = e.second / (1 - pow(s.beta2, Double(step)))
      e.weight -= rate * mean / (square.squareRoot() + s.epsilon)
    }
  }

  private static let weights: [Double] = [0.5, -2, 0, 1e-3, 7]
  private static let gradients: [[Double]] = [
    [1, -0.5, 0.25, 0, 100], [-2, -0.5, 0, 0, 1e-6], [0.5, 3, -1, 0, -50],
  ]
  private static let rates = [0.1, 0.05, 0.2]

  @Test(arguments: OptimizerKind.allCases, [0.0, 0.3])
  func threeUpdatesFollowTheRule(_ kind: OptimizerKind, decay: Double) {
    for settings in settings(decay: decay) {
      check(kind, settings, as: Double.self, tolerance: 1e-14)
      check(kind, settings, as: Float.self, tolerance: 1e-5)
    }
  }

  /// Defaults, and numbers that are nobody's default.
  private func settings(decay: Double) -> [OptimizerSettings] {
    var usual = OptimizerSettings()
    usual.weightDecay = decay
    var odd = usual
    (odd.momentum, odd.alpha) = (0.3, 0.6)
    (odd.beta1, odd.beta2, odd.epsilon) = (0.4, 0.7, 0.05)
    return [usual, odd]
  }

  /// Rounding relative to the size of weights and updates, which is about 10.
  private func check<Scalar: UnrollDenseMath.Scalar>(
    _ kind: OptimizerKind, _ settings: OptimizerSettings, as type: Scalar.Type, tolerance: Double
  ) {
    let weights = Matrix<Scalar>(rows: 1, columns: Self.weights.count, Self.weights)
    let optimizer = kind.make(count: weights.count, settings: settings, for: Scalar.self)
    var expected = Self.weights.map { Element(weight: $0) }
    for step in 1...3 {
      let gradient = Matrix<Scalar>(
        rows: 1, columns: weights.count, Self.gradients[step - 1])
      let rate = Self.rates[step - 1]
      optimizer.update(weights, gradient: gradient, rate: rate, step: step)
      #expect(
        gradient.values == Matrix<Scalar>(rows: 1, columns: 5, Self.gradients[step - 1]).values)
      for index in expected.indices {
        Self.update(
          kind, &expected[index], gradient: Self.gradients[step - 1][index], rate: rate,
          step: step, settings)
        let (got, wanted) = (weights.values[index], expected[index].weight)
        #expect(
          abs(got - wanted) <= tolerance * 10 * max(1, abs(wanted)),
          "\(kind), element \(index), update \(step): \(got) and \(wanted)")
      }
    }
  }

  /// What a checkpoint saves is all there is: an optimizer given another's state goes on as it would.
  @Test(arguments: OptimizerKind.allCases) func theStateIsWhole(_ kind: OptimizerKind) {
    let one = Matrix<Float>(rows: 1, columns: 5, Self.weights)
    let first = kind.make(count: 5, settings: OptimizerSettings(), for: Float.self)
    let gradient = Matrix<Float>(rows: 1, columns: 5, Self.gradients[0])
    for step in 1...3 { first.update(one, gradient: gradient, rate: 0.1, step: step) }

    let other = one.copy()
    let second = kind.make(count: 5, settings: OptimizerSettings(), for: Float.self)
    #expect(first.state.map(\.name) == second.state.map(\.name))
    for (target, source) in zip(second.state, first.state) { target.values.assign(source.values) }
    first.update(one, gradient: gradient, rate: 0.1, step: 4)
    second.update(other, gradient: gradient, rate: 0.1, step: 4)
    #expect(one.elements == other.elements)
  }

  @Test func memoryIsNamedAsInCheckpoints() {
    let names = OptimizerKind.allCases.map { kind in
      kind.make(count: 1, settings: OptimizerSettings(), for: Float.self).state.map(\.name)
    }
    #expect(
      names == [
        [], ["velocity"], ["mean_square"], ["mean", "mean_square"], ["mean", "mean_square"],
      ])
  }
}
