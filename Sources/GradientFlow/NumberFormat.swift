import Foundation

/// A binary floating-point format up to Float64: what it can hold, and what it makes of a
/// number.
public struct NumberFormat: Sendable, Equatable {
  /// The name people know it by, for example `bfloat16`.
  public let name: String
  /// Bits of the fraction that are stored.
  public let fractionBits: Int
  /// Exponents of the smallest and largest normal numbers.
  public let exponents: ClosedRange<Int>

  /// IEEE 754 binary16.
  public static let float16 = NumberFormat(name: "float16", fractionBits: 10, exponents: -14...15)
  /// The upper half of a float32.
  public static let bfloat16 = NumberFormat(
    name: "bfloat16", fractionBits: 7, exponents: -126...127)
  /// IEEE 754 binary32.
  public static let float32 = NumberFormat(
    name: "float32", fractionBits: 23, exponents: -126...127)

  /// IEEE 754 binary64, which measures.
  public static let float64 = NumberFormat(
    name: "float64", fractionBits: 52, exponents: -1022...1023)

  /// The formats that are narrower than what measures.
  public static let all = [float16, bfloat16, float32]

  /// The smallest positive normal number.
  public var leastNormal: Double { scalbn(1, exponents.lowerBound) }
  /// The smallest subnormal number.
  public var leastNonzero: Double { scalbn(1, exponents.lowerBound - fractionBits) }
  /// The largest finite number.
  public var greatest: Double {
    scalbn(2 - scalbn(1, -fractionBits), exponents.upperBound)
  }

  /// `value` to the nearest number of the format, ties to even; ±∞ beyond ``greatest``.
  public func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    let exponent = max(Int(value.exponent), exponents.lowerBound)
    let unit = scalbn(1, exponent - fractionBits)
    guard unit.isFinite, unit > 0 else { return value > 0 ? .infinity : -.infinity }
    let result = (value / unit).rounded(.toNearestOrEven) * unit
    guard abs(result) <= greatest else { return value > 0 ? .infinity : -.infinity }
    return result
  }

  /// Whether `value`, rounded, is a number of the format that is neither zero nor normal.
  public func isSubnormal(_ value: Double) -> Bool {
    let size = abs(rounded(value))
    return size > 0 && size < leastNormal
  }
}
