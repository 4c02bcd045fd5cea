import Foundation

/// The checksum of zip archives (ISO 3309; polynomial 0x04C11DB7, bits reversed).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { ~update(~0, bytes) }

  /// The checksum of `parts` one after the other.
  static func checksum(_ parts: [Data]) -> UInt32 {
    ~parts.reduce(~0) { state, part in part.withUnsafeBytes { update(state, $0) } }
  }

  private static func update(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      bytes.reduce(state) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
  }
}
