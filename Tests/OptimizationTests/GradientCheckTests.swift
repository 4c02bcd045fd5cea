import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollOptimization

@Suite struct GradientCheckTests {
  private func row(_ values: Double...) -> Matrix<Double> {
    Matrix(rows: 1, columns: values.count, values)
  }

  /// L = Σ a³ + Σ sin b.
  private func run(
    _ a: Matrix<Double>, _ b: Matrix<Double>, scaling: (a: Double, b: Double) = (1, 1)
  )
    -> GradientCheck.Report
  {
    let gradients = (
      a.values.map { 3 * $0 * $0 * scaling.a }, b.values.map { cos($0) * scaling.b }
    )
    return GradientCheck.run([
      .init(name: "a", values: a, gradient: Matrix(rows: a.rows, columns: a.columns, gradients.0)),
      .init(name: "b", values: b, gradient: Matrix(rows: b.rows, columns: b.columns, gradients.1)),
    ]) {
      .init(loss: a.values.reduce(0) { $0 + pow($1, 3) } + b.values.reduce(0) { $0 + sin($1) })
    }
  }

  @Test func aRightGradientAgrees() {
    let (a, b) = (row(1, -2, 0.5), row(0.3, 7))
    let report = run(a, b)
    // Rounding of a loss near 8 over a step of 6e-6, against gradients near 10.
    #expect(report.worst < 1e-10)
    #expect(report.compared == 5 && report.leftOut == 0)
    #expect(report.errors.map(\.name) == ["a", "b"])
    #expect(a.values == [1, -2, 0.5] && b.values == [0.3, 7], "values are restored")
  }

  @Test func twoGradientsAreComparedWithoutALoss() {
    let exact: [GradientCheck.Gradient] = [("a", [3, 4]), ("b", [0.1])]
    let same = GradientCheck.compare(exact, with: exact)
    #expect(same.worst == 0 && same.compared == 3 && same.rounding == 0)
    let other = GradientCheck.compare([("a", [3, 4]), ("b", [0.101])], with: exact)
    // 1% of b: 0.01/2.01 of it, with a millionth of the whole below.
    #expect(abs(other.worst - 0.001 / 0.201) < 1e-6 && other.relativeError < 2e-4)
    #expect(
      GradientCheck.compare([("a", [3, .nan]), ("b", [0.1])], with: exact).worst == .infinity)
    let apart = GradientCheck.compare(exact, with: exact, isOnSameSide: false)
    #expect(apart.compared == 0 && apart.leftOut == 3 && apart.rounding == .infinity)
  }

  /// A factor 1 + ε gives ε/2 where it is; in a small tensor the whole hardly shows it.
  @Test func aWrongGradientIsCaughtInItsTensor() {
    let report = run(row(10, 20), row(0.3), scaling: (1, 1 + 2e-4))
    #expect(report.relativeError < 1e-7)
    #expect(report.errors[0].error < 1e-9)
    // The floor of 1e-6 of the whole, 0.001 beside 1.9, and rounding, 2e-7, hardly change it.
    #expect(abs(report.errors[1].error - 1e-4) < 1e-6)
    #expect(report.worst == report.errors[1].error)
  }

  @Test func theWholeErrorIsTheRatioOfNorms() {
    // d = 3 and d_approx = 1, to the rounding of the difference.
    let theta = row(2)
    let report = GradientCheck.run([
      .init(name: "theta", values: theta, gradient: row(3))
    ]) { .init(loss: theta[0, 0]) }
    #expect(abs(report.relativeError - 0.5) < 1e-9)
  }

  @Test func aSignOrAnElementThatIsWrongIsCaught() {
    let theta = row(1, 2, 3)
    for wrong in [row(-2, 4, 6), row(2, 4, 0), row(4, 2, 6), row(2, 4, .nan), row(2, .infinity, 6)]
    {
      let report = GradientCheck.run([
        .init(name: "theta", values: theta, gradient: wrong)
      ]) { .init(loss: pow(theta.norm, 2)) }
      #expect(report.worst > 0.1, "\(wrong.values)")
    }
  }

  @Test func aLossThatIsNotFiniteNeverAgrees() {
    let theta = row(1)
    for loss in [Double.nan, .infinity] {
      let report = GradientCheck.run([
        .init(name: "theta", values: theta, gradient: row(1))
      ]) { .init(loss: loss) }
      #expect(report.worst == .infinity)
    }
  }

  @Test func twoGradientsThatAreZeroAgree() {
    let theta = row(1, 2)
    let report = GradientCheck.run([
      .init(name: "theta", values: theta, gradient: row(0, 0))
    ]) { .init(loss: 5) }
    #expect(report.worst == 0 && report.rounding == 0 && report.compared == 2)
  }

  @Test func elementsAtAKinkAreLeftOut() {
    let theta = row(1e-7, -1e-7, 0, 1, -1e-5)
    let report = GradientCheck.run([
      .init(name: "theta", values: theta, gradient: row(1, -1, 0, 1, -1))
    ]) {
      let values = theta.values
      return .init(
        loss: values.reduce(0) { $0 + abs($1) },
        pattern: values.reduce(0) { $0 << 1 | ($1 > 0 ? 1 : 0) })
    }
    #expect(report.leftOut == 3 && report.compared == 2)
    #expect(report.worst < 1e-9)
  }

  @Test func theStepGrowsWithTheValue() {
    var steps: [Double] = []
    let theta = row(0.5, -300)
    _ = GradientCheck.run([.init(name: "theta", values: theta, gradient: row(0, 0))]) {
      steps.append(max(abs(theta[0, 0] - 0.5), abs(theta[0, 1] + 300)))
      return .init(loss: 0)
    }
    let expected = [6e-6, 6e-6, 1.8e-3, 1.8e-3]
    #expect(steps.count == 4 && zip(steps, expected).allSatisfy { abs($0 / $1 - 1) < 1e-9 })
  }

  /// The estimate is within two orders of magnitude of what rounding does.
  @Test func roundingIsForeseen() {
    for size in [1.0, 1e-3, 1e-6] {
      let theta = row(0.7, 0.2, 0.9)
      let gradient = Matrix<Double>(rows: 1, columns: 3, theta.values.map { size * cos($0) })
      let report = GradientCheck.run([.init(name: "theta", values: theta, gradient: gradient)]) {
        .init(loss: 1 + size * theta.values.reduce(0) { $0 + sin($1) })
      }
      #expect(report.rounding > 1e-11 / size / 10 && report.rounding < 1e-11 / size * 10)
      #expect(report.worst < 100 * report.rounding, "\(report)")
    }
  }

  @Test func aGradientOfAnotherShapeTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = GradientCheck.Variable(
        name: "w", values: Matrix(rows: 2, columns: 3), gradient: Matrix(rows: 3, columns: 2))
    }
  }
}
