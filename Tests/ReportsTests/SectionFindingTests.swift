import Testing

@testable import UnrollGradientFlow
@testable import UnrollReports

/// What the keys of the sections' figures say.
struct SectionFindingTests {
  /// From lag 0 to lag 9, both falling by `product` and `decay` a step, in ln.
  private func gates(product: Double, decay: Double) -> String {
    let lags = (0..<10).map(Double.init)
    return GateCurve(
      layer: 0, path: .cell, logProducts: lags.map { $0 * product },
      logDecays: lags.map { $0 * decay }
    ).finding
  }

  @Test func everyShareOfTheGatesIsSaidInWords() {
    #expect(gates(product: -0.3, decay: -0.6) == "explains 50% of the decay at lag 9")
    #expect(
      gates(product: -0.6, decay: -0.3) == "falls further than the gradient (share 200% at lag 9)")
    #expect(
      gates(product: -0.1, decay: 0.2)
        == "falls, the gradient grows: not explained (share −50% at lag 9)")
    #expect(
      gates(product: -0.1, decay: 0.01)
        == "has no share at lag 9: the gradient changes by less than a factor of 2")
    #expect(gates(product: -.infinity, decay: -1) == "has no share at lag 9")
  }

  /// The share is that of the last lag whose gradient has all of its digits.
  @Test func gatesOfAFadedGradientAreThoseBeforeIt() {
    let curve = GateCurve(
      layer: 0, path: .cell, logProducts: [0, -1, -2, -3, -1_000],
      logDecays: [0, -2, -4, .nan, .nan])
    #expect(curve.finding == "explains 50% of the decay at lag 2" && curve.lastLag == 2)
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
