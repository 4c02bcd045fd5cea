import Testing

@testable import UnrollFileFormats

struct CSVNumberTests {
  @Test(
    arguments: [
      ("1", 1), ("-1.5", -1.5), ("+.5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-2", 0.01), (" 2\t", 2),
      ("\u{A0}3", 3), ("007", 7), ("-0", 0), ("1e-999", 0),
    ] as [(String, Double)]) func numbers(text: String, value: Double)
  {
    #expect(CSVNumber.finite(text) == value)
  }

  @Test(arguments: [
    "", " ", "0x1A", "0x1p3", "nan", "NaN", "inf", "-infinity", "1e", "1e+", "e5", ".", "-", "+-1",
    "1.2.3", "1_000", "1 000", "1,5", "1,234", "1f", "１", "1e999", "--1", "1\u{0301}",
  ]) func otherTexts(text: String) {
    #expect(CSVNumber.finite(text) == nil)
  }

  @Test(
    arguments: [
      ("1,5", .comma, 1.5), ("1.234,5", .comma, 1234.5), ("-1.234.567", .comma, -1_234_567),
      ("1 234,5", .comma, 1234.5), ("1\u{202F}234,5", .comma, 1234.5), (",5", .comma, 0.5),
      ("1,5e3", .comma, 1500), ("12", .comma, 12), ("1,234.5", .point, 1234.5),
      ("12,345,678", .point, 12_345_678), ("1'234.5", .point, 1234.5), ("1.5", .point, 1.5),
    ] as [(String, DecimalMark, Double)])
  func marks(text: String, mark: DecimalMark, value: Double) {
    #expect(CSVNumber.finite(text, decimal: mark) == value)
  }

  @Test(
    arguments: [
      ("1.5", .comma), ("1,5,5", .comma), ("1.23,4", .comma), ("1.234.56", .comma),
      ("1,2345.6", .point), ("1,23", .point), (",123", .point), ("1234,567", .point),
      ("1.234 567", .comma), ("0x1A", .comma), ("1,5.5", .comma),
    ] as [(String, DecimalMark)]) func brokenGroups(text: String, mark: DecimalMark)
  {
    #expect(CSVNumber.finite(text, decimal: mark) == nil)
  }

  @Test(arguments: [1.5, -0.1, 1e300, .nan, .infinity, -.infinity])
  func whatIsWrittenIsRead(value: Double) throws {
    let read = try #require(CSVNumber.written(CSVField.number(value).encoded))
    #expect(read == value || read.isNaN && value.isNaN)
    #expect(CSVNumber.written("0x1A") == nil && CSVNumber.written("Infinity") == nil)
  }
}
