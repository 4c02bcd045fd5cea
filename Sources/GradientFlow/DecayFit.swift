import Foundation
import UnrollDenseMath

/// What a decay curve amounts to: a rate per step, how well it describes the curve, and how far
/// back the gradient reaches.
///
/// The verdict is the first of ``Verdict``'s cases that holds, in their order.
public struct DecayFit: Sendable, Equatable {
  /// The shape of a decay curve g(k).
  public enum Verdict: String, Sendable, CaseIterable, CustomStringConvertible {
    /// No norm is both positive and finite, and not all are 0.
    case notFinite = "not_finite"
    /// Every norm is 0; also of a curve without lags.
    case zero
    /// Fewer than 4 norms are normal numbers.
    case tooShort = "too_short"
    /// Gradient enters at more than one step (``GradientEntry/severalSteps``), so that the curve does
    /// not show how it is passed on.
    case injected
    /// The largest norm is less than 10 times the smallest.
    case flat
    /// A straight line in ln g, falling: R² ≥ 0.95, both halves' slopes within a third.
    case exponential
    /// Likewise, rising.
    case growing
    /// None of these.
    case bent

    /// As in tables and files: `not_finite`.
    public var description: String { rawValue }
  }

  /// e^slope of the least-squares line through ln g(k); nil with fewer than two normal numbers.
  public let rate: Double?
  /// A 95% bootstrap interval of the rate over rows; nil with fewer than two rows.
  public let rateInterval: ClosedRange<Double>?
  /// R² of that line; nil where ln g does not vary.
  public let r2: Double?
  /// The shape of the curve.
  public let verdict: Verdict
  /// ln 2/−slope, only for `exponential`, in steps.
  public let halfLife: Double?
  /// ln 2/slope, only for `growing`, in steps.
  public let doublingTime: Double?
  /// The largest lag with g(k) ≥ 1% of g(0); nil where g(0) is 0 or not finite, and where gradient
  /// enters at more than one step.
  public let horizon: Int?
  /// Whether that is the last lag measured, so that the true horizon may lie further back.
  public let horizonCensored: Bool

  /// The share of g(0) that is still there at the ``horizon``: 1%.
  public static let horizonShare = 0.01
}

extension DecayFit {
  /// Fits g(k), the curve's mean over rows.
  ///
  /// - Parameters:
  ///   - resamples: bootstrap samples for the interval.
  ///   - seed: of the bootstrap.
  public init(_ curve: DecayCurve, resamples: Int = 1000, seed: UInt64 = 1) {
    let means = curve.means
    let line = Line(through: means)
    let verdict = Self.verdict(on: means, line, curve.entry)
    rate = line.map { exp($0.slope) }
    rateInterval = line.flatMap { _ in
      Self.interval(curve, resamples: resamples, seed: seed)
    }
    r2 = line?.r2
    self.verdict = verdict
    halfLife = verdict == .exponential ? line.map { log(2) / -$0.slope } : nil
    doublingTime = verdict == .growing ? line.map { log(2) / $0.slope } : nil
    let first = means.first ?? 0
    horizon =
      curve.entry != .severalSteps && first > 0 && first.isFinite
      ? means.lastIndex { $0 >= Self.horizonShare * first } : nil
    horizonCensored = horizon == means.count - 1
  }

  /// Fits g(k) alone, without its rows and so without an interval.
  ///
  /// - Parameter entry: at how many steps the gradient enters.
  public init(means: [Double], entry: GradientEntry = .once) {
    self.init(
      DecayCurve(layer: 0, path: .hidden, norms: means.map { [$0] }, entry: entry), resamples: 0)
  }

  private static func verdict(
    on means: [Double], _ line: Line?, _ entry: GradientEntry
  ) -> Verdict {
    if means.allSatisfy({ $0 == 0 }) { return .zero }
    guard means.contains(where: { $0 > 0 && $0.isFinite }) else { return .notFinite }
    guard means.count(where: { $0.isNormal && $0 > 0 }) >= 4 else { return .tooShort }
    if entry == .severalSteps { return .injected }
    if let largest = means.max(), let smallest = means.min(), smallest > 0,
      largest / smallest < 10, !means.contains(where: \.isNaN)
    {
      return .flat
    }
    guard let line, let r2 = line.r2, r2 >= 0.95, let halves = line.halves,
      abs(halves.0 - halves.1) <= abs(line.slope) / 3
    else { return .bent }
    return line.slope < 0 ? .exponential : .growing
  }

  /// The 2.5% and 97.5% quantiles of the rate when rows are drawn anew with replacement.
  private static func interval(
    _ curve: DecayCurve, resamples: Int, seed: UInt64
  ) -> ClosedRange<Double>? {
    guard let rows = curve.norms.map(\.count).max(), rows >= 2, resamples > 0 else { return nil }
    var random = RandomNumbers(seed: seed)
    var rates: [Double] = []
    for _ in 0..<resamples {
      let drawn = (0..<rows).map { _ in random.integer(in: 0..<rows) }
      let means = curve.norms.map { mean($0, of: drawn) }
      if let line = Line(through: means) { rates.append(exp(line.slope)) }
    }
    guard !rates.isEmpty else { return nil }
    rates.sort()
    func quantile(_ q: Double) -> Double { rates[Int((q * Double(rates.count - 1)).rounded())] }
    return quantile(0.025)...quantile(0.975)
  }

  /// The mean over the rows drawn that reach back to this lag.
  private static func mean(_ norms: [Double], of drawn: [Int]) -> Double {
    let present = Double(drawn.count { $0 < norms.count })
    return drawn.reduce(0) { $1 < norms.count ? $0 + norms[$1] / present : $0 }
  }
}

/// The least-squares line through (k, ln g(k)) over the lags where g(k) is a normal number.
private struct Line {
  let slope: Double
  /// nil where ln g does not vary.
  let r2: Double?
  /// The slopes of the first and second half of the points; nil with fewer than four.
  let halves: (Double, Double)?

  init?(through values: [Double]) {
    let points = values.enumerated().compactMap { lag, value in
      value.isNormal && value > 0 ? (Double(lag), log(value)) : nil
    }
    guard let whole = Line.slope(points) else { return nil }
    slope = whole.slope
    r2 = whole.r2
    let middle = points.count / 2
    if points.count >= 4, let first = Line.slope(Array(points[..<middle])),
      let second = Line.slope(Array(points[middle...]))
    {
      halves = (first.slope, second.slope)
    } else {
      halves = nil
    }
  }

  private static func slope(_ points: [(x: Double, y: Double)]) -> (slope: Double, r2: Double?)? {
    guard points.count >= 2 else { return nil }
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for point in points {
      xx += (point.x - meanX) * (point.x - meanX)
      xy += (point.x - meanX) * (point.y - meanY)
      yy += (point.y - meanY) * (point.y - meanY)
    }
    return (slope: xy / xx, r2: yy > 0 ? xy * xy / (xx * yy) : nil)
  }
}
