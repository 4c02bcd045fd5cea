@testable import UnrollFileFormats

/// Zip archives of stored files, as Python's zipfile writes them.
enum ZipBytes {
  /// - Parameter wide: sizes and offsets as zip64 has them.
  static func archive(_ members: [(name: String, content: [UInt8])], wide: Bool = false) -> [UInt8]
  {
    var (body, directory) = ([UInt8](), [UInt8]())
    for (name, content) in members {
      let checksum = content.withUnsafeBytes { CRC32.checksum($0) }
      let count = little(content.count, 4)
      let offset = body.count
      let common = little(Int(checksum), 4)
      body += [0x50, 0x4B, 3, 4, 45, 0, 0, 0, 0, 0, 0, 0, 33, 0] + common + count + count
      body += little(name.utf8.count, 2) + [0, 0] + Array(name.utf8) + content
      let extra =
        wide
        ? [1, 0, 24, 0] + little(content.count, 8) + little(content.count, 8) + little(offset, 8)
        : []
      let all = little(0xFFFF_FFFF, 4)
      directory += [0x50, 0x4B, 1, 2, 45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 33, 0] + common
      directory += (wide ? all + all : count + count) + little(name.utf8.count, 2)
      directory += little(extra.count, 2) + [UInt8](repeating: 0, count: 10)
      directory += (wide ? all : little(offset, 4)) + Array(name.utf8) + extra
    }
    let start = body.count
    let tail: [UInt8] = little(directory.count, 4) + little(start, 4) + [0, 0]
    let counts = little(members.count, 2) + little(members.count, 2)
    guard wide else { return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + counts + tail }
    let end64 = start + directory.count
    var wideEnd: [UInt8] = [0x50, 0x4B, 6, 6] + little(44, 8) + [45, 3, 45, 0]
    wideEnd += [UInt8](repeating: 0, count: 8) + little(members.count, 8) + little(members.count, 8)
    wideEnd += little(directory.count, 8) + little(start, 8)
    let locator: [UInt8] = [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + little(end64, 8) + [1, 0, 0, 0]
    let ones = [UInt8](repeating: 0xFF, count: 12)
    return body + directory + wideEnd + locator + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + ones + [0, 0]
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
