import Testing
import UnrollFileFormats

@testable import UnrollReports

/// Numbers of a page in four digits, with all of them behind.
struct PageNumbersTests {
  @Test(arguments: [
    ("1", "1"), ("0.123456789", "0.1235"), ("-0.123456789", "-0.1235"), ("inf", "inf"),
    ("12345678", "12345678"),
    // Two numbers are no more a range than three are.
    ("0.123456789, 2", "0.1235, 2"), ("0.123456789, 2.123456789", "0.1235, 2.123"),
    ("1, 0.123456789, nan", "1, 0.1235, nan"),
  ])
  func fourDigitsAreShown(all: String, short: String) throws {
    let numbers = try #require(PageNumbers(all))
    #expect(numbers.short == short && numbers.all == all)
    #expect(numbers.isShortened == (short != all))
    let facts = PageFacts(title: "t", facts: [("n", all)]).html
    let table = PageTable("t", columns: ["n"], rows: [[all]]).html
    for html in [facts, table] {
      #expect(html.contains(">\(short)</"))
      #expect(html.contains("data-all=\"\(all)\" title=\"\(all)\"") == (short != all))
    }
  }

  @Test(arguments: ["", "a", "1, a", "1,2", "0x10"]) func otherTextIsNoNumber(_ text: String) {
    #expect(PageNumbers(text) == nil)
  }

  /// The name of a run may be of digits alone.
  @Test func namesAreNoNumbers() {
    let table = PageTable(
      "Runs", columns: ["run", "loss"],
      rows: [["019000061450", "0.123456789"], ["547600000000", "1"]]
    ).html
    #expect(table.contains("<td>019000061450</td>") && table.contains("<td>547600000000</td>"))
    #expect(table.contains(">0.1235</td>"))
  }
}
