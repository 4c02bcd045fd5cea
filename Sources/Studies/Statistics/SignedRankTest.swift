import Foundation

/// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945, *Individual comparisons by
/// ranking methods*): whether they lie symmetrically about 0.
///
/// Differences of 0 are dropped. The others are ranked by magnitude, equal ones with the mean of their
/// ranks, and W⁺ is the sum of the ranks of the positive ones. The p-value is exact, also with ties: it
/// counts in how many of the 2ⁿ choices of signs W⁺ is as far from its mean as here, or farther. Above
/// ``largestExact`` pairs it is that of the normal approximation, with the variance of the ranks as
/// they are.
public struct SignedRankTest: Equatable, Sendable {
  /// The largest number of differences whose p-value is exact.
  public static let largestExact = 500

  /// The number of differences that are not 0.
  public let count: Int
  /// The number of differences that are 0, or of two infinite values.
  public let zeros: Int
  /// W⁺.
  public let statistic: Double
  /// The two-sided p-value; 1 where all differences are 0.
  public let p: Double

  /// The test of `differences`, which may be infinite: those rank above all finite ones.
  ///
  /// - Precondition: none is NaN.
  public init(_ differences: [Double]) {
    let nonzero = differences.filter { $0 != 0 }
    count = nonzero.count
    zeros = differences.count - nonzero.count
    let ranks = Self.doubledRanks(nonzero.map(abs))
    let positive = zip(nonzero, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    statistic = Double(positive) / 2
    p = Self.p(doubledSum: positive, doubledRanks: ranks)
  }

  /// The least p-value that any `count` pairs can have: all differences of one sign, in 2 of 2ⁿ choices.
  public static func leastP(_ count: Int) -> Double { min(1, 2 * pow(0.5, Double(count))) }

  /// The least number of pairs that can have a p-value of at most `p`.
  public static func pairsNeeded(forP p: Double) -> Int {
    var count = 1
    while leastP(count) > p { count += 1 }
    return count
  }

  /// Twice the rank of each magnitude, which is whole also where equal ones share the mean.
  private static func doubledRanks(_ magnitudes: [Double]) -> [Int] {
    let order = magnitudes.indices.sorted { magnitudes[$0] < magnitudes[$1] }
    var ranks = [Int](repeating: 0, count: magnitudes.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, magnitudes[order[end]] == magnitudes[order[start]] { end += 1 }
      // Ranks start + 1 to end.
      for place in start..<end { ranks[order[place]] = start + 1 + end }
      start = end
    }
    return ranks
  }

  private static func p(doubledSum: Int, doubledRanks ranks: [Int]) -> Double {
    let total = ranks.reduce(0, +)
    guard total > 0 else { return 1 }
    let low = min(doubledSum, total - doubledSum)
    guard ranks.count <= largestExact else {
      let deviation = sqrt(ranks.reduce(0.0) { $0 + Double($1) * Double($1) } / 4)
      return min(1, erfc((Double(total) / 2 - Double(low)) / deviation / sqrt(2)))
    }
    // probability[s] is that of the sum s over the ranks so far, each in or out with probability ½.
    var probability = [Double](repeating: 0, count: total + 1)
    probability[0] = 1
    var reached = 0
    for rank in ranks {
      reached += rank
      for sum in stride(from: reached, through: 0, by: -1) {
        probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2
      }
    }
    return min(1, 2 * probability[...low].reduce(0, +))
  }
}
