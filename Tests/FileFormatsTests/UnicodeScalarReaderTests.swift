import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

@Suite struct UnicodeScalarReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func map(_ bytes: [UInt8]) throws -> MappedFile {
    try MappedFile(path: try folder.file("\(UUID())", bytes))
  }

  /// Every boundary of the encoding's length classes, on both sides.
  static let edges: [Unicode.Scalar] = [
    "\u{1}", "a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFF}", "\u{1000}", "\u{D7FF}",
    "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{3FFFF}", "\u{40000}", "\u{FFFFF}", "\u{100000}",
    "\u{10FFFF}",
  ]

  @Test func readerYieldsTheScalars() throws {
    var text = String.UnicodeScalarView()
    for scalar in Self.edges { text.append(contentsOf: [scalar, "x"]) }
    let file = try map(Array(String(text).utf8))

    var reader = UnicodeScalarReader(file)
    var read: [Unicode.Scalar] = []
    while let scalar = try reader.next() { read.append(scalar) }
    #expect(read == Array(text))
    #expect(reader.byteOffset == file.count)

    var bulk = UnicodeScalarReader(file)
    var buffer = [Unicode.Scalar](repeating: "?", count: 30)
    #expect(try bulk.read(into: &buffer) == 30)
    #expect(buffer == Array(text.prefix(30)))
    #expect(try bulk.read(into: &buffer) == 4)
    #expect(buffer.prefix(4).elementsEqual(text.suffix(4)))
    #expect(try bulk.read(into: &buffer) == 0)
  }

  @Test func readerStaysInItsRange() throws {
    var reader = UnicodeScalarReader(try map(Array("aé😀b".utf8)), from: 1, to: 7)
    #expect(try reader.next() == "é")
    #expect(reader.byteOffset == 3)
    #expect(try reader.next() == "😀")
    #expect(try reader.next() == nil)
  }

  /// Ill-formed sequences of The Unicode Standard, section 3.9: overlong forms, surrogates, values
  /// above U+10FFFF, bytes that never occur, lone continuations, sequences cut short.
  @Test(
    arguments: [
      [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
      [0x80],
      [0xBF], [0xC2], [0xC2, 0x41], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xF1, 0x80, 0x80],
      [0xF1, 0x80, 0x80, 0x41], [0xE1, 0x41, 0x80],
    ] as [[UInt8]]) func illFormedBytesAreRefusedWhereTheyStart(bytes: [UInt8]) throws
  {
    let file = try map(Array("0123456789é".utf8) + bytes)
    #expect(file.withUnsafeBytes { UTF8Decoding.firstProblem(in: $0) } == .notUTF8(byteOffset: 12))
    #expect(
      problem { try IndexedText(path: file.path) } == .notUTF8(byteOffset: 12))

    var reader = UnicodeScalarReader(file, from: 10)
    #expect(try reader.next() == "é")
    #expect(problem { try reader.next() } == .notUTF8(byteOffset: 12))
    var bulk = UnicodeScalarReader(file)
    var buffer = [Unicode.Scalar](repeating: "?", count: 20)
    #expect(problem { try bulk.read(into: &buffer) } == .notUTF8(byteOffset: 12))
    #expect(buffer[10] == "é")
  }

  @Test func nulIsBinaryWhereverItLies() throws {
    for offset in 0..<20 {
      var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 20)
      bytes[offset] = 0
      let file = try map(bytes)
      #expect(
        file.withUnsafeBytes { UTF8Decoding.firstProblem(in: $0) } == .binary(byteOffset: offset))
      #expect(
        problem { try IndexedText(path: file.path) } == .binary(byteOffset: offset))
    }
  }

  @Test func aTextIsCountedWhole() throws {
    let text = "abba é😀é\n"
    let counts = try IndexedText(path: map(Array(text.utf8)).path).counts
    #expect(counts.scalars == ["\n", " ", "a", "b", "é", "😀"])
    #expect(counts.counts == [1, 1, 2, 2, 2, 1])
    #expect(counts.total == text.unicodeScalars.count)
  }

  #if os(Linux)
    /// 16 MB are read in blocks of 4 MB whose pages are dropped; the kernel may map a few ahead.
    @Test func indexingKeepsFewPages() throws {
      let text = try IndexedText(
        path: map([UInt8](repeating: UInt8(ascii: "a"), count: 16 << 20)).path)
      #expect(text.count == 16 << 20)
      #expect(try residentBytes(ofMapping: text.file.path) ?? .max <= 4 << 20)
    }
  #endif
}
