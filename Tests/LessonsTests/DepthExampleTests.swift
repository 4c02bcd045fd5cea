import Foundation
import Testing
import UnrollDenseMath
import UnrollFeedForward
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollText

@testable import UnrollLessons
@testable import UnrollReports
@testable import UnrollStudies

/// The number that each worked example is about.
struct DepthExampleTests {
  private func numbers(_ report: DepthReport, _ key: String) throws -> [Double] {
    try #require(report.facts[key]?.array).map { value in
      try #require(value.double ?? value["value"]?.double)
    }
  }

  /// ∂L/∂h₁ = (ŷ − y)·Π σ′(z_i)·w_i over units 2 to 4, and ∂L/∂b₁ that times σ′(z_1), for weights that
  /// are not all one; 1e-14 is some 30 roundings of Float64.
  @Test func chainFollowsTheClosedForm() {
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
    let measured = Chain(weights: w, biases: b, input: x, target: y).measure(label: "chain")
    let first = measured.layers[0]
    #expect(abs(first.hiddenMean - abs(gradient)) < 1e-14)
    #expect(abs(first.biasNorm - abs(gradient * slope(z1))) < 1e-14)
    for (factor, weight) in zip(zip(measured.norms, measured.norms.dropFirst()), w.dropFirst()) {
      #expect(factor.0 / factor.1 <= abs(weight) / 4)
    }
  }

  /// Products of 1.5 and 0.5 are exact in Float64 up to 3³³ < 2⁵³.
  @Test func powersAreExact() throws {
    let width = PowersExample.width
    for scale in [1.5, 0.5] {
      let stack = FeedForwardNetwork(
        FeedForwardSpecification(.identity, .identity(scale)), inputs: width, width: width,
        depth: 20)
      let parameters = stack.initialParameters(seed: 1)
      let pass = FeedForwardPass<Double>(stack, rows: 1)
      pass.forward(parameters, Matrix(rows: 1, columns: width, [1, 2, -3, 4]))
      #expect(pass.outputs.values == [1, 2, -3, 4].map { $0 * pow(scale, 20) })
      _ = pass.loss(.cotangents(Matrix(rows: 1, columns: width, [1, -1, 2, 0])))
      pass.backward(parameters, into: Parameters(stack.layout))
      #expect(pass.hiddenGradient(1).values == [1, -1, 2, 0].map { $0 * pow(scale, 19) })
    }
    // Norms take square roots: a few units in the last place.
    let reach = try numbers(PowersExample.report(seed: 1), "reach")
    #expect(abs(reach[0] / pow(1.5, 19) - 1) < 1e-14 && abs(reach[1] / pow(0.5, 19) - 1) < 1e-14)
  }

  /// The greatest finite numbers are just under 2¹⁶, 2¹²⁸, 2¹²⁸, 2¹⁰²⁴; a half of the least subnormal
  /// (2⁻²⁴, 2⁻¹³³, 2⁻¹⁴⁹, 2⁻¹⁰⁷⁴) rounds to 0. Each product of 1.5 is rounded, which costs bfloat16's 8
  /// bits one layer.
  @Test func formatsEndWhereTheirExponentsDo() {
    let vanish = NumberFormat.kept.map { $0.depth(of: 0.5) }
    #expect(vanish == [25, 134, 150, 1075])
    let exponents = [16.0, 128, 128, 1024]
    for (format, exponent) in zip(NumberFormat.kept, exponents) {
      let exact = Int((exponent / log2(1.5)).rounded(.up))
      #expect((exact...exact + 1).contains(format.depth(of: 1.5)), "\(format)")
    }
    // The stack itself, in Float32.
    let stack = FeedForwardNetwork(
      FeedForwardSpecification(.identity, .identity(1.5)), inputs: 1, width: 1, depth: 219)
    let parameters = Parameters<Float>(stack.layout)
    parameters.values.assign(rounding: stack.initialParameters(seed: 1).values)
    let pass = FeedForwardPass<Float>(stack, rows: 1)
    pass.forward(parameters, Matrix(rows: 1, columns: 1, [1]))
    #expect(pass.hidden(218)[0, 0].isFinite && pass.hidden(219)[0, 0] == .infinity)
  }

  @Test func repairBringsTheGradientBack() throws {
    let report = RepairExample.report(seed: 1)
    let reach = try numbers(report, "reach")
    // No factor of a chain exceeds |w|/4; a ReLU chain of width 1 is cut.
    #expect(reach[0] < 1e-10 && reach[1] == 0 && reach[4] < 1e-8)
    #expect([reach[2], reach[3], reach[5], reach[6], reach[7]].allSatisfy { $0 > 0.01 })
    // A line that a logarithmic axis cannot show is named.
    #expect(report.figure.terminalKey[1].finding == "0 in layers 1 to 19, not drawn")
  }

  @Test func threeHiddenStandsStillInFront() throws {
    let ratios = try numbers(ThreeHiddenExample.report(seed: 1), "first_over_third")
    #expect(ratios[0] <= 0.1 && ratios[1] >= 0.5)
  }

  @Test func hundredLayersPassAFifthAndLess() throws {
    let report = HundredExample.report(seed: 1)
    let norms = report.stacks[0].norms
    #expect(norms[80...].allSatisfy { $0 > 0.01 * norms[99] })
    #expect(norms[..<80].allSatisfy { $0 < 0.01 * norms[99] })
    #expect(norms[0] < 1e-7 * norms[99])
    #expect(abs(report.stacks[0].factor - 0.8) < 0.05)
    #expect(try numbers(report, "reach").dropFirst().allSatisfy { $0 >= 0.01 })
  }

  @Test func initializationsDieHoldOrSaturate() throws {
    let report = InitializationsExample.report(seed: 1)
    let (reach, saturated) = (try numbers(report, "reach"), try numbers(report, "saturated"))
    // normal:0.01 has gain 0.01·√128 = 0.113 a layer: 0.113²⁹ = 3.6e-28.
    #expect((1e-29...1e-26).contains(reach[0]))
    #expect(saturated[1] > 0.5 && reach[1] > 1e3)
    #expect([reach[4], reach[5], reach[7]].allSatisfy { (0.05...1).contains($0) })
  }

  @Test func deadUnitsStayDead() throws {
    let report = DyingReLUExample.report(seed: 1)
    let (killed, ended) = (try numbers(report, "killed"), try numbers(report, "ended"))
    #expect(killed[0] > 0.3 && ended[0] >= killed[0] - 0.05)
    #expect(killed.dropFirst().allSatisfy { $0 == 0 } && ended.dropFirst().allSatisfy { $0 == 0 })
  }

  @Test func learningRatesStandStillLearnAndExplode() throws {
    let report = LearningRateExample.report(seed: 1)
    let facts = report.facts
    let (start, losses) = (facts["start"]?.double ?? .nan, facts["loss"]?.array ?? [])
    let updates = facts["first_update"]?.array?.compactMap(\.double) ?? []
    try #require(losses.count == 3 && updates.count == 3)
    #expect(abs((losses[0].double ?? .nan) - start) < 0.01 * start)
    #expect((losses[1].double ?? .nan) < 0.9 * start)
    #expect(updates[0] < 1e-5 && updates[2] > 1)
    // After the last update, as in the stacks; an update's own loss is the one before it.
    #expect(losses[1].double == report.stacks[1].loss)
    #expect(report.text.contains("falls to \(NumberText.significant(report.stacks[1].loss))."))
    #expect(report.stacks[1].updates.last?.loss != report.stacks[1].loss)
    #expect((facts["largest_loss"]?.array?[2].double ?? .nan) > 1000 * start)
    // The loss that explodes does not flatten the other two.
    let ceiling = try #require(report.panels[1].ceiling)
    #expect(ceiling > start && ceiling < 2 * start)
  }

  @Test func pretrainingHelpsFromTheSameStart() throws {
    let report = PretrainingExample.report(seed: 1)
    let facts = report.facts
    let reach = facts["reach"]?.array?.compactMap(\.double) ?? []
    let loss = facts["loss"]?.array?.compactMap(\.double) ?? []
    try #require(reach.count == 2 && loss.count == 2)
    #expect(reach[1] > 2 * reach[0] && loss[1] < loss[0])
    // The loss after the last update rather than before it.
    #expect(loss == report.stacks.map(\.loss))
    #expect(report.stacks.allSatisfy { $0.updates.last?.loss != $0.loss })
  }
}
