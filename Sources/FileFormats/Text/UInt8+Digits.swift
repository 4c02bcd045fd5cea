extension UInt8 {
  /// Whether the byte is one of the digits 0 to 9 in ASCII, and so in UTF-8.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
