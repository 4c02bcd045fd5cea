import Foundation
import Testing

@testable import UnrollGradientFlow

@Suite struct DecayFitTests {
  private func fit(_ values: [Double]) -> DecayFit {
    DecayFit(DecayCurve(layer: 0, path: .hidden, norms: values.map { [$0] }))
  }

  @Test func verdicts() {
    #expect(fit((0..<50).map { 1 + 0.1 * sin(Double($0)) }).verdict == .flat)
    #expect(fit((0..<50).map { pow(0.9, Double($0)) }).verdict == .exponential)
    #expect(fit((0..<50).map { pow(1.1, Double($0)) }).verdict == .growing)
    // The halves' slopes differ by more than a third although R² is high.
    #expect(fit((0..<50).map { exp(-0.004 * Double($0 * $0) - 0.1 * Double($0)) }).verdict == .bent)
    #expect(fit((0..<50).map { $0 % 2 == 0 ? 1 : 1e-3 }).verdict == .bent)
  }

  @Test(arguments: [[], [0], [0, 0, 0]])
  func aCurveOfZerosIsZero(_ values: [Double]) {
    #expect(fit(values).verdict == .zero && DecayFit(means: values).verdict == .zero)
  }

  @Test(arguments: [[.nan], [.infinity, .nan], [.nan, 0], [.infinity, 0, 0]])
  func aCurveWithoutAPositiveFiniteNormIsNotFinite(_ values: [Double]) {
    #expect(fit(values).verdict == .notFinite && DecayFit(means: values).verdict == .notFinite)
  }

  /// A line needs four points for its halves to be compared.
  @Test func fewerThanFourNormalNormsAreTooShort() {
    for values in [[1], [1, 0, 0], [1, .infinity, .nan], [1, 0.5, 0.25], [1, 2, 4, 0, .nan]] {
      #expect(fit(values).verdict == .tooShort && fit(values).halfLife == nil, "\(values)")
    }
    #expect(
      fit([1, 0.1, 0.01, 0.001]).verdict == .exponential && fit([1, 1, 1, 1]).verdict == .flat)
    let subnormal = [1, 0.5, 0.25, Double.leastNonzeroMagnitude]
    #expect(fit(subnormal).verdict == .tooShort)
  }

  /// Where gradient enters again and again, a curve saturates at what enters, which says nothing of how
  /// it is passed on; where it enters is asked after whether there is anything to judge.
  @Test func aCurveIntoWhichGradientEntersHasNoHalfLife() {
    let halving = (0..<30).map { pow(0.5, Double($0)) }
    let values = halving.indices.map { halving[...$0].reduce(0, +) }
    let injected = DecayFit(means: values, entry: .severalSteps)
    #expect(injected.verdict == .injected && injected.horizon == nil && injected.halfLife == nil)
    #expect(!injected.horizonCensored && injected.rate != nil)
    #expect(DecayFit(means: values).verdict == .flat)
    #expect(DecayFit(means: halving, entry: .severalSteps).halfLife == nil)
    #expect(DecayFit(means: halving, entry: .lastOfSeveral).verdict == .exponential)
    for (values, verdict) in [
      ([0, 0, 0, 0], DecayFit.Verdict.zero), ([.nan, .nan], .notFinite),
      ([1, 0.5, 0.25], .tooShort),
    ] {
      let fit = DecayFit(means: values, entry: .severalSteps)
      #expect(fit.verdict == verdict && fit.horizon == nil)
    }
  }

  @Test func verdictsHaveTheWordsThatReportsShow() {
    #expect(
      DecayFit.Verdict.allCases.map(\.rawValue)
        == [
          "not_finite", "zero", "too_short", "injected", "flat", "exponential", "growing", "bent",
        ])
  }

  @Test func onlyVerdictsWithARateHaveHalfLives() {
    let bent = fit((0..<50).map { $0 % 2 == 0 ? 1 : 1e-3 })
    #expect(bent.halfLife == nil && bent.doublingTime == nil && bent.rate != nil)
  }

  @Test(arguments: [[], [0], [1], [0, 0, 0], [.nan, 1], [1, .infinity, .nan], [1, 0, 0]])
  func oddCurvesDoNotTrap(_ values: [Double]) {
    let result = fit(values)
    #expect(result.halfLife == nil)
    if values.allSatisfy({ $0 == 0 }) { #expect(result.rate == nil && result.horizon == nil) }
  }

  @Test func normsThatAreNotNormalAreLeftOutOfTheFit() {
    let values = (0..<40).map { pow(0.5, Double($0)) } + [Double.leastNonzeroMagnitude, 0, 0]
    #expect(abs((fit(values).rate ?? 0) - 0.5) < 1e-12)
  }

  @Test func horizonIsTheLastLagAboveOnePercent() {
    let result = fit([1, 0.5, 0.02, 0.005, 0.011, 0.001])
    #expect(result.horizon == 4)
    #expect(!result.horizonCensored)
  }

  /// Rows that decay at 0.8 and 0.9: the interval covers the fit and lies between the two.
  @Test func intervalComesFromRows() throws {
    let norms = (0..<60).map { lag in
      (0..<20).map { pow($0 % 2 == 0 ? 0.85 : 0.86, Double(lag)) }
    }
    let result = DecayFit(DecayCurve(layer: 0, path: .cell, norms: norms))
    let interval = try #require(result.rateInterval)
    #expect(interval.contains(try #require(result.rate)))
    #expect(interval.lowerBound >= 0.85 - 1e-9 && interval.upperBound <= 0.86 + 1e-9)
    #expect(interval.lowerBound < interval.upperBound)
    #expect(DecayFit(DecayCurve(layer: 0, path: .cell, norms: norms)) == result)
  }

  @Test func quantilesInterpolate() {
    let curve = DecayCurve(layer: 0, path: .hidden, norms: [[3, 1, 2, 5, 4], [7]])
    #expect(curve.quantiles(0.5) == [3, 7])
    #expect(abs(curve.quantiles(0.1)[0] - 1.4) < 1e-15)
    #expect(abs(curve.geometricMeans[0] - pow(120, 0.2)) < 1e-14)
    #expect(DecayCurve(layer: 0, path: .hidden, norms: [[0, 1]]).geometricMeans == [0])
  }
}
