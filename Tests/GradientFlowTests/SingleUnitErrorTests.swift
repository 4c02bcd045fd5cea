import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization

@Suite struct SingleUnitErrorTests {
  private let surface = SingleUnitError()

  /// Against NumPy's derivatives by the complex step (tools/reference/surface.py). Near the wall
  /// rounding grows with the gradient, 50 steps by up to 1.2 each; where the unit is saturated,
  /// 1 − σ has six digits less.
  @Test func agreesWithNumPy() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/surface", withExtension: "safetensors"))
    let file = try SafetensorsFile(path: url.path)
    let (weights, biases) = (try file.doubles("w"), try file.doubles("b"))
    let slopes = zip(weights, biases).map { surface.slope(weight: $0, bias: $1) }
    #expect(slopes.count == 12)
    expectClose(slopes.map(\.error), try file.doubles("error"), within: 1e-9)
    expectClose(slopes.map(\.byWeight), try file.doubles("by_w"), within: 1e-9)
    expectClose(slopes.map(\.byBias), try file.doubles("by_b"), within: 1e-9)
    // The wall is among the places.
    #expect(slopes.contains { $0.norm > 1 } && slopes.contains { $0.norm < 0.1 })
    expectClose(
      zip(weights, biases).map { surface.error(weight: $0, bias: $1) },
      slopes.map(\.error), within: 1e-12)
  }

  @Test(arguments: [(4.9, -2.2), (4.4, -2.5), (3.0, -1.2), (1.0, 0.0), (-2.0, 0.5)])
  func agreesWithCentralDifferences(weight: Double, bias: Double) {
    let place = Matrix<Double>(rows: 1, columns: 2, [weight, bias])
    let slope = surface.slope(weight: weight, bias: bias)
    let gradient = Matrix<Double>(rows: 1, columns: 2, [slope.byWeight, slope.byBias])
    let report = GradientCheck.run([.init(name: "w, b", values: place, gradient: gradient)]) {
      .init(loss: surface.error(weight: place[0, 0], bias: place[0, 1]))
    }
    // Truncation and rounding near 1e-10 of a gradient near 0.1.
    #expect(report.worst < 1e-8, "\(report)")
  }

  /// Where the unit stays at x₀ the recursion is a geometric series with the ratio w σ′(x₀).
  @Test(arguments: [1.0, 3, 4, 4.5, 4.9]) func theStandingLineHasAClosedForm(weight: Double) {
    let bias = surface.standingBias(weight: weight)
    let slope = surface.slope(weight: weight, bias: bias)
    let output = 1 / (1 + exp(-0.5))
    let factor = weight * output * (1 - output)
    #expect(abs(surface.standingFactor(weight: weight) - factor) < 1e-15)
    let byBias =
      2 * (output - 0.7) * output * (1 - output) * (pow(factor, 50) - 1) / (factor - 1)
    // The state leaves x₀ by a rounding, which the steps multiply by up to 1.15⁵⁰ ≈ 1,200.
    #expect(abs(slope.error - (output - 0.7) * (output - 0.7)) < 1e-11)
    #expect(abs(slope.byBias - byBias) < 1e-9 * abs(byBias))
    #expect(abs(slope.byWeight - output * byBias) < 1e-9 * abs(byBias))
    #expect(abs(slope.norm - abs(byBias) * hypot(1, output)) < 1e-9 * slope.norm)
  }

  // MARK: Descent

  private func path(_ clipping: Clipping, rate: Double = 0.08, updates: Int = 100) -> DescentPath {
    DescentPath(
      on: surface, from: (4.9, -2.3), rate: rate, clipping: clipping, updates: updates)
  }

  /// The paper's picture: the first touch of the wall throws the plain path off.
  @Test func plainDescentIsThrownOffTheWall() {
    let path = path(.none)
    let (update, norm) = path.steepest
    #expect(path.points.count == 101 && norm > 100)
    #expect(path.points[..<update].allSatisfy { $0.gradientNorm < 0.4 })
    #expect(path.points[update...].dropFirst().allSatisfy { $0.weight > 9 && $0.error > 0.089 })
    #expect(path.clippedFraction == 0)
  }

  @Test func clippedDescentStaysAndArrives() throws {
    let path = path(.norm(1))
    for (one, next) in zip(path.points, path.points.dropFirst()) {
      expectStep(from: one, to: next, length: min(1, one.gradientNorm))
      #expect(one.isClipped == (one.gradientNorm > 1))
    }
    let end = try #require(path.points.last)
    #expect(end.error < 1e-3 && abs(end.weight - 4.5) < 0.1)
  }

  /// Under `auto:0` every step has the shortest gradient's length so far, under `agc:λ` at most λ
  /// times the place's: a rule keeps what it remembers, and sees the weights.
  @Test func rulesRememberAndSeeThePlace() {
    var shortest = Double.infinity
    let remembering = path(.auto(0)).points
    for (one, next) in zip(remembering, remembering.dropFirst()) {
      shortest = min(shortest, one.gradientNorm)
      expectStep(from: one, to: next, length: shortest)
    }
    let relative = path(.agc(0.1)).points
    #expect(relative.contains { $0.isClipped })
    for (one, next) in zip(relative, relative.dropFirst()) {
      expectStep(
        from: one, to: next, length: min(0.1 * hypot(one.weight, one.bias), one.gradientNorm))
    }
  }

  /// η times `length`, to the rounding of places near 5.
  private func expectStep(
    from one: DescentPath.Point, to next: DescentPath.Point, length: Double
  ) {
    let step = hypot(next.weight - one.weight, next.bias - one.bias)
    #expect(abs(step - 0.08 * length) < 1e-14)
  }

  @Test func aPathEndsBeforeItIsNotFinite() {
    let path = DescentPath(
      on: surface, from: (4.9, surface.standingBias(weight: 4.9)), rate: 1e307, clipping: .none,
      updates: 100)
    #expect(path.points.count == 1 && path.points[0].gradientNorm > 300)
    #expect(self.path(.none, updates: 0).clippedFraction == nil)
  }
}
