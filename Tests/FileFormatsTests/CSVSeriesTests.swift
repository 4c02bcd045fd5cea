import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct CSVSeriesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func series(
    _ text: String, _ columns: [String] = ["v"], _ reading: CSVReading = CSVReading()
  ) throws -> CSVSeries {
    try CSVSeries(path: folder.file("s.csv", text), columns: columns, as: reading)
  }

  private var path: String { folder("s.csv") }

  // MARK: Headers

  @Test func numbersInTheHeaderAreSaid() throws {
    let text = "10.5\n11\n12\n"
    let named = try series(text, ["1"])
    #expect(named.columns[0].values == [11, 12])
    #expect(named.notices == [.numberInHeader(path: path, line: 1, text: "10.5")])
    #expect(named.notices[0].description.contains("--no-header"))
    let all = try series(text, ["1"], CSVReading(hasHeader: false))
    #expect(all.columns[0].values == [10.5, 11, 12] && all.columns[0].name == "1")
    #expect(all.notices.isEmpty)
    #expect(
      problem { try series(text, ["2"], CSVReading(hasHeader: false)) }
        == .missingColumn("2", present: ["1"]))
    #expect(
      try series("2024-01-01;x\n2024-01-02;1\n2024-01-03;2", ["x"]).notices
        == [.numberInHeader(path: path, line: 1, text: "2024-01-01")])
  }

  // MARK: Decimal marks

  @Test func decimalCommas() throws {
    let text = "t;v\n1;1.234,5\n2;2,25\n"
    #expect(
      thrown { try series(text) }
        == .malformed(path: path, line: 2, .decimalComma(column: "v", text: "1.234,5")))
    #expect(thrown { try series(text) }?.description.contains("--decimal comma") == true)
    #expect(
      try series(text, ["v"], CSVReading(decimal: .comma)).columns[0].values == [1234.5, 2.25])
    #expect(
      try series("v\n1,5\n2,5\n", ["v"], CSVReading(decimal: .comma)).columns[0].values
        == [1.5, 2.5])
    #expect(
      try series("t,v\n1,\"1,234.5\"\n2,3\n", ["v"], CSVReading(decimal: .point))
        .columns[0].values == [1234.5, 3])
  }

  // MARK: Missing values

  private let gaps = "t,v\n0,NA\n1,1\n2,?\n3,\n4,4\n5,null\n"

  @Test func missingValuesAreRefusedFirst() throws {
    #expect(
      thrown { try series(gaps) }
        == .malformed(path: path, line: 2, .missingValue(column: "v", text: "NA", count: 4)))
    #expect(thrown { try series(gaps) }?.description.contains("the first of 4") == true)
  }

  @Test func missingValuesAreMadeUp() throws {
    let inner = "t,v\n1,1\n2,?\n3,\n4,4\n5,null\n"
    let previous = try series(inner, ["v"], CSVReading(missing: .previous))
    #expect(previous.columns[0].values == [1, 1, 1, 4, 4])
    #expect(previous.columns[0].isTarget == [true, true, true, true, true])
    #expect(previous.columns[0].isKnown == [true, false, false, true, false])
    #expect(
      previous.notices
        == [.missingValues(path: path, column: "v", count: 3, of: 5, .previous)])
    let line = try series("t,v\n1,1\n2,?\n3,\n4,4\n", ["v"], CSVReading(missing: .interpolate))
    // Thirds round: within one unit in the last place of 3.
    #expect(zip(line.columns[0].values, [1, 2, 3, 4]).allSatisfy { abs($0 - $1) <= 3 * 0x1p-52 })
    let masked = try series(gaps, ["v"], CSVReading(missing: .mask))
    #expect(masked.columns[0].values == [1, 1, 1, 1, 4, 4])
    #expect(masked.columns[0].isTarget == [false, true, false, false, true, false])
    #expect(
      thrown { try series(gaps, ["v"], CSVReading(missing: .previous)) }
        == .malformed(
          path: path, line: 2, .unfilledValue(column: "v", text: "NA", policy: .previous)))
    #expect(
      thrown { try series(inner, ["v"], CSVReading(missing: .interpolate)) }
        == .malformed(
          path: path, line: 6, .unfilledValue(column: "v", text: "null", policy: .interpolate)))
    #expect(
      problem { try series("v\nNA\nNA\n", ["v"], CSVReading(missing: .mask)) }
        == .missingValue(column: "v", text: "NA", count: 2))
  }

  /// No part knows of a later one: at its end there is no line to a number after it.
  @Test func aLineDoesNotCrossIntoALaterPart() throws {
    let text = "v\n0\nNA\n4\nNA\nNA\n10\n"
    func values(
      _ partStarts: [Int], count: Int? = nil, _ missing: MissingValues = .interpolate
    ) throws -> [Double] {
      let unfilled = try UnfilledSeries(
        path: folder.file("s.csv", text), columns: ["v"], as: CSVReading(missing: missing))
      return try CSVSeries(unfilled, count: count, partStarts: partStarts).columns[0].values
    }
    #expect(try values([]) == [0, 2, 4, 6, 8, 10])
    // The gaps lie within parts: the one at the beginning of a part goes on from the part before.
    #expect(try values([3]) == [0, 2, 4, 6, 8, 10] && values([6]) == values([]))
    for (starts, line) in [([1, 4], 5), ([5], 5), ([2], 3), ([2, 5], 3)] {
      #expect(
        thrown { try values(starts) }
          == .malformed(path: path, line: line, .unfilledPartEnd(column: "v", text: "NA")),
        "\(starts)")
    }
    // What is not used is no neighbor either.
    #expect(
      thrown { try values([1], count: 5) }
        == .malformed(
          path: path, line: 5, .unfilledValue(column: "v", text: "NA", policy: .interpolate)))
    #expect(try values([5], .previous) == [0, 0, 4, 4, 4, 10])
    #expect(try values([5], .mask) == [0, 0, 4, 4, 4, 10])
  }

  @Test func aGapAtAPartsEndIsNamedByItsLineNewestFirst() throws {
    let unfilled = try UnfilledSeries(
      path: folder.file("s.csv", "year,v\n2004,4\n2003,\n2002,2\n2001,1\n"), columns: ["v"],
      as: CSVReading(missing: .interpolate))
    #expect(
      thrown { try CSVSeries(unfilled, partStarts: [3]) }
        == .malformed(path: path, line: 3, .unfilledPartEnd(column: "v", text: "")))
    #expect(try CSVSeries(unfilled, partStarts: [2]).columns[0].values == [1, 2, 3, 4])
  }

  @Test func whatFillsAGapLiesBeforeItInTime() throws {
    let newestFirst = "year,v\n2003,3\n2002,\n2001,1\n"
    #expect(
      try series(newestFirst, ["v"], CSVReading(missing: .previous)).columns[0].values
        == [1, 1, 3])
    #expect(
      thrown {
        try series("year,v\n2003,3\n2002,2\n2001,\n", ["v"], CSVReading(missing: .previous))
      }
        == .malformed(path: path, line: 4, .unfilledValue(column: "v", text: "", policy: .previous))
    )
  }

  // MARK: Order

  @Test(arguments: [
    ("2003", "2002", "2001"), ("2024-03-01", "2024-02-01", "2024-01-01"),
    ("01.02.2024", "31.01.2024", "30.01.2024"), ("1/13/2024", "1/12/2024", "1/11/2024"),
    ("20240301", "20240229", "20240228"), ("2024-01", "2023-12", "2023-11"),
    ("Mar 3, 2024", "Mar 2, 2024", "Feb 28, 2024"), ("2024Q2", "2024Q1", "2023Q4"),
    ("2024-01-01T02:00Z", "2024-01-01T02:00+01:00", "2024-01-01T02:00+02:00"),
    ("1/13/2024 1:00 PM", "1/13/2024 12:00 PM", "1/13/2024 12:00 AM"),
  ]) func newestFirstIsTurned(a: String, b: String, c: String) throws {
    let text = "when;v\n\(a);3\n\(b);2\n\(c);1\n"
    let turned = try series(text)
    #expect(turned.columns[0].values == [1, 2, 3])
    #expect(turned.index.fields.map(\.encoded) == [c, b, a].map { CSVField.text($0).encoded })
    #expect(turned.notices == [.newestFirst(path: path, column: "when", first: a, last: c)])
    #expect(try series(text, ["v"], CSVReading(order: .asIs)).columns[0].values == [3, 2, 1])
  }

  @Test func rowsInNoOrderAreRefused() throws {
    let dates = "date,v\n2024-01-01,1\n2024-01-03,2\n2024-01-02,3\n"
    #expect(
      thrown { try series(dates) }
        == .malformed(
          path: path, line: 4,
          .unorderedIndex(column: "date", text: "2024-01-02", previous: "2024-01-03")))
    let asIs = try series(dates, ["v"], CSVReading(order: .asIs))
    #expect(asIs.columns[0].values == [1, 2, 3] && !asIs.index.isFromFile)
    #expect(
      problem { try series("Year,v\n1,1\n3,2\n2,3\n") }
        == .unorderedIndex(column: "Year", text: "2", previous: "3"))
    // Newest first, with two rows that nothing puts in order.
    #expect(
      problem { try series("date,v\n2024-01-03,1\n2024-01-02,2\n2024-01-02,3\n") }
        == .unorderedIndex(column: "date", text: "2024-01-02", previous: "2024-01-02"))
    // A column of numbers may be anything.
    let other = try series("speed,v\n1,1\n3,2\n2,3\n")
    #expect(!other.index.isFromFile && other.notices.isEmpty)
  }

  @Test func repeatedDatesAreCounted() throws {
    let repeated = try series("year,v\n2001,1\n2001,2\n2002,3\n")
    #expect(repeated.index.name == "index" && repeated.columns[0].values == [1, 2, 3])
    #expect(
      repeated.notices
        == [.repeatedIndex(path: path, column: "year", line: 3, text: "2001")])
  }

  @Test func aDateAndATimeOfDayAreOneIndex() throws {
    let twice = try series(
      "date,time,v\n2024-01-02,00:00,3\n2024-01-01,12:00,2\n2024-01-01,00:00,1\n")
    #expect(twice.columns[0].values == [1, 2, 3] && twice.index.name == "date time")
    #expect(twice.index.continued(by: 2) == ["2024-01-02 12:00", "2024-01-03 00:00"])
  }

  @Test func dayOrMonthFirstIsLeftOpen() throws {
    let open = try series("d,v\n01/02/2024,1\n02/02/2024,2\n03/02/2024,3\n")
    #expect(open.notices == [.ambiguousDates(path: path, column: "d", text: "01/02/2024")])
    #expect(!open.index.isFromFile)
  }

  @Test func severalColumnsAndNoneOfThemTheIndex() throws {
    let several = try series("a,t,b\n3,1,4\n2,2,5\n1,3,6\n", ["b", "a"])
    #expect(several.columns.map(\.name) == ["b", "a"])
    #expect(several.columns.map(\.values) == [[4, 5, 6], [3, 2, 1]])
    #expect(several.index.name == "t" && several.notices.isEmpty)
  }
}
