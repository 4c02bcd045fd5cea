import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollStudies

struct SeriesIndexTests {
  private func index(_ csv: String, predicting column: String = "value") throws -> SeriesIndex {
    let folder = try TemporaryFolder()
    return SeriesIndex(
      of: try CSVTable(path: folder.file("table.csv", csv)), predicting: column)
  }

  @Test func theFirstColumnOfNumbersIsTheIndex() throws {
    let index = try index("name,time,value\na,0.5,1\nb,1.0,2\nc,2.0,3\n")
    #expect(index.name == "time" && index.isFromFile && index.places == [0.5, 1, 2])
    #expect(index.continued(by: 2) == [3, 4])
  }

  @Test(arguments: [
    "value\n1\n2\n3\n", "value,year\n1,1900\n2,1901\n3,1902\n",
    "year,value\n1900,1\n1900,2\n1901,3\n",
    "year,value\n1902,1\n1901,2\n1900,3\n", "date,value\n1 May,1\n2 May,2\n3 May,3\n",
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
}
