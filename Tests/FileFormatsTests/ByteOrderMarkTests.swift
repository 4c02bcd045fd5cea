import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct ByteOrderMarkTests {
  let folder: TemporaryFolder
  private let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init() throws { folder = try TemporaryFolder() }

  @Test func everyReaderSkipsIt() throws {
    let text = try IndexedText(path: folder.file("a.txt", mark + Array("ab\u{FEFF}".utf8)))
    #expect(text.count == 3 && text.counts.scalars == ["a", "b", "\u{FEFF}"])
    var reader = text.reader(from: 0)
    #expect(try reader.next() == "a")
    #expect(try text.counts(in: 0..<1).scalars == ["a"])
    let table = try CSVTable(path: folder.file("a.csv", mark + Array("a;b\n1;2\n".utf8)))
    #expect(table.columnNames == ["a", "b"])
    let json = try folder.file("a.json", mark + Array("{\"a\": 1}".utf8))
    #expect(try JSONValue(contentsOf: json)["a"] == 1)
    #expect(
      problem { try JSONValue(contentsOf: try folder.file("b.json", mark + Array("{x".utf8))) }
        == .badJSON(byteOffset: 4))
  }

  @Test func aMarkAloneIsAnEmptyFile() throws {
    let path = try folder.file("a", mark)
    #expect(thrown { try IndexedText(path: path) } == .empty(path: path))
    #expect(thrown { try CSVTable(path: path) } == .empty(path: path))
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x61], "UTF-16"),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"),
    ] as [([UInt8], String)]) func otherEncodingsAreNamed(bytes: [UInt8], name: String) throws
  {
    let path = try folder.file("a.csv", bytes)
    #expect(problem { try IndexedText(path: path) } == .otherEncoding(name))
    #expect(problem { try CSVTable(path: path) } == .otherEncoding(name))
    #expect(problem { try JSONValue(contentsOf: path) } == .otherEncoding(name))
    #expect(
      thrown { try CSVTable(path: path) }?.description.contains("iconv -f \(name) -t UTF-8") == true
    )
  }
}
