import Testing
import UnrollFileFormats
import UnrollTestSupport

struct CSVStreamingTests {
  @Test func streamedRowsAreThoseOfTheWholeFile() throws {
    let folder = try TemporaryFolder()
    var whole = CSVWriter(columns: ["n", "text"])
    // More than one block of 64 KB.
    let rows: [[CSVField]] = (0..<20_000).map { [.integer($0), .text("a,b")] }
    for row in rows { whole.append(row) }
    let path = folder("stream.csv")
    try CSVWriter.write(to: path, columns: ["n", "text"]) { append in
      for row in rows { try append(row) }
    }
    #expect(try folder.text("stream.csv") == whole.text)
  }

  @Test func whatIsThrownLeavesNothing() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    #expect(throws: Stop.self) {
      try CSVWriter.write(to: folder("stream.csv"), columns: ["n"]) { append in
        for number in 0..<100_000 { try append([.integer(number)]) }
        throw Stop()
      }
    }
    #expect(try folder.names.isEmpty)
  }
}
