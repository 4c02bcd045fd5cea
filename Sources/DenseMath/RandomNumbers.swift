import Foundation

/// Seeded pseudo-random numbers: xoshiro256++ (Blackman & Vigna 2021), its state filled by
/// SplitMix64 (Steele, Lea & Flood 2014).
///
/// A stream is named by a seed and any number of further keys, so that sequence number n of a task
/// is generated from (seed, n) alone: nothing has to be replayed when a run is resumed, and the
/// data do not depend on how many workers make them.
public struct RandomNumbers: RandomNumberGenerator, Sendable, Equatable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts from a state, which must not be all zeros.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  /// The stream named by `seed` and `keys`.
  public init(seed: UInt64, _ keys: UInt64...) {
    self.init(root: keys.reduce(Self.root(seed), Self.root))
  }

  /// The stream named by `seed` and two keys, without the array that any number of keys takes: each
  /// sequence of a batch has a stream of its own.
  public init(seed: UInt64, _ key: UInt64, _ other: UInt64) {
    self.init(root: Self.root(Self.root(Self.root(seed), key), other))
  }

  private init(root: UInt64) {
    var mixer = SplitMix(state: root)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  private static func root(_ seed: UInt64) -> UInt64 {
    var mixer = SplitMix(state: seed)
    return mixer.next()
  }

  /// Multiplied, so that seed and key do not change places unnoticed: (1, 2) is not (2, 1).
  private static func root(_ root: UInt64, _ key: UInt64) -> UInt64 {
    Self.root(root &* 0x2545_F491_4F6C_DD1D &+ key)
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotate(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [lower, upper).
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// A whole number in `range`, which must not be empty.
  public mutating func integer(in range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

  /// Standard normal, by Box & Muller's transform (1958).
  public mutating func normal() -> Double {
    // 1 − u lies in (0, 1], where the logarithm is finite.
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  private func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { (x << by) | (x >> (64 - by)) }

  /// Whether both streams go on alike.
  public static func == (a: RandomNumbers, b: RandomNumbers) -> Bool { a.state == b.state }
}

/// SplitMix64: a 64-bit counter through a mixing function.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.scramble(state)
  }

  static func scramble(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
