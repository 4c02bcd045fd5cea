import Testing

@testable import UnrollGradientFlow
@testable import UnrollReports

/// What the keys of the sections' figures say.
struct SectionFindingTests {
  /// What is left is that of the last lag whose gradient has all of its digits.
  @Test func gatesOfAFadedGradientAreThoseBeforeIt() {
    let curve = GateCurve(
      layer: 0, path: .cell, logProducts: [0, -1, -2, -3, -1_000],
      logDecays: [0, -2, -4, .nan, .nan], logCarried: [0, -1, -2, -3, -4], unitGates: [0.4])
    #expect(curve.lastLag == 2 && curve.left(curve.logProducts) == ", 0.1353 left at lag 2")
    #expect(
      curve.left([0, -1, .nan]) == "" && curve.left([0, -1, -.infinity]) == ", 0.000 left at lag 2")
    #expect(curve.shares == [nil, 0.5, 0.5, nil, nil])
  }

  /// A rate says how it was found, as in the decay curves' figure.
  @Test func aContributionHasAVerdict() {
    func curve(_ norms: [Double]) -> String {
      ContributionCurve(layer: 0, weight: .recurrent, norms: norms).fit.finding
    }
    #expect(curve([8, 4, 2, 1, 0.5, 0.25]) == "0.500/step, half-life 1.0")
    #expect(curve([1, 1, 1, 1, 0.1, 0.001]).hasSuffix("/step, bent"))
    #expect(curve([0, 0, 0]) == "zero")
  }
}
