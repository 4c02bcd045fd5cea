import Foundation
import UnrollText

/// The checksum of a whole safetensors file, in its metadata: a CRC-32 of all bytes, taken with zeros in place of
/// its own eight hexadecimal digits. A changed bit of a weight or a setting is thereby noticed.
enum SafetensorsChecksum {
  static let key = "unroll_crc32"
  static let placeholder = "00000000"

  /// What stands before the digits in a header. In a text of the metadata the quotes would be escaped.
  private static let mark = Array("\"\(key)\": \"".utf8)

  /// Puts the checksum of `file` in place of the placeholder that its header has.
  static func insert(into file: inout Data) {
    guard let digits = file.withUnsafeBytes(digits) else { return }
    let checksum = text(file.withUnsafeBytes(CRC32.checksum))
    let start = file.startIndex
    file.replaceSubrange(
      start + digits.lowerBound..<start + digits.upperBound, with: Data(checksum.utf8))
  }

  /// The checksum of `bytes`, eight hexadecimal digits; nil where the header has no place for it.
  static func checksum(of bytes: UnsafeRawBufferPointer) -> String? {
    guard let digits = digits(in: bytes) else { return nil }
    let parts = [bytes[..<digits.lowerBound], bytes[digits.upperBound...]]
    return Array(placeholder.utf8).withUnsafeBytes { zeros in
      text(
        CRC32.checksum([
          UnsafeRawBufferPointer(rebasing: parts[0]), zeros,
          UnsafeRawBufferPointer(rebasing: parts[1]),
        ]))
    }
  }

  private static func text(_ checksum: UInt32) -> String {
    checksum.zeroPadded(to: placeholder.utf8.count, radix: 16)
  }

  /// Where the digits are.
  private static func digits(in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    let width = SafetensorsHeader.lengthWidth
    guard bytes.count >= width else { return nil }
    let declared = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let end = Int(min(declared, UInt64(bytes.count - width))) + width
    let header = bytes[width..<end]
    guard let start = header.firstRange(of: mark)?.upperBound,
      start + placeholder.utf8.count <= end
    else { return nil }
    return start..<start + placeholder.utf8.count
  }
}
