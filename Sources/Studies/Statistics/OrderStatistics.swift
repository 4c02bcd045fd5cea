import Foundation

/// Values in ascending order. Those that are infinite or not a number, as the loss of a run that
/// diverged, count as +∞.
public struct OrderStatistics: Equatable, Sendable {
  /// In ascending order.
  public let values: [Double]

  /// Sorts `values`.
  public init(_ values: [Double]) {
    self.values = values.map { $0.isFinite ? $0 : .infinity }.sorted()
  }

  /// The value below which a share `p` of the values lies, by linear interpolation between the two
  /// nearest (NumPy's and R's default, type 7 of Hyndman & Fan 1996); nil without values.
  public func quantile(_ p: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let place = p * Double(values.count - 1)
    let below = Int(place)
    let (low, high) = (values[below], values[min(below + 1, values.count - 1)])
    let share = place - Double(below)
    // Also where both are +∞, whose difference is not a number.
    if share == 0 || low == high { return low }
    return high.isFinite ? low + share * (high - low) : .infinity
  }

  /// The middle value, or the mean of the two in the middle; nil without values.
  public var median: Double? { quantile(0.5) }

  /// The 95% interval of the median, whatever the distribution; nil below 6 values.
  public var medianInterval: ClosedRange<Double>? {
    Self.medianRanks(count: values.count).map { values[$0.low]...values[$0.high] }
  }

  /// Which of `count` values in ascending order, counted from 0, bound the 95% interval of their median:
  /// the k-th least and the k-th largest, with the largest k for which at most 2.5% of all samples have
  /// fewer than k values below the median, P(Bin(n, ½) < k) ≤ 0.025. Nil below 6 values, of which no
  /// interval is sure enough.
  static func medianRanks(count: Int) -> (low: Int, high: Int)? {
    let tails = BinomialTails(trials: count)
    // Three standard deviations below n/2, where the tail is still thinner.
    var k = max(0, Int(Double(count) / 2 - 1.5 * Double(count).squareRoot()))
    while tails.atMost(k) <= 0.025 { k += 1 }
    return k == 0 ? nil : (low: k - 1, high: count - k)
  }

  /// The least number of updates by which at least half of `runs` runs had solved their task, where
  /// `updates` are those of the runs that did; nil where fewer than half did.
  ///
  /// It is the median in which a run that never solved the task counts as infinite, and of an even
  /// number the lower of the two in the middle.
  public static func updatesByWhichHalfSolved(_ updates: [Int], runs: Int) -> Int? {
    let needed = (runs + 1) / 2
    guard needed > 0, updates.count >= needed else { return nil }
    return updates.sorted()[needed - 1]
  }
}
