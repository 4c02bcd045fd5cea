import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct SeriesIndexTests {
  private func index(_ csv: String, order: RowOrder = .ascending) throws -> SeriesIndex {
    let folder = try TemporaryFolder()
    return try CSVSeries(
      path: folder.file("table.csv", csv), columns: ["value"], as: CSVReading(order: order)
    ).index
  }

  @Test func theFirstColumnOfNumbersIsTheIndex() throws {
    let index = try index("name,time,value\na,0.5,1\nb,1.0,2\nc,2.0,3\n")
    #expect(index.name == "time" && index.isFromFile && index.places == [0.5, 1, 2])
    #expect(index.continued(by: 2) == [3, 4])
    #expect(index.fields == [0.5, 1, 2])
  }

  @Test(arguments: [
    "value\n1\n2\n3\n", "value,year\n1,1901\n2,1901\n3,1901\n",
    "year,value\n1900,1\n1900,2\n1901,3\n", "date,value\n1 May,1\n2 May,2\n3 May,3\n",
    "year,value\n-1.7e308,1\n1.7e308,2\n1.71e308,3\n",
  ])
  func otherwiseValuesAreCounted(csv: String) throws {
    let index = try index(csv)
    #expect(index.name == "index" && !index.isFromFile && index.places == [0, 1, 2])
    #expect(index.continued(by: 2) == [3, 4])
  }

  @Test func wholePlacesAreWrittenWithoutAFraction() {
    #expect(SeriesIndex.field(1900).encoded == "1900")
    #expect(SeriesIndex.field(0.25).encoded == "0.25")
    #expect(SeriesIndex.field(1e300).encoded == "1e+300")
  }

  /// What comes after the last of some dates.
  @Test(
    arguments: [
      (["20240129", "20240130", "20240131"], ["20240201", "20240202"]),
      (["2024-02-27", "2024-02-28"], ["2024-02-29", "2024-03-01"]),
      (["1999-12-30", "1999-12-31"], ["2000-01-01", "2000-01-02"]),
      // Months on one day, on the last day, and on the 30th where there is one.
      (["2023-11-15", "2023-12-15"], ["2024-01-15", "2024-02-15"]),
      (["2023-11-30", "2023-12-31"], ["2024-01-31", "2024-02-29"]),
      (["2023-11-30", "2023-12-30"], ["2024-01-30", "2024-02-29"]),
      (["2000-02-29", "2004-02-29"], ["2008-02-29", "2012-02-29"]),
      (["2022-06-01", "2023-06-01"], ["2024-06-01", "2025-06-01"]),
      (["2023-11", "2023-12"], ["2024-01", "2024-02"]),
      (["202311", "202312"], ["202401", "202402"]),
      (["2023Q3", "2023Q4"], ["2024Q1", "2024Q2"]),
      (["Nov 2023", "Dec 2023"], ["Jan 2024", "Feb 2024"]),
      (["1998", "1999"], ["2000", "2001"]),
      // Fractions of seconds, with the mark that the file has.
      (
        ["2024-01-31 23:59:59,500", "2024-01-31 23:59:59,750"],
        ["\"2024-02-01 00:00:00,000\"", "\"2024-02-01 00:00:00,250\""]
      ),
      (
        ["2024-01-31 00:00:00.1", "2024-01-31 00:00:00.2"],
        ["2024-01-31 00:00:00.3", "2024-01-31 00:00:00.4"]
      ),
      // Hours and minutes over midnight.
      (["2024-01-31 22:00", "2024-01-31 23:00"], ["2024-02-01 00:00", "2024-02-01 01:00"]),
      (
        ["2024-12-31T23:30:00Z", "2024-12-31T23:45:00Z"],
        ["2025-01-01T00:00:00Z", "2025-01-01T00:15:00Z"]
      ),
      (
        ["31.12.2023 23:59:59.5", "31.12.2023 23:59:59.75"],
        ["01.01.2024 00:00:00.00", "01.01.2024 00:00:00.25"]
      ),
      (["1/30/2024", "1/31/2024"], ["2/1/2024", "2/2/2024"]),
      (["30-Jan-24", "31-Jan-24"], ["01-Feb-24", "02-Feb-24"]),
      (["1/31/2024 10:00 PM", "1/31/2024 11:00 PM"], ["2/1/2024 12:00 AM", "2/1/2024 1:00 AM"]),
      // Weeks, and working days.
      (["2024-02-19", "2024-02-26"], ["2024-03-04", "2024-03-11"]),
      (
        [
          "2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11",
          "2024-01-12",
        ],
        ["2024-01-15", "2024-01-16"]
      ),
    ] as [([String], [String])]) func datesContinue(dates: [String], next: [String]) throws
  {
    let rows = dates.enumerated().map { "\"\($1)\";\($0)" }.joined(separator: "\n")
    let index = try index("when;value\n\(rows)\n")
    #expect(index.name == "when" && index.isFromFile)
    #expect(index.continued(by: 2).map(\.encoded) == next)
  }

  @Test func datesFarAwayDoNotTrap() throws {
    let late = try index("when,value\n0001-01-01,1\n9999-12-31,2\n")
    #expect(late.continued(by: 100).count == 100)
    let back = try index("when,value\n9999-12,1\n0001-01,2\n", order: .asIs)
    #expect(back.continued(by: 100).count == 100)
    #expect(try index("when,value\n2024-02-30,1\n2024-02-31,2\n").isFromFile == false)
  }

  @Test func theFirstPlacesContinueWhereTheyEnd() throws {
    let dates = try index("when,value\n2024-01-30,1\n2024-01-31,2\n2024-02-01,3\n2024-02-02,4\n")
    #expect(dates.prefix(2).continued(by: 2).map(\.encoded) == ["2024-02-01", "2024-02-02"])
    #expect(dates.prefix(2).places.count == 2 && dates.prefix(9).places.count == 4)
    let numbers = try index("year,value\n1900,1\n1901,2\n1902,3\n")
    #expect(numbers.prefix(2).continued(by: 1).map(\.encoded) == ["1902"])
  }
}
