import Foundation

/// What tells a PNG file from others.
package enum PNGFile {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether `bytes` begin as a PNG file does.
  package static func hasStart(_ bytes: Data) -> Bool { bytes.starts(with: signature) }

  /// Whether `bytes` begin and end as a PNG file does, so that nothing is cut off.
  package static func isWhole(_ bytes: Data) -> Bool {
    hasStart(bytes) && bytes.suffix(12).range(of: Data("IEND".utf8)) != nil
  }
}
