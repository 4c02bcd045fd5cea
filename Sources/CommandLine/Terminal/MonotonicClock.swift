/// Seconds since some fixed moment, never going back; a test hands in its own.
package typealias SecondsClock = @Sendable () -> Double

package enum MonotonicClock {
  /// The system's clock, counted from the call of this function.
  package static func seconds() -> SecondsClock {
    let start = ContinuousClock.now
    return {
      let passed = (ContinuousClock.now - start).components
      return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }
  }
}
