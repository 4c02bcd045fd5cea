/// A range of finite numbers whose ends may each be open, closed or absent.
package struct RealRange: Sendable, Equatable {
  package enum Bound: Sendable, Equatable {
    case none
    case open(Double)
    case closed(Double)
  }

  package let lower: Bound
  package let upper: Bound

  package init(lower: Bound, upper: Bound) {
    self.lower = lower
    self.upper = upper
  }

  /// Every finite number.
  package static let finite = RealRange(lower: .none, upper: .none)
  /// x > 0.
  package static let positive = RealRange(lower: .open(0), upper: .none)
  /// x ≥ 0.
  package static let nonNegative = RealRange(lower: .closed(0), upper: .none)
  /// 0 ≤ x < 1, the range of a decay.
  package static let decay = RealRange(lower: .closed(0), upper: .open(1))
  /// 0 < x ≤ 1, the range of a factor that shrinks.
  package static let shrinking = RealRange(lower: .open(0), upper: .closed(1))

  /// Whether `x` is finite and between the bounds.
  package func contains(_ x: Double) -> Bool {
    guard x.isFinite else { return false }
    let isAbove =
      switch lower {
      case .none: true
      case .open(let bound): x > bound
      case .closed(let bound): x >= bound
      }
    let isBelow =
      switch upper {
      case .none: true
      case .open(let bound): x < bound
      case .closed(let bound): x <= bound
      }
    return isAbove && isBelow
  }
}
