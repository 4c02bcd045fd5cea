/// Strict UTF-8 (The Unicode Standard, table 3-7): no overlong forms, no surrogates, nothing above
/// U+10FFFF.
enum UTF8Decoding {
  /// The scalar that starts at `offset` and its width in bytes; `nil` when the bytes there are
  /// ill-formed or end too soon.
  @inline(__always)
  static func scalar(
    at offset: Int, in bytes: UnsafeRawBufferPointer
  ) -> (scalar: Unicode.Scalar, width: Int)? {
    let first = bytes[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }

    let width: Int
    let second: ClosedRange<UInt8>
    switch first {
    case 0xC2...0xDF: (width, second) = (2, 0x80...0xBF)
    case 0xE0: (width, second) = (3, 0xA0...0xBF)
    case 0xED: (width, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (width, second) = (3, 0x80...0xBF)
    case 0xF0: (width, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (width, second) = (4, 0x80...0xBF)
    case 0xF4: (width, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard width <= bytes.count - offset, second.contains(bytes[offset + 1]) else { return nil }

    var value = UInt32(first & (0x7F >> UInt8(width)))
    for byte in bytes[offset + 1..<offset + width] {
      guard isContinuation(byte) else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return Unicode.Scalar(value).map { ($0, width) }
  }

  /// Whether the byte lies inside a scalar's bytes rather than at their start.
  @inline(__always)
  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// The first place that keeps the bytes from being text: `.notUTF8` or, for a NUL, `.binary`;
  /// before those, what the bytes are instead: `.foreign`, or text in another encoding.
  static func firstProblem(in bytes: UnsafeRawBufferPointer) -> FileProblem? {
    if let problem = otherContent(of: bytes) { return problem }
    var offset = 0
    while offset < bytes.count {
      if isPlainASCII(at: offset, in: bytes) {
        offset += 8
        continue
      }
      if bytes[offset] == 0 { return .binary(byteOffset: offset) }
      guard let (_, width) = scalar(at: offset, in: bytes) else {
        return .notUTF8(byteOffset: offset)
      }
      offset += width
    }
    return nil
  }

  /// What a file that starts as `bytes` do holds instead of UTF-8 text, where it can be told.
  static func otherContent(of bytes: UnsafeRawBufferPointer) -> FileProblem? {
    if let encoding = ByteOrderMark.otherEncoding(of: bytes) { return .otherEncoding(encoding) }
    return ForeignKind(of: bytes).map { .foreign($0) }
  }

  /// Whether the next eight bytes exist and are all ASCII and none is NUL.
  private static func isPlainASCII(at offset: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count - offset >= 8 else { return false }
    let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    // A byte's top bit is set in `word` when it is not ASCII, and in `borrow` when it is NUL.
    let borrow = word &- 0x0101_0101_0101_0101
    return (word | borrow) & 0x8080_8080_8080_8080 == 0
  }
}
