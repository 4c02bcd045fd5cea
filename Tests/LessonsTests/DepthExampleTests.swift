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
