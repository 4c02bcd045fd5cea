import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct IndexedTextTests {
  private static func withFile<Result>(
    _ data: Data, _ body: (String) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/unroll-\(UUID().uuidString).txt"
    try data.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// Characters of one to four bytes, some thousands of them.
  private static let scalars: [Unicode.Scalar] = (0..<5000).map { index in
    let alphabet: [Unicode.Scalar] = ["a", "\u{7F}", "\u{80}", "é", "→", "\u{FFFF}", "😀"]
    return alphabet[(index * index + index / 5) % alphabet.count]
  }

  private static func data(_ scalars: some Sequence<Unicode.Scalar>) -> Data {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return Data(text.utf8)
  }

  #if os(Linux)
    /// Kilobytes of the file's mapping that are resident in this process.
    private static func residentKilobytes(of path: String) throws -> Int {
      // A file of /proc says that it is empty, so it is read until it ends.
      let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
      let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      let name = URL(fileURLWithPath: path).lastPathComponent
      let parts = maps.components(separatedBy: name)
      try #require(parts.count == 2, "the file is mapped once")
      let line = parts[1].split(separator: "\n").first { $0.hasPrefix("Rss:") } ?? ""
      return Int(line.filter(\.isNumber)) ?? -1
    }

    /// 4 MB in windows of 1,000 scalars: with what has been passed dropped, a few blocks of 256 KB are
    /// resident; without, all of it.
    @Test(arguments: [true, false]) func passedBlocksAreLetGo(drops: Bool) throws {
      try Self.withFile(Data(repeating: UInt8(ascii: "a"), count: 4 << 20)) { path in
        let text = try IndexedText(path: path)
        var read = 0
        for position in stride(from: 0, to: text.count, by: 1000) {
          var reader = text.reader(from: position)
          let start = reader.byteOffset
          for _ in 0..<1000 where try reader.next() != nil { read += 1 }
          if drops { text.dropBlocks(passedBetween: start, and: reader.byteOffset) }
        }
        #expect(read == 4 << 20)
        let resident = try withExtendedLifetime(text.file) {
          try Self.residentKilobytes(of: path)
        }
        #expect(drops ? resident <= 1024 : resident >= 3 << 10, "\(resident) KB")
      }
    }
  #endif

  @Test func reachesEveryScalar() throws {
    try Self.withFile(Self.data(Self.scalars)) { path in
      let text = try IndexedText(path: path)
      #expect(text.count == 5000)
      for position in Self.scalars.indices {
        var reader = text.reader(from: position)
        #expect(try reader.next() == Self.scalars[position], "scalar \(position)")
      }
      var end = text.reader(from: 5000)
      #expect(try end.next() == nil)
    }
  }

  @Test(arguments: [1, 1023, 1024, 1025, 2048])
  func reachesTheEndsOfBlocks(count: Int) throws {
    let scalars = Self.scalars.prefix(count)
    try Self.withFile(Self.data(scalars)) { path in
      let text = try IndexedText(path: path)
      #expect(text.count == count && text.byteOffset(of: count) == text.file.count)
      var last = text.reader(from: count - 1)
      #expect(try last.next() == scalars.last)
      #expect(try last.next() == nil)
    }
  }

  @Test func countsPartsAndWholes() throws {
    try Self.withFile(Self.data(Self.scalars)) { path in
      let text = try IndexedText(path: path)
      for range in [0..<5000, 0..<0, 1000..<1030, 4999..<5000] {
        let counts = try text.counts(in: range)
        #expect(counts.total == range.count)
        for (scalar, count) in zip(counts.scalars, counts.counts) {
          #expect(Self.scalars[range].filter { $0 == scalar }.count == count)
        }
        let rest = text.counts.subtracting(counts)
        #expect(rest.total == 5000 - range.count && rest.counts.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test func refusesWhatIsNotText() throws {
    let long = Data(repeating: 0x61, count: 3000)
    for (bytes, problem) in [
      (long + [0], FileProblem.binary(byteOffset: 3000)),
      (long + [0xFF], .notUTF8(byteOffset: 3000)),
      (long + [0xE2, 0x82], .notUTF8(byteOffset: 3000)),
      (Data([0xED, 0xA0, 0x80]), .notUTF8(byteOffset: 0)),
    ] {
      try Self.withFile(bytes) { path in
        _ = #expect(throws: FileError.malformed(path: path, line: nil, problem)) {
          try IndexedText(path: path)
        }
      }
    }
  }
}
