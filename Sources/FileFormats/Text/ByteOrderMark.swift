/// The sign U+FEFF at the start of a text, which some editors write. It is no part of the text.
enum ByteOrderMark {
  private static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many bytes at the start of `bytes` are a byte-order mark in UTF-8: 3 or 0.
  static func length(in bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: utf8) ? utf8.count : 0
  }

  /// The encoding other than UTF-8 whose byte-order mark `bytes` start with: `UTF-16` or `UTF-32`,
  /// as Python and iconv name them.
  static func otherEncoding(of bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "UTF-32"
    }
    return bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) ? "UTF-16" : nil
  }
}
