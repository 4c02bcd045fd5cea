/// Seconds since some fixed moment, never going back; a test hands in its own.
typealias SecondsClock = @Sendable () -> Double

enum MonotonicClock {
  /// The system's clock, counted from the call of this function.
  static func seconds() -> SecondsClock {
    let start = ContinuousClock.now
    return {
      let passed = (ContinuousClock.now - start).components
      return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }
  }
}
