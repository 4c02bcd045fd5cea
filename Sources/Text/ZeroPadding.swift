extension BinaryInteger {
  /// The digits of a number that is not negative, with zeros before them up to `width`:
  /// `UInt8(10).zeroPadded(to: 2, radix: 16)` is `0a`.
  package func zeroPadded(to width: Int, radix: Int = 10) -> String {
    let digits = String(self, radix: radix)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
  }
}
