// `Float16` is missing on some platforms, so the sixteen-bit formats are widened by hand. Both are
// exact, since every value of theirs is a `Float`.

extension Float {
  /// The value of IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of significand.
  init(halfBits bits: UInt16) {
    let exponent = UInt32(bits >> 10) & 0x1F
    let significand = UInt32(bits) & 0x3FF
    let magnitude: Float =
      switch exponent {
      case 0: Float(significand) * 0x1p-24
      case 0x1F: Float(bitPattern: 0x7F80_0000 | significand << 13)
      default: Float(bitPattern: (exponent + (127 - 15)) << 23 | significand << 13)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }

  /// The value of bfloat16: the upper half of a `Float`.
  init(bfloat16Bits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }
}
