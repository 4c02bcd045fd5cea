import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollTraining

/// An update does not depend on how many threads share it.
@Suite struct GradientUpdateTests {
  static let rules: [Clipping] =
    Clipping.rules.map { $0.make(0.01) } + [.none, .norm(1), .tensor(0.5), .auto(30)]

  private struct Result {
    var norms: [Double] = []
    var effects: [ClippingEffect?] = []
    var clipped: [Bool] = []
  }

  /// Several chunks, which cut through matrices and rows.
  private var layout: ParameterLayout {
    var layout = ParameterLayout()
    layout.append("weight_ih_l0", 400, 3)
    layout.append("weight_hh_l0", 400, 101)
    layout.append("bias_ih_l0", 400)
    layout.append("head.weight", 5, 101)
    layout.append("head.bias", 5)
    return layout
  }

  /// Three updates from the same gradients, in one worker's buffer and the others' zero, so that the
  /// sums are the same numbers whatever their number.
  private func run<Element: Scalar>(
    _ clipping: Clipping, workers: Int, as type: Element.Type
  ) -> (weights: [Element], Result) {
    var settings = TrainingSettings()
    settings.clipping = clipping
    settings.measuresClipping = true
    settings.penalty.l2 = 1e-3
    let parameters = Parameters<Element>(layout)
    var random = RandomNumbers(seed: 7)
    for index in 0..<layout.count { parameters.values[0, index] = Element(random.normal() * 0.1) }
    func buffers() -> [Matrix<Element>] {
      (0..<workers).map { _ in Matrix<Element>(rows: 1, columns: layout.count) }
    }
    let gradients = buffers()
    let references = clipping.stateLimit == nil ? [] : buffers()
    let update = GradientUpdate(
      parameters, gradients: gradients, references: references, settings: settings,
      optimizer: settings.optimizer.make(
        count: layout.count, settings: settings.optimizerSettings, for: Element.self),
      clipping: clipping)
    #expect(update.parts == workers)
    var result = Result()
    for step in 1...3 {
      for matrix in gradients + references { matrix.fill(0) }
      for index in 0..<layout.count {
        let value = Element(random.normal() * 0.02 * Double(step))
        gradients[0][0, index] = value
        references.first?[0, index] = 2 * value
      }
      update.start(wasClamped: !references.isEmpty, isCompared: !references.isEmpty)
      // The last part first: nothing depends on the order.
      for part in (0..<update.parts).reversed() { update.sum(part: part) }
      update.finishSum()
      update.prepare(rate: 0.01, step: step)
      for part in (0..<update.parts).reversed() { update.apply(part: part) }
      result.norms.append(update.norm)
      result.effects.append(update.effect)
      result.clipped.append(update.wasClipped)
    }
    return (parameters.values.elements, result)
  }

  @Test(arguments: rules) func isTheSameForAnyNumberOfThreads(_ clipping: Clipping) {
    check(clipping, as: Float.self)
    check(clipping, as: Double.self)
  }

  private func check<Element: Scalar>(_ clipping: Clipping, as type: Element.Type) {
    let (weights, one) = run(clipping, workers: 1, as: type)
    for workers in [2, 3] {
      let (others, several) = run(clipping, workers: workers, as: type)
      #expect(others == weights, "\(clipping) \(type) \(workers)")
      #expect(several.norms == one.norms && several.effects == one.effects)
      #expect(several.clipped == one.clipped)
    }
    #expect(one.clipped.contains(true) == (clipping != .none))
    #expect(one.effects.allSatisfy { $0 != nil })
  }

  /// A gradient and twice that: half the length; the penalties' gradient, 1e-3 θ, turns it a little.
  @Test func aReferenceIsComparedWith() {
    let (_, result) = run(.state(1), workers: 2, as: Double.self)
    for effect in result.effects {
      #expect(abs((effect?.factor ?? 0) - 0.5) < 1e-3 && (effect?.angle ?? 90) < 0.5)
    }
  }
}
