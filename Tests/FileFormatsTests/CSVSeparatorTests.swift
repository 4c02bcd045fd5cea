import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct CSVSeparatorTests {
  private func separator(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { CSVSeparator.find(in: $0, from: 0) }
      .map { String(Unicode.Scalar($0)) }
  }

  @Test(arguments: [
    ("time;wind (m/s, 10 m);load\n0;1;5.0\n1;2;6.0\n", ";"),
    ("a,b\n1,2\n", ","), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n3|4", "|"),
    // Decimal commas make commas agree as well; the fields decide.
    ("1,5;2,5\n3,5;4,5\n", ";"), ("a,x;b,x\n1,5;2,5\n3,5;4,5\n", ";"),
    ("date;v\n2024-01-01;1,5\n2024-01-02;2\n", ";"),
    ("\"a,b\";c\n1;2\n", ";"), ("id;note;v\n1;hello, you;2\n2;hi;3\n", ";"),
    ("\"x;y;z\",b\n1,2\n", ","), ("a;b,c\n1,2\n", ","),
    // Ragged: what most lines agree on.
    ("a;b\n1;2\n3;4\n5\n", ";"), ("a,b\n", ","),
  ]) func theLinesDecide(text: String, expected: String) {
    #expect(separator(text) == expected)
  }

  @Test(arguments: ["level\n1\n2\n", "level (m, NN)\n1\n2\n", "level\n1,5\n2,5\n", "v\n1,5\n2\n"])
  func oneColumnHasNone(text: String) {
    #expect(separator(text) == nil)
  }

  @Test func aTableWithBars() throws {
    let folder = try TemporaryFolder()
    let table = try CSVTable(path: folder.file("a.csv", "a|b, c\n1|2\n"))
    #expect(table.columnNames == ["a", "b, c"])
    #expect(try table.column(named: "b, c") == [2])
  }
}
