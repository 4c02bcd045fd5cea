import Testing

@testable import UnrollStudies

struct DecayMilestonesTests {
  private let curves = [0, 100, 200, 300].map { step in
    WatchedCurve(step: step, norms: (0..<8).map { 1 / Double(1 << $0) })
  }

  private func milestones(_ losses: [(step: Int, loss: Double)]) -> DecayMilestones? {
    DecayMilestones(path: "h", layer: 0, curves, losses: losses, baseline: 2)
  }

  /// Below 1.8; a loss that rises again does not matter.
  @Test func theLossLeavesItsBaselineOnce() throws {
    let left = try #require(
      milestones([(50, 2.1), (150, 1.85), (160, 1.79), (250, 2), (300, 0.1)]))
    #expect(left.start.step == 0 && left.end.step == 300)
    #expect(left.leftBaseline?.step == 200)
    #expect(left.end.fit.halfLife.map { abs($0 - 1) < 1e-12 } == true)
  }

  @Test func aLossThatStaysHasNoSuchPoint() {
    #expect(milestones([(50, 2.1), (300, 1.81)])?.leftBaseline == nil)
    #expect(milestones([(50, .nan)])?.leftBaseline == nil)
    // After the last measurement.
    #expect(milestones([(301, 1)])?.leftBaseline == nil)
  }

  @Test func withoutAMeasurementThereIsNone() {
    #expect(DecayMilestones(path: "h", layer: 0, [], losses: [(1, 1)], baseline: 2) == nil)
  }
}
