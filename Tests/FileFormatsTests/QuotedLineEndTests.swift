import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Line numbers count every line end, also within quotes.
struct QuotedLineEndTests {
  @Test(arguments: ["\n", "\r\n", "\r"], ["\n", "\r\n", "\r"])
  func linesAfterAQuotedFieldAreCounted(end: String, quoted: String) throws {
    let folder = try TemporaryFolder()
    // The field fills lines 2 to 4, so that the wrong value is on line 6.
    let rows = ["a,v", "\"x\(quoted)\(quoted)y\",1", "z,2", "z,bad"]
    let path = try folder.file("t.csv", rows.joined(separator: end))
    #expect(
      thrown { try CSVTable(path: path).column(named: "v") }
        == .malformed(path: path, line: 6, .notANumber(column: "v", text: "bad")))
  }

  @Test func aQuoteThatEndsInALineEnd() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("t.csv", "a,v\r\n\"x\r\"\"\r\n\",1,2\r\n")
    let problem = thrown { try CSVTable(path: path) }
    #expect(problem == .malformed(path: path, line: 2, .raggedRow(expected: 2, got: 3)))
    let next = try folder.file("n.csv", "a,v\r\n\"x\r\"\"\r\n\",1\r\nz,1,2\r\n")
    #expect(
      thrown { try CSVTable(path: next) }
        == .malformed(path: next, line: 5, .raggedRow(expected: 2, got: 3)))
  }
}

extension QuotedLineEndTests {
  /// What stands between doubled quotes is quoted still, and separates nothing.
  @Test func doubledQuotesLeaveAFieldOpen() throws {
    let folder = try TemporaryFolder()
    let rows = ["name;v", "\"a \"\"b, c,\"\" d\";1", "\"\"\"e\"\",\nf\";2"]
    let table = try CSVTable(path: folder.file("t.csv", rows.joined(separator: "\n")))
    #expect(table.rows == [["a \"b, c,\" d", "1"], ["\"e\",\nf", "2"]])
    #expect(table.lines == [2, 3])
  }
}
