import Testing
import UnrollStudies

struct SignedRankTestTests {
  /// Against SciPy 1.17: `wilcoxon(d, method="exact")`, and with ties
  /// `wilcoxon(d, zero_method="wilcox", method=PermutationMethod(n_resamples=10**7))`, which goes
  /// through all choices of signs.
  @Test(arguments: [
    ([1.1, -0.4, 2.3, 0.7, -0.2, 1.9, 3.1, 0.05], 0, 31, 0.078125),
    ([0.5, 0.5, -0.5, 1, 1, 2, -3, 0, 0, 4], 2, 27, 0.25),
    ([-1, -2, -3, -4, -5, -6], 0, 0, 0.03125),
  ])
  func isSciPys(differences: [Double], zeros: Int, statistic: Double, p: Double) {
    let test = SignedRankTest(differences)
    #expect(test.zeros == zeros && test.count == differences.count - zeros)
    #expect(test.statistic == statistic)
    #expect(abs(test.p - p) < 1e-15)
  }

  /// The same for 40 values without ties, to rounding over 2⁴⁰ choices.
  @Test func isSciPysForMany() {
    let test = SignedRankTest([
      0.354102, 0.572791, -0.682188, -0.807373, 0.499585, -0.16675, 0.535506, 1.05952, -1.348787,
      0.554388, 1.524647, 0.002473, -0.510815, 1.052244, 0.553447, 1.195883, -0.045216, -1.181818,
      0.189989, -0.145828, 1.075324, 0.493633, -1.330849, -0.895163, 1.183789, 0.979765, -0.340243,
      0.298951, 0.745574, 0.768404, 1.176242, 0.556486, 0.205172, 0.041152, 1.355743, -1.950854,
      0.161345, 0.333, -1.125349, 0.632814,
    ])
    #expect(abs(test.p - 0.1058129653429205) < 1e-12)
  }

  /// An infinite difference ranks above all others; two infinite losses differ by nothing.
  @Test func infiniteDifferencesRankHighest() {
    #expect(
      SignedRankTest([.infinity, 1, -2, .infinity, 3]).p == SignedRankTest([9, 1, -2, 9, 3]).p)
    #expect(SignedRankTest([0, 0]).p == 1 && SignedRankTest([]).p == 1)
  }

  /// The normal approximation begins where it is close to the exact value.
  @Test func theApproximationContinuesTheExactTest() {
    func test(_ count: Int) -> Double {
      SignedRankTest((1...count).map { $0 % 9 < 4 ? Double(-$0) : Double($0) }).p
    }
    let (exact, approximate) = (
      test(SignedRankTest.largestExact), test(SignedRankTest.largestExact + 1)
    )
    #expect(abs(exact - approximate) < 0.01)
  }

  @Test func theLeastPNeedsPairs() {
    #expect(SignedRankTest.leastP(5) == 0.0625 && SignedRankTest.leastP(6) == 0.03125)
    #expect(SignedRankTest.pairsNeeded(forP: 0.05) == 6)
    #expect(SignedRankTest.pairsNeeded(forP: 0.05 / 3) == 7)
  }
}
