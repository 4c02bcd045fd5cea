/// A range of finite numbers whose ends may each be open, closed or absent.
struct RealRange: Sendable, Equatable {
  enum Bound: Sendable, Equatable {
    case none
    case open(Double)
    case closed(Double)
  }

  let lower: Bound
  let upper: Bound

  /// Every finite number.
  static let finite = RealRange(lower: .none, upper: .none)
  /// x > 0.
  static let positive = RealRange(lower: .open(0), upper: .none)
  /// x ≥ 0.
  static let nonNegative = RealRange(lower: .closed(0), upper: .none)
  /// 0 ≤ x < 1, the range of a decay.
  static let decay = RealRange(lower: .closed(0), upper: .open(1))
  /// 0 < x ≤ 1, the range of a factor that shrinks.
  static let shrinking = RealRange(lower: .open(0), upper: .closed(1))

  /// Whether `x` is finite and between the bounds.
  func contains(_ x: Double) -> Bool {
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
