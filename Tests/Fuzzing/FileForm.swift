import Foundation

@testable import UnrollFileFormats

/// How the fuzzer's bytes become a file, so that what is random lies where a reader looks at it.
enum FileForm: Sendable {
  /// The bytes as they are.
  case plain
  /// The header's JSON, a zero byte, then the tensors: the header's length is put before them.
  case safetensors
  /// A member's bytes for each part between the separators: names, sizes and checksums are right.
  case npz

  private static let separator: [UInt8] = [0, 0xFF, 0, 0xFF]

  func file(of bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .plain: return bytes
    case .safetensors:
      let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      let (header, tensors) = (parts[0], parts.count > 1 ? parts[1] : [])
      return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + tensors
    case .npz:
      var writer = ZipWriter()
      var file = Data()
      for (name, content) in zip(["x.npy", "y.npy", "lengths.npy", "g.npy"], Self.members(bytes)) {
        file += writer.entry(name: name, content: [Data(content)]) + Data(content)
      }
      return Array(file + writer.end)
    }
  }

  /// What ``file(of:)`` makes `file` of, for a seed.
  func seed(of file: [UInt8]) -> [UInt8] {
    guard case .safetensors = self else { return file }
    let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    return Array(file[8..<8 + length]) + [0] + file[(8 + length)...]
  }

  /// Members, joined as ``file(of:)`` takes them.
  static func joined(_ members: [[UInt8]]) -> [UInt8] {
    Array(members.joined(separator: separator))
  }

  static func members(_ bytes: [UInt8]) -> [[UInt8]] {
    var members: [[UInt8]] = [[]]
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: separator) {
        members.append([])
        index += separator.count
      } else {
        members[members.count - 1].append(bytes[index])
        index += 1
      }
    }
    return members
  }
}
