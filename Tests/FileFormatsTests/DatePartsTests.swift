import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Dates in columns of their own: a year, a month and so on.
struct DatePartsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func series(_ csv: String) throws -> CSVSeries {
    try CSVSeries(path: folder.file("table.csv", csv), columns: ["v"])
  }

  @Test(
    arguments: [
      (
        "year,month,day,v\n2024,1,30,5\n2024,1,31,6\n", ["2024-01-30", "2024-01-31"],
        ["2024-02-01"]
      ),
      // Before any column of numbers, in whatever order, with hours.
      (
        "No,Day,Month,YEAR,hour,v\n1,28,2,2024,22,5\n2,28,2,2024,23,6\n",
        ["2024-02-28 22:00", "2024-02-28 23:00"], ["2024-02-29 00:00"]
      ),
      ("year,month,v\n2023,11,5\n2023,12,6\n", ["2023-11", "2023-12"], ["2024-01"]),
      (
        "year,month,day,hour,minute,second,v\n2024,1,1,0,59,58,5\n2024,1,1,0,59,59,6\n",
        ["2024-01-01 00:59:58", "2024-01-01 00:59:59"], ["2024-01-01 01:00:00"]
      ),
    ] as [(String, [String], [String])])
  func theyMakeADate(csv: String, dates: [String], next: [String]) throws {
    let series = try series(csv)
    #expect(series.index.isDates && series.index.name == "date" && series.notices.isEmpty)
    #expect(series.index.fields.map(\.encoded) == dates)
    #expect(series.index.continued(by: 1).map(\.encoded) == next)
    #expect(series.index.placesContinued(by: 1)[0] > series.index.places[1])
  }

  @Test func newestFirstIsReadInAscendingOrder() throws {
    let series = try series("year,month,day,v\n2024,2,1,6\n2024,1,31,5\n")
    #expect(series.columns[0].values == [5, 6])
    #expect(series.index.fields.map(\.encoded) == ["2024-01-31", "2024-02-01"])
  }

  /// What is no date is said, and the rest of the columns is looked at.
  @Test(arguments: [
    "year,month,day,v\n2024,13,1,5\n2024,14,1,6\n", "year,month,day,v\n24,1,1,5\n24,1,2,6\n",
    "year,month,day,v\n2024,Jan,1,5\n2024,Jan,2,6\n",
  ])
  func otherwiseThatIsSaid(csv: String) throws {
    let series = try series(csv)
    #expect(!series.index.isDates)
    #expect(
      series.notices.contains {
        $0.description.contains("columns year, month, day")
          && $0.description.contains("no single column of dates was found")
      }, "\(series.notices)")
  }

  /// A column of dates comes first, and a year alone is a number.
  @Test func otherIndexesStay() throws {
    let dates = try series("year,month,date,v\n2024,1,2024-05-01,5\n2024,1,2024-05-02,6\n")
    #expect(dates.index.name == "date" && dates.index.fields[0].encoded == "2024-05-01")
    #expect(try series("year,v\n1900,5\n1901,6\n").index.name == "year")
  }
}
