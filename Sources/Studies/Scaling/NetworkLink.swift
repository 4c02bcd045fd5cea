import UnrollOptimization
import UnrollText

/// The way between two processes in the α–β model: a message of n bytes takes α + n/β.
package struct NetworkLink: Sendable, Equatable {
  /// α: seconds that a message of no bytes takes from one process to the other.
  package var latency: Double
  /// β: bytes a second, in each direction at the same time.
  package var bandwidth: Double

  package init(latency: Double, bandwidth: Double) {
    self.latency = latency
    self.bandwidth = bandwidth
  }

  /// The seconds of a message of `bytes`.
  package func seconds(_ bytes: Double) -> Double { latency + bytes / bandwidth }
}

/// A rate of data: `10Gbit/s`, `1.25GB/s`.
package struct Bandwidth: Sendable, Equatable {
  package let bytesPerSecond: Double

  /// The forms accepted by ``init(_:)``.
  package static let accepted =
    "a rate above 0, in bits or bytes a second, such as 10Gbit/s or 1.25GB/s"

  /// The prefixes count in thousands, as those of networks do.
  private static let units = [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)].flatMap {
    prefix, factor in
    [("bit/s", 0.125), ("bit", 0.125), ("b/s", 0.125), ("bps", 0.125), ("B/s", 1), ("B", 1)].map {
      (name: prefix + $0, size: factor * $1)
    }
  }

  /// - Throws: `InvalidSetting` for a text that is no rate.
  package init(_ text: String) throws(InvalidSetting) {
    guard let rate = UnitText.number(in: text, units: Self.units), rate > 0, rate.isFinite
    else { throw InvalidSetting(value: text, accepted: Self.accepted) }
    bytesPerSecond = rate
  }
}

/// A time that a message takes: `50us`.
package struct Latency: Sendable, Equatable {
  package let seconds: Double

  /// The forms accepted by ``init(_:)``.
  package static let accepted = "a time such as 50us or 1.5ms (ns, us, ms, s), or 0"

  private static let units = [
    // µ is a sign of its own, or the Greek letter.
    (name: "ns", size: 1e-9), ("us", 1e-6), ("\u{B5}s", 1e-6), ("\u{3BC}s", 1e-6), ("ms", 1e-3),
    ("s", 1),
  ]

  /// - Throws: `InvalidSetting` for a text that is no time.
  package init(_ text: String) throws(InvalidSetting) {
    // Nothing is the same in any unit.
    guard let seconds = Double(text) == 0 ? 0 : UnitText.number(in: text, units: Self.units),
      seconds.isFinite
    else { throw InvalidSetting(value: text, accepted: Self.accepted) }
    self.seconds = seconds
  }
}
