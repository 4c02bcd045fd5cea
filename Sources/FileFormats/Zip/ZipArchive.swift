/// One file in a zip archive.
struct ZipMember: Equatable {
  let name: String
  /// 0 for stored, 8 for deflated.
  let method: Int
  let isEncrypted: Bool
  let checksum: UInt32
  let size: Int
  /// Its bytes in the archive.
  let range: Range<Int>
}

/// The directory of a zip archive (PKWARE's APPNOTE 6.3), zip64 included. Sizes and offsets are
/// checked against the archive before anything is read, and no two members share bytes, so that a small archive
/// cannot claim any size.
struct ZipArchive {
  let members: [ZipMember]

  static let start: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  /// An archive of no files is its end alone.
  static let emptyStart: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

  enum Signature {
    static let end: UInt32 = 0x0605_4B50
    static let end64Locator: UInt32 = 0x0706_4B50
    static let end64: UInt32 = 0x0606_4B50
    static let entry: UInt32 = 0x0201_4B50
    static let local: UInt32 = 0x0403_4B50
  }

  /// - Throws: `FileProblem.zip`.
  init(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    let reader = LittleEndianReader(bytes: bytes)
    let (start, count) = try ZipArchive.directory(reader)
    var (position, members, names) = (start, [ZipMember](), Set<String>())
    for _ in 0..<count {
      let (member, next) = try ZipArchive.entry(at: position, reader)
      guard names.insert(member.name).inserted else { throw .zip(.duplicate(member.name)) }
      members.append(member)
      position = next
    }
    try ZipArchive.requireApart(members)
    self.members = members
  }

  private static func requireApart(_ members: [ZipMember]) throws(FileProblem) {
    let sorted = members.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (one, next) in zip(sorted, sorted.dropFirst())
    where next.range.lowerBound < one.range.upperBound {
      throw .zip(.overlap(one.name, next.name))
    }
  }

  /// Where the entries start and how many there are.
  private static func directory(
    _ reader: LittleEndianReader
  ) throws(FileProblem) -> (start: Int, count: Int) {
    let (length, longestComment) = (22, 65_535)
    let least = max(reader.bytes.count - length - longestComment, 0)
    var end = reader.bytes.count - length
    while end >= least, reader.unsigned(4, at: end) != Int(Signature.end) { end -= 1 }
    guard end >= least, let count = reader.unsigned(2, at: end + 10),
      let start = reader.unsigned(4, at: end + 16)
    else { throw .zip(.noDirectory) }
    var (result, locator) = ((start: start, count: count), end - 20)
    if reader.unsigned(4, at: locator) == Int(Signature.end64Locator) {
      locator = reader.unsigned(8, at: locator + 8) ?? -1
      guard reader.unsigned(4, at: locator) == Int(Signature.end64),
        let count = reader.unsigned(8, at: locator + 32),
        let start = reader.unsigned(8, at: locator + 48)
      else { throw .zip(.noDirectory) }
      result = (start, count)
    }
    // An entry takes at least 46 bytes.
    guard result.start <= end, result.count <= (end - result.start) / 46 else {
      throw .zip(.noDirectory)
    }
    return result
  }

  private static func entry(
    at position: Int, _ reader: LittleEndianReader
  ) throws(FileProblem) -> (member: ZipMember, next: Int) {
    guard reader.unsigned(4, at: position) == Int(Signature.entry),
      let flags = reader.unsigned(2, at: position + 8),
      let method = reader.unsigned(2, at: position + 10),
      let checksum = reader.unsigned(4, at: position + 16),
      var packed = reader.unsigned(4, at: position + 20),
      var size = reader.unsigned(4, at: position + 24),
      let nameLength = reader.unsigned(2, at: position + 28),
      let extraLength = reader.unsigned(2, at: position + 30),
      let commentLength = reader.unsigned(2, at: position + 32),
      var offset = reader.unsigned(4, at: position + 42),
      let nameBytes = reader.slice(at: position + 46, count: nameLength)
    else { throw .zip(.noDirectory) }
    let name = String(decoding: nameBytes, as: UTF8.self)
    // What does not fit 32 bits stands in an extra field of kind 1, in this order.
    var extra = position + 46 + nameLength
    let next = extra + extraLength + commentLength
    while extra + 4 <= next - commentLength, let kind = reader.unsigned(2, at: extra),
      let length = reader.unsigned(2, at: extra + 2)
    {
      if kind == 1 {
        var field = extra + 4
        func wide(_ value: Int) throws(FileProblem) -> Int {
          guard value == 0xFFFF_FFFF else { return value }
          guard field + 8 <= extra + 4 + length, let wide = reader.unsigned(8, at: field) else {
            throw .zip(.badMember(name))
          }
          field += 8
          return wide
        }
        size = try wide(size)
        packed = try wide(packed)
        offset = try wide(offset)
      }
      extra += 4 + length
    }
    guard reader.unsigned(4, at: offset) == Int(Signature.local),
      let localName = reader.unsigned(2, at: offset + 26),
      let localExtra = reader.unsigned(2, at: offset + 28)
    else { throw .zip(.badMember(name)) }
    let start = offset + 30 + localName + localExtra
    guard reader.slice(at: start, count: packed) != nil else { throw .zip(.badMember(name)) }
    return (
      ZipMember(
        name: name, method: method, isEncrypted: flags & 1 == 1,
        checksum: UInt32(truncatingIfNeeded: checksum), size: size, range: start..<start + packed),
      next
    )
  }

  /// The content of `member`. That of a stored one is compared with its checksum, that of a deflated one when it
  /// is inflated.
  ///
  /// - Throws: `FileProblem.zip`.
  static func content(
    of member: ZipMember, in bytes: UnsafeRawBufferPointer
  ) throws(FileProblem) -> FileContent {
    if member.isEncrypted { throw .zip(.encrypted(member.name)) }
    switch member.method {
    case 0:
      try member.check(UnsafeRawBufferPointer(rebasing: bytes[member.range]))
      return .stored(member.range)
    case 8: return .deflated(DeflatedContent(member))
    default: throw .zip(.unknownMethod(member.name, method: member.method))
    }
  }
}

extension ZipMember {
  /// Refuses content of another size or checksum.
  ///
  /// - Throws: `FileProblem.zip`.
  func check(_ content: UnsafeRawBufferPointer) throws(FileProblem) {
    guard content.count == size else { throw .zip(.badMember(name)) }
    guard CRC32.checksum(content) == checksum else { throw .zip(.badChecksum(name)) }
  }
}

/// Unsigned little-endian numbers of a file, nil beyond its end and above `Int.max`.
private struct LittleEndianReader {
  let bytes: UnsafeRawBufferPointer

  func unsigned(_ width: Int, at offset: Int) -> Int? {
    guard let slice = slice(at: offset, count: width) else { return nil }
    return Int(exactly: slice.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  func slice(at offset: Int, count: Int) -> Slice<UnsafeRawBufferPointer>? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      return nil
    }
    return bytes[offset..<offset + count]
  }
}
