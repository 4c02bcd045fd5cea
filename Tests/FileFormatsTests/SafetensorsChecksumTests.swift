import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// The checksum by which a checkpoint is known to be as it was saved.
struct SafetensorsChecksumTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(hasChecksum: Bool = true) throws -> [UInt8] {
    var writer = SafetensorsWriter(requireFinite: true, hasChecksum: hasChecksum)
    // A text that has the key, and the key of a file that this one was made from.
    writer.metadata = ["a": "\"unroll_crc32\": \"12345678\"", "unroll_crc32": "deadbeef"]
    writer.append("w", shape: [3], [1.0, -2.0, 0.5])
    let path = "\(folder.path)/w.safetensors"
    try writer.write(to: path)
    return Array(try #require(FileManager.default.contents(atPath: path)))
  }

  private func file(_ bytes: [UInt8]) throws -> SafetensorsFile {
    try SafetensorsFile(path: folder.file("x.safetensors", bytes))
  }

  @Test func everyChangedBitIsNoticed() throws {
    let whole = try bytes()
    try file(whole).requireIntact()
    var noticed = 0
    for index in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[index] ^= 1 << bit
        guard let file = try? file(damaged) else { continue }
        // Without its key a file has no checksum, as those of earlier versions.
        guard file.metadata["unroll_crc32"] != nil else { continue }
        #expect(throws: FileError.self, "byte \(index), bit \(bit)") {
          try file.requireIntact()
        }
        noticed += 1
      }
    }
    // All of the tensor's 24 bytes, at least.
    #expect(noticed >= 24 * 8)
  }

  /// By the definition, over the bytes with zeros in place of the digits.
  @Test func itIsTheCRCOfTheWholeFile() throws {
    let whole = try bytes()
    let saved = try #require(try file(whole).metadata["unroll_crc32"])
    let range = try #require(whole.firstRange(of: Array(saved.utf8)))
    let zeroed = whole.replacing(Array(saved.utf8), with: Array("00000000".utf8))
    #expect(range.count == 8 && zeroed.count == whole.count)
    let table = CRCTable(polynomial: 0xEDB8_8320)
    let state = zeroed.withUnsafeBytes { table.updateByBytes(~0, $0) }
    #expect(String(~state, radix: 16) == saved.replacing(/^0+/, with: ""))
  }

  @Test func theErrorNamesBothAndTheWayOut() throws {
    var damaged = try bytes()
    damaged[damaged.count - 1] ^= 1
    let file = try file(damaged)
    let line = try #require(thrown { try file.requireIntact() }).description
    #expect(
      line.contains("x.safetensors: its checksum is") && line.contains("was damaged or edited"))
    #expect(line.contains("remove unroll_crc32 from its metadata"))
  }

  /// Other files have none, also where their metadata are those of a checkpoint.
  @Test func otherFilesHaveNone() throws {
    let file = try file(bytes(hasChecksum: false))
    #expect(file.metadata["unroll_crc32"] == nil)
    try file.requireIntact()
  }

  @Test(arguments: Array(0..<40)) func eightBytesAtATimeAreAsOneByOne(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
    for polynomial: UInt32 in [0xEDB8_8320, 0x82F6_3B78] {
      let table = CRCTable(polynomial: polynomial)
      bytes.withUnsafeBytes {
        #expect(table.update(0x1234_5678, $0) == table.updateByBytes(0x1234_5678, $0))
      }
    }
  }
}
