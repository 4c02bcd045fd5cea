import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Readings of CSV files that a sweep over a thousand files found wrong.
struct SweepFindingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func values(
    _ text: String, _ column: String, _ reading: CSVReading = CSVReading()
  ) throws -> [Double] {
    let path = try folder.file("s.csv", text)
    return try CSVSeries(path: path, columns: [column], as: reading).columns[0].values
  }

  @Test func aDecimalCommaSeparatesNothing() throws {
    let comma = CSVReading(hasHeader: false, decimal: .comma)
    #expect(try values("10,000\n11,736\n13,292\n", "1", comma) == [10, 11.736, 13.292])
    #expect(try values("1,2|#x\n1,7|#x\n", "1", comma) == [1.2, 1.7])
    #expect(
      try values("temp, degC\n1,5\n2,5\n", "1", CSVReading(decimal: .comma)) == [1.5, 2.5])
  }

  @Test func linesOfGroupedNumbersAreOneField() throws {
    let point = CSVReading(hasHeader: false, decimal: .point)
    #expect(try values("10,000\n11,736\n900\n", "1", point) == [10_000, 11_736, 900])
    #expect(try values("10,000\n11,736\n", "1", point) == [10_000, 11_736])
    for header in ["load", "\"load, MW\""] {
      let text = "\(header)\n10,000\n11,736\n"
      #expect(try values(text, "1", CSVReading(decimal: .point)) == [10_000, 11_736])
    }
  }

  /// Two fields below a header of two are not one number with groups of thousands.
  @Test func aHeaderWithAsManyCommasSaysThatTheySeparate() throws {
    let text = "hour,load\n1,523\n2,611\n"
    for reading in [CSVReading(), CSVReading(decimal: .point)] {
      #expect(try values(text, "load", reading) == [523, 611])
      #expect(try values(text, "hour", reading) == [1, 2])
    }
    // The lines differ, as those of one column of numbers do.
    let column = "load, MW\n1,523\n900\n"
    #expect(try values(column, "1", CSVReading(decimal: .point)) == [1523, 900])
  }

  @Test func aGroupDoesNotBeginWithZero() throws {
    #expect(CSVNumber.finite("0.500", decimal: .comma) == nil)
    #expect(CSVNumber.finite("0,500", decimal: .point) == nil)
    #expect(CSVNumber.finite("1.500", decimal: .comma) == 1500)
    #expect(CSVNumber.finite("0,500", decimal: .comma) == 0.5)
  }

  @Test(arguments: ["Total", "", "n/a", "2024-21-01"])
  func oneOddFieldInTheIndexIsRefused(odd: String) throws {
    let dates = (1...9).map { "2024-01-0\(10 - $0),\($0)\n" }.joined()
    let text = "date,v\n" + dates + "\(odd),300\n"
    let path = try folder.file("s.csv", text)
    #expect(
      throws: FileError.malformed(
        path: path, line: 11, .oddIndex(column: "date", text: odd))
    ) { try CSVSeries(path: path, columns: ["v"]) }
    #expect(try values(text, "v", CSVReading(order: .asIs)).count == 10)
  }

  /// Numbers in order are an index whatever their column is called: with a footer, its row would be read as data, and
  /// rows that descend from the last to the first.
  @Test(arguments: ["hour", "", "a"], [true, false])
  func oneOddFieldAmongNumbersInOrderIsRefused(name: String, descends: Bool) throws {
    let numbers = (1...9).map { descends ? 10 - $0 : $0 }
    let rows = numbers.map { "\($0),\($0).5\n" }.joined()
    let path = try folder.file("s.csv", "\(name),v\n" + rows + "Total,820\n")
    #expect(
      throws: FileError.malformed(path: path, line: 11, .oddIndex(column: name, text: "Total"))
    ) { try CSVSeries(path: path, columns: ["v"]) }
  }

  /// Other columns whose numbers are nearly all in order are said, with the first field that breaks it: a footer
  /// without a word, a last number that turns back, a blank. Rows are then read in the file's order.
  @Test(arguments: [true, false], [(30, "NA"), (30, "15"), (7, ""), (0, "NA")])
  func nearlyAnIndexIsSaid(descends: Bool, odd: (place: Int, text: String)) throws {
    var fields = (0..<30).map { String(descends ? 30 - $0 : $0) }
    fields.insert(odd.text, at: odd.place)
    let path = try folder.file("s.csv", "i,v\n" + fields.map { "\($0),1\n" }.joined())
    // Descending numbers but for what is no number are refused.
    if descends, odd.text != "15" {
      #expect(throws: FileError.self) { try CSVSeries(path: path, columns: ["v"]) }
      return
    }
    #expect(
      try CSVSeries(path: path, columns: ["v"]).notices == [
        .nearlyIndex(path: path, column: "i", line: odd.place + 2, text: odd.text)
      ])
  }

  /// Numbers a third of which stand still are measured.
  @Test func numbersThatStandStillAreNoIndex() throws {
    let rows = (0..<30).map { "\(30 - max($0, 12)),1\n" }.joined()
    let path = try folder.file("s.csv", "left,v\n" + rows)
    #expect(try CSVSeries(path: path, columns: ["v"]).notices.isEmpty)
  }

  /// Numbers that go up and down are measured.
  @Test func measuredNumbersAreNoIndex() throws {
    let rows = (0..<60).map { "\($0 * 37 % 11),1\n" }.joined()
    let path = try folder.file("s.csv", "load,v\n" + rows)
    #expect(try CSVSeries(path: path, columns: ["v"]).notices.isEmpty)
  }

  /// Dates in a form that is not known are said, whatever their column is called.
  @Test(arguments: [
    "2020-W%02d", "%02d Jan 20", "Mon %02d Jan 2020", "2020-0%02d", "Q1 20%02d",
  ])
  func unknownDatesAreSaid(form: String) throws {
    let dates = (0..<12).map { String(format: form, 30 - $0) }
    let path = try folder.file("s.csv", "week,v\n" + dates.map { "\($0),1\n" }.joined())
    #expect(
      try CSVSeries(path: path, columns: ["v"]).notices == [
        .unknownDates(path: path, column: "week", text: dates[0])
      ])
  }

  /// Names that have digits and repeat are none.
  @Test func namesAreNoDates() throws {
    let path = try folder.file(
      "s.csv", "station,v\n" + (0..<12).map { "S\($0 % 3),1\n" }.joined())
    #expect(try CSVSeries(path: path, columns: ["v"]).notices.isEmpty)
  }

  /// One field in five may be odd, wherever it stands; with more the column is none of dates.
  @Test(arguments: [[2, 10], [9, 10], [1, 2]])
  func upToAFifthOfOddFieldsIsRefused(places: [Int]) throws {
    func text(_ odd: [Int]) -> String {
      "date,v\n"
        + (1...10).map { odd.contains($0) ? "odd\($0),1\n" : "2023-12-\(10 + $0),1\n" }.joined()
    }
    let path = try folder.file("s.csv", text(places))
    #expect(
      throws: FileError.malformed(
        path: path, line: places[0] + 1, .oddIndex(column: "date", text: "odd\(places[0])"))
    ) { try CSVSeries(path: path, columns: ["v"]) }
    let more = try folder.file("more.csv", text(places + [5]))
    let first = places.contains(1) ? "odd1" : "2023-12-11"
    #expect(
      try CSVSeries(path: more, columns: ["v"]).notices == [
        .unknownDates(path: more, column: "date", text: first)
      ])
  }

  @Test func aDateColumnWithoutAKnownDateIsSaid() throws {
    let path = try folder.file("s.csv", "date,v\nQ4 of 2010,1\nQ3 of 2010,2\nQ2 of 2010,3\n")
    let series = try CSVSeries(path: path, columns: ["v"])
    #expect(
      series.notices == [.unknownDates(path: path, column: "date", text: "Q4 of 2010")])
    #expect(!series.index.isFromFile)
  }
}
