import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollStudies

struct CheckCaseTests {
  private let cases = CheckCase.all(of: CheckCase.allCells, sizes: CheckSizes())

  @Test func everyCellActivationAndSettingOccurs() {
    #expect((300...400).contains(cases.count))
    #expect(Set(cases.map(\.name)).count == cases.count, "two cases have the same name")
    #expect(Set(cases.map(\.specification.kind)) == Set(CellKind.builtIn))
    let activations = Set(cases.map { "\($0.specification.activation)" })
    #expect(activations == Set(Activation.samples.map { "\($0)" }))
    // Every form that the command line accepts has a sample.
    for form in Activation.forms {
      #expect(activations.contains { $0.hasPrefix(form.name) }, "\(form.name)")
    }
  }

  @Test func everyCellMeetsEveryPairOfSettings() {
    for label in Set(cases.map(\.label)) {
      let settings = cases.filter { $0.label == label }.map { check in
        [
          "\(check.layers)", check.loss.rawValue, check.supervision.rawValue, "\(check.window)",
          check.initialState.rawValue, check.inputs.rawValue, check.penalty.name,
        ]
      }
      let counts = [3, 2, 2, 3, 2, 2, 4]
      for second in counts.indices {
        for first in 0..<second {
          let pairs = Set(settings.map { [$0[first], $0[second]] })
          #expect(pairs.count == counts[first] * counts[second], "\(label): \(first), \(second)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 7, 50]) func windowsFitEveryLength(length: Int) {
    for check in CheckCase.all(of: CheckCase.allCells, sizes: CheckSizes(length: length)) {
      #expect(check.window.window(0, of: length) != nil)
      if length >= 3, case .windows(let period, let depth) = check.window {
        #expect(period <= depth && depth < length)
      }
    }
  }

  /// Each cell with a carried state and masked rows.
  @Test func truncatedCasesAgree() {
    for check in cases
    where check.layers >= 2 && check.window != .full && check.supervision == .every {
      let result = check.run(seed: 2)
      #expect(result.isOK, "\(check.name): \(result.error) in \(result.worstTensor ?? "all")")
    }
  }

  @Test func resultsKeepTheWorstWindow() {
    func report(_ error: Double) -> GradientCheck.Report {
      // A gradient that is off by a factor gives the error (f − 1) / (f + 1).
      let theta = Matrix<Double>(rows: 1, columns: 1, [1])
      let factor = (1 + error) / (1 - error)
      return GradientCheck.run([
        .init(name: "w", values: theta, gradient: Matrix(rows: 1, columns: 1, [factor]))
      ]) { .init(loss: theta[0, 0]) }
    }
    var result = CheckResult(name: "case")
    #expect(!result.isOK, "nothing was compared")
    result.add(report(1e-9))
    #expect(result.isOK && result.compared == 1)
    result.add(report(1e-3))
    result.add(report(0))
    #expect(!result.isOK && abs(result.error - 1e-3) < 1e-9 && result.compared == 3)
  }
}
