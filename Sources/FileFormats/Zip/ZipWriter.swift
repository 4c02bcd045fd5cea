import Foundation
import UnrollText

/// Makes the records of a zip archive of stored files (PKWARE's APPNOTE 6.3). They carry no time, so
/// that the same files give the same bytes.
///
/// Sizes and offsets that 32 bits cannot hold, and counts that 16 cannot, stand in zip64 records.
struct ZipWriter {
  /// Records hold this number in place of one that is as large or larger.
  static let widest = UInt32.max

  private let limit: UInt64
  private var directory = Data()
  private var count: UInt64 = 0
  /// The bytes written so far.
  private var position: UInt64 = 0

  /// - Parameter limit: from which size and offset on records are zip64; less than ``widest`` makes
  ///   small archives of the wide kind.
  init(wideFrom limit: UInt32 = widest) { self.limit = UInt64(limit) }

  /// What stands before a file's content, which is to be written behind it.
  ///
  /// - Parameter content: in parts.
  mutating func entry(name: String, content: [Data]) -> Data {
    require(
      name.utf8.count <= UInt16.max,
      "expected a name of at most 65535 bytes, got \(name.utf8.count)")
    let size = content.reduce(0) { $0 + UInt64($1.count) }
    let checksum = CRC32.checksum(content)
    // Bit 11: the name is UTF-8. 33: 1 January 1980, the earliest date there is.
    let flags: UInt16 = name.utf8.allSatisfy { $0 < 0x80 } ? 0 : 1 << 11
    let offset = position
    let version: UInt16 = size >= limit || offset >= limit ? 45 : 20

    // Of both sizes or none: the format wants both beside each other here.
    let own = size >= limit ? WideField([size, size]) : WideField([])
    var local = Data()
    local.append(ZipArchive.Signature.local)
    for field in [version, flags, 0, 0, 33] { local.append(field) }
    local.append(checksum)
    for _ in 0..<2 { local.append(narrow(size)) }
    for field in [UInt16(name.utf8.count), UInt16(own.bytes.count)] { local.append(field) }
    local += Data(name.utf8) + own.bytes

    let wide = WideField((size >= limit ? [size, size] : []) + (offset >= limit ? [offset] : []))
    directory.append(ZipArchive.Signature.entry)
    // Made on Unix, where a file is readable by all.
    for field in [3 << 8 | version, version, flags, 0, 0, 33] { directory.append(field) }
    directory.append(checksum)
    for _ in 0..<2 { directory.append(narrow(size)) }
    for field in [UInt16(name.utf8.count), UInt16(wide.bytes.count), 0, 0, 0] {
      directory.append(field)
    }
    directory.append(UInt32(0o100644) << 16)
    directory.append(narrow(offset))
    directory += Data(name.utf8) + wide.bytes

    count += 1
    position += UInt64(local.count) + size
    return local
  }

  /// What ends the archive: its directory.
  var end: Data {
    let (start, size) = (position, UInt64(directory.count))
    var end = directory
    if start >= limit || size >= limit || count >= UInt64(UInt16.max) {
      let place = start + size
      end.append(ZipArchive.Signature.end64)
      end.append(UInt64(44))
      for field in [3 << 8 | 45, 45] as [UInt16] { end.append(field) }
      for field in [0, 0] as [UInt32] { end.append(field) }
      for field in [count, count, size, start] { end.append(field) }
      end.append(ZipArchive.Signature.end64Locator)
      end.append(UInt32(0))
      end.append(place)
      end.append(UInt32(1))
    }
    end.append(ZipArchive.Signature.end)
    let shown = UInt16(min(count, UInt64(UInt16.max)))
    for field in [0, 0, shown, shown] { end.append(field) }
    for field in [narrow(size), narrow(start)] { end.append(field) }
    end.append(UInt16(0))
    return end
  }

  private func narrow(_ number: UInt64) -> UInt32 { number >= limit ? Self.widest : UInt32(number) }
}

/// The extra field of zip64: the numbers that 32 bits do not hold; no bytes for none.
private struct WideField {
  let bytes: Data

  init(_ numbers: [UInt64]) {
    bytes =
      numbers.isEmpty
      ? Data() : [1, UInt16(8 * numbers.count)].littleEndianBytes + numbers.littleEndianBytes
  }
}

extension Data {
  /// Appends a number, its least significant byte first.
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    append([number].littleEndianBytes)
  }
}
