import Testing
import UnrollDenseMath

@testable import UnrollOptimization

/// An optimizer reads the numbers that change its updates, and no others.
struct OptimizerReadingTests {
  private static let changes: [@Sendable (inout OptimizerSettings) -> Void] = [
    { $0.weightDecay = 0.3 }, { $0.momentum = 0.5 }, { $0.alpha = 0.5 }, { $0.beta1 = 0.5 },
    { $0.beta2 = 0.5 }, { $0.epsilon = 0.1 },
  ]

  private func weights(_ kind: OptimizerKind, _ settings: OptimizerSettings) -> [Double] {
    let weights = Matrix<Double>(rows: 1, columns: 3, [1, -2, 3])
    let optimizer = kind.make(count: 3, settings: settings, for: Double.self)
    for step in 1...3 {
      optimizer.update(
        weights, gradient: Matrix(rows: 1, columns: 3, [0.5, Double(step), -1]), rate: 0.1,
        step: step)
    }
    return (0..<3).map { weights[0, $0] }
  }

  @Test(arguments: OptimizerKind.allCases, changes.indices)
  func whatIsReadChangesUpdates(kind: OptimizerKind, change: Int) {
    let usual = OptimizerSettings()
    var changed = usual
    Self.changes[change](&changed)
    #expect(
      (kind.reading(changed) == kind.reading(usual))
        == (weights(kind, changed) == weights(kind, usual)))
    #expect(weights(kind, kind.reading(changed)) == weights(kind, changed))
  }
}
