import Foundation

/// The tails of a binomial distribution of a fair coin, Bin(n, ½).
struct BinomialTails {
  private let trials: Int

  init(trials: Int) { self.trials = trials }

  /// P(X ≤ k), exact to rounding.
  func atMost(_ k: Int) -> Double {
    guard k >= 0 else { return 0 }
    // Logarithms, because 2^−n underflows from n = 1,075 on.
    let n = Double(trials)
    let logs = (0...min(k, trials)).map { successes -> Double in
      let k = Double(successes)
      return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)
    }
    let largest = logs.max() ?? 0
    return min(1, exp(largest) * logs.reduce(0) { $0 + exp($1 - largest) })
  }
}
