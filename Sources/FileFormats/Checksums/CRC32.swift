import Foundation

/// The checksum of zip archives (ISO 3309; polynomial 0x04C11DB7, bits reversed).
enum CRC32 {
  private static let table = CRCTable(polynomial: 0xEDB8_8320)

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { ~table.update(~0, bytes) }

  /// The checksum of `parts` one after the other.
  static func checksum(_ parts: [Data]) -> UInt32 {
    ~parts.reduce(~0) { state, part in part.withUnsafeBytes { table.update(state, $0) } }
  }
}

/// The checksum of TFRecord files (RFC 3720, Castagnoli's polynomial 0x1EDC6F41, bits reversed).
enum CRC32C {
  private static let table = CRCTable(polynomial: 0x82F6_3B78)

  static func checksum(_ bytes: Data) -> UInt32 { ~bytes.withUnsafeBytes { table.update(~0, $0) } }
}

/// A 32-bit cyclic redundancy check, byte by byte.
private struct CRCTable {
  private let entries: [UInt32]

  /// - Parameter polynomial: its bits reversed.
  init(polynomial: UInt32) {
    entries = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
      }
    }
  }

  func update(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    entries.withUnsafeBufferPointer { entries in
      bytes.reduce(state) { $0 >> 8 ^ entries[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
  }
}
