import Foundation

/// The checksum of zip archives (ISO 3309; polynomial 0x04C11DB7, bits reversed).
enum CRC32 {
  private static let table = CRCTable(polynomial: 0xEDB8_8320)

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { ~table.update(~0, bytes) }

  /// The checksum of `parts` one after the other.
  static func checksum(_ parts: [some ContiguousBytes]) -> UInt32 {
    ~parts.reduce(~0) { state, part in part.withUnsafeBytes { table.update(state, $0) } }
  }
}

/// The checksum of TFRecord files (RFC 3720, Castagnoli's polynomial 0x1EDC6F41, bits reversed).
enum CRC32C {
  private static let table = CRCTable(polynomial: 0x82F6_3B78)

  static func checksum(_ bytes: Data) -> UInt32 { ~bytes.withUnsafeBytes { table.update(~0, $0) } }
}

/// A 32-bit cyclic redundancy check, eight bytes at a time (Kounavis and Berry, "A systematic approach to building
/// high performance software-based CRC generators", 2005).
struct CRCTable {
  /// Eight tables of 256: table k has the check of a byte with k zero bytes behind it.
  private let entries: [UInt32]

  /// - Parameter polynomial: its bits reversed.
  init(polynomial: UInt32) {
    var entries = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
      }
    }
    for index in 256..<8 * 256 {
      let before = entries[index - 256]
      entries.append(before >> 8 ^ entries[Int(UInt8(truncatingIfNeeded: before))])
    }
    self.entries = entries
  }

  func update(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    entries.withUnsafeBufferPointer { entries in
      var (state, offset) = (state, 0)
      while offset + 8 <= bytes.count {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          ^ UInt64(state)
        state = 0
        for place in 0..<8 {
          let byte = UInt8(truncatingIfNeeded: word >> (8 * UInt64(place)))
          state ^= entries[(7 - place) << 8 | Int(byte)]
        }
        offset += 8
      }
      return updateByBytes(state, bytes[offset...], entries)
    }
  }

  /// The same one byte at a time, as the check is defined.
  func updateByBytes(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    entries.withUnsafeBufferPointer { updateByBytes(state, bytes[...], $0) }
  }

  private func updateByBytes(
    _ state: UInt32, _ bytes: Slice<UnsafeRawBufferPointer>, _ entries: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    bytes.reduce(state) { $0 >> 8 ^ entries[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
