import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

@Suite struct CSVTableTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(path: try folder.file("data.csv", text))
  }

  private func error(_ body: (CSVTable) throws -> [Double], in text: String) -> FileError? {
    thrown { try body(table(text)) }
  }

  @Test(arguments: [
    "year,sunspots\n1700,5.0\n1701,11\n", "year,sunspots\r\n1700,5.0\r\n1701,11\r\n",
    "year,sunspots\r1700,5.0\r1701,11", "\u{FEFF}year,sunspots\n1700,5.0\n1701,11",
    "year;sunspots\n1700;5.0\n1701;11\n", "year\tsunspots\n1700\t5.0\n1701\t11\n",
    "\"year\",\"sunspots\"\n\"1700\",\"5.0\"\n1701,\"11\"\n",
    "\nyear, sunspots\n\n1700, 5.0\n1701,11\n\n \n",
  ]) func formsOfTheSameTable(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["year", "sunspots"])
    #expect(try table.column(named: "year") == [1700, 1701])
    #expect(try table.column(named: "sunspots") == [5, 11])
    #expect(try table.column(named: "2") == [5, 11])
  }

  @Test func quotedFields() throws {
    let table = try table("name,\"a \"\"b\"\"\"\n\"x,\ny\",1\r\n\"\",2\nlast,bad\n")
    #expect(table.columnNames == ["name", "a \"b\""])
    #expect(try table.texts(inColumn: "name") == ["x,\ny", "", "last"])
    #expect(table.lines == [2, 4, 5])
    #expect(
      thrown { try table.column(named: "2") }
        == .malformed(path: table.path, line: 5, .notANumber(column: "a \"b\"", text: "bad")))
  }

  @Test func semicolonsInsideACommaTable() throws {
    #expect(try table("a;b,c\n1,2\n").columnNames == ["a;b", "c"])
    #expect(try table("\"a,b\";c\n1;2\n").columnNames == ["a,b", "c"])
  }

  @Test(
    arguments: [
      ("abc", .notANumber(column: "v", text: "abc")),
      ("1,5", .decimalComma(column: "v", text: "1,5")),
      ("nan", .missingValue(column: "v", text: "nan", count: 1)),
      ("inf", .notANumber(column: "v", text: "inf")),
      ("1e999", .notANumber(column: "v", text: "1e999")),
      ("0x1A", .notANumber(column: "v", text: "0x1A")),
      ("1p3", .notANumber(column: "v", text: "1p3")),
      ("infinity", .notANumber(column: "v", text: "infinity")),
      ("", .missingValue(column: "v", text: "", count: 1)),
      ("  ", .missingValue(column: "v", text: "", count: 1)),
      ("NA", .missingValue(column: "v", text: "NA", count: 1)),
    ] as [(String, FileProblem)]) func whatIsNoNumber(cell: String, problem: FileProblem)
  {
    #expect(
      error({ try $0.column(named: "v") }, in: "t,v\n1,2\n2,\"\(cell)\"\n3,4\n")
        == .malformed(path: folder("data.csv"), line: 3, problem))
  }

  @Test func oneColumn() throws {
    #expect(try table("v\n1\n2\n\n\n").column(named: "v") == [1, 2])
    #expect(
      error({ try $0.column(named: "v") }, in: "v\n1\n\n2\n")
        == .malformed(
          path: folder("data.csv"), line: 3, .missingValue(column: "v", text: "", count: 1)))
  }

  @Test func raggedRowsNameTheirLine() {
    #expect(
      thrown { try table("a,b\n1,2\n\n3\n") }
        == .malformed(path: folder("data.csv"), line: 4, .raggedRow(expected: 2, got: 1)))
    #expect(
      thrown { try table("a,b\n1,2,3") }
        == .malformed(path: folder("data.csv"), line: 2, .raggedRow(expected: 2, got: 3)))
    #expect(problem { try table("a,b\n1,2,") } == .raggedRow(expected: 2, got: 3))
  }

  @Test func columnsThatAreNotThere() throws {
    let table = try table("a,b,a,7\n1,2,3,4\n")
    let present = ["a", "b", "a", "7"]
    #expect(problem { try table.column(named: "c") } == .missingColumn("c", present: present))
    #expect(problem { try table.column(named: "0") } == .missingColumn("0", present: present))
    #expect(problem { try table.column(named: "5") } == .missingColumn("5", present: present))
    #expect(problem { try table.column(named: "a") } == .ambiguousColumn("a"))
    #expect(try table.column(named: "1") == [1])
    #expect(try table.column(named: "7") == [4])
  }

  @Test func filesThatAreNoTable() throws {
    let path = folder("data.csv")
    #expect(thrown { try table("\n\n") } == .empty(path: path))
    #expect(try table("a,b\n").column(named: "a") == [])
    #expect(
      thrown { try table("a\n\"b\nc\n") } == .malformed(path: path, line: 2, .unterminatedQuote))
    #expect(
      thrown { try table("a,b\n1,\"2\"3\n") }
        == .malformed(path: path, line: 2, .textAfterQuote(field: 2)))
    #expect(
      thrown { try table("a\n1\n\0\n") } == .malformed(path: path, line: 3, .binary(byteOffset: 4)))
    let latin1 = try folder.file("latin1.csv", Array("a\n1\n".utf8) + [0xE9, 0x0A])
    #expect(
      thrown { try CSVTable(path: latin1) }
        == .malformed(path: latin1, line: 3, .notUTF8(byteOffset: 4)))
  }
}
