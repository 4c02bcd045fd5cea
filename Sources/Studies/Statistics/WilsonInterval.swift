import Foundation

/// The 95% score interval of a share (Wilson 1927, *Probable inference, the law of succession, and
/// statistical inference*): with z = 1.96, n trials and p the share of successes,
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). It stays within 0 and 1, and is not empty where
/// all or none of the trials succeeded.
public struct WilsonInterval: Equatable, Sendable {
  /// The ends, from 0 to 1.
  public let low, high: Double

  /// The interval of `successes` in `trials`; nil without a trial.
  public init?(successes: Int, trials: Int) {
    guard trials > 0 else { return nil }
    let (n, z) = (Double(trials), 1.959963984540054)
    let (p, square) = (Double(successes) / n, z * z)
    let center = (p + square / (2 * n)) / (1 + square / n)
    let half = z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    // Rounding may leave the exact ends 0 and 1 by a digit.
    low = successes == 0 ? 0 : max(0, center - half)
    high = successes == trials ? 1 : min(1, center + half)
  }
}
