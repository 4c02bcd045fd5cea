import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

@Suite struct CSVWriterTests {
  @Test func fieldsAreReadBackExactly() throws {
    let folder = try TemporaryFolder()
    let texts = [
      "plain", "a,b", "say \"hi\"", "two\nlines", "\r", " edge ", "a;b", "\"\u{301}", "",
    ]
    let numbers = [
      0.1, -0.0, .leastNonzeroMagnitude, 1.7976931348623157e308, 1.0 / 3, 1e22, -2, 0.3, 7,
    ]
    var writer = CSVWriter(columns: ["text", "number", "an, other"])
    for (text, number) in zip(texts, numbers) {
      writer.append([.text(text), .number(number), 1])
    }
    try writer.write(to: folder("a.csv"))
    let table = try CSVTable(path: folder("a.csv"))
    #expect(table.columnNames == ["text", "number", "an, other"])
    #expect(try table.texts(inColumn: "text") == texts)
    #expect(try table.column(named: "number").map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test func textOfARow() {
    var writer = CSVWriter(columns: ["a", "b", "c", "d", "e"])
    writer.append([.number(.nan), .number(.infinity), .number(-.infinity), .number(-.nan), 1.5])
    writer.append([CSVField(nil as Double?), CSVField(3 as Int?), .blank, "x\(1)", .text("a,b")])
    #expect(writer.text == "a,b,c,d,e\nnan,inf,-inf,nan,1.5\n,3,,x1,\"a,b\"\n")
  }
}

@Suite struct CSVLogTests {
  let folder: TemporaryFolder
  let columns = ["step", "loss"]

  init() throws { folder = try TemporaryFolder() }

  private func resume(through step: Int) throws -> CSVLog {
    try CSVLog(resuming: folder("m.csv"), columns: columns) {
      Int($0[0]).map { $0 <= step } ?? false
    }
  }

  /// What a program is writing is read as far as its rows are whole.
  @Test func anUnfinishedLogIsRead() throws {
    #expect(try CSVLog.table(at: folder("m.csv")) == nil)
    let partial = try folder.file("m.csv.partial", "a,b\n1,2\n3,4\n5,")
    #expect(try CSVLog.table(at: folder("m.csv"))?.rows == [["1", "2"], ["3", "4"]])
    _ = try folder.file("m.csv.partial", "a,")
    #expect(try CSVLog.table(at: folder("m.csv")) == nil)
    _ = try folder.file("m.csv.partial", "a,b\n1,2,3\n")
    #expect(problem { try CSVLog.table(at: folder("m.csv")) } == .raggedRow(expected: 2, got: 3))
    try FileManager.default.removeItem(atPath: partial)
    // Of a finished one the last line counts, whether it has an end or not.
    _ = try folder.file("m.csv", "a,b\n1,2\n3,4")
    #expect(try CSVLog.table(at: folder("m.csv"))?.rows == [["1", "2"], ["3", "4"]])
  }

  /// Its writer may give it its name between the look at it and the reading.
  @Test func aLogThatIsFinishedMeanwhileIsRead() throws {
    let log = try CSVLog(path: folder("m.csv"), columns: columns)
    try log.append([1, 0.5])
    let table = try CSVLog.table(at: folder("m.csv")) { try? log.finish() }
    #expect(try table?.rows == [["1", "0.5"]] && folder.names == ["m.csv"])
    // What stays unreadable is an error all the same.
    _ = try folder.file("n.csv.partial", "a,b\n1,2,3\n")
    _ = try folder.file("n.csv", "a,b\n1,2\n")
    #expect(problem { try CSVLog.table(at: folder("n.csv")) } == .raggedRow(expected: 2, got: 3))
  }

  @Test func rowsAreOnDiskBeforeTheFileHasItsName() throws {
    let log = try CSVLog(path: folder("m.csv"), columns: columns)
    try log.append([1, 0.5])
    #expect(try folder.names == ["m.csv.partial"])
    #expect(try folder.text("m.csv.partial") == "step,loss\n1,0.5\n")
    try log.append([2, .number(.nan)])
    try log.finish()
    try log.finish()
    #expect(try folder.names == ["m.csv"])
    #expect(try folder.text("m.csv") == "step,loss\n1,0.5\n2,nan\n")
  }

  @Test func resumingKeepsTheRowsAskedFor() throws {
    let first = try resume(through: 0)
    for step in 1...4 { try first.append([.integer(step), .number(0.1 * Double(step))]) }
    try first.finish()

    let second = try resume(through: 2)
    #expect(second.resumedRows == [["1", "0.1"], ["2", "0.2"]])
    #expect(try folder.names == ["m.csv", "m.csv.partial"])
    try second.append([3, 9.0])

    // The unfinished log is newer than the finished one.
    let third = try resume(through: 3)
    try third.finish()
    #expect(try folder.text("m.csv") == "step,loss\n1,0.1\n2,0.2\n3,9.0\n")
    #expect(try folder.names == ["m.csv"])
  }

  @Test func aRowCutOffIsLeftOut() throws {
    _ = try folder.file("m.csv.partial", "step,loss\n1,0.5\n2,0.2")
    #expect(try resume(through: 9).resumedRows == [["1", "0.5"]])
  }

  @Test func anotherFilesLogIsRefused() throws {
    let path = try folder.file("m.csv", "step,error\n1,0.5\n")
    #expect(
      thrown { try resume(through: 9) }
        == .malformed(
          path: path, line: 1, .wrongHeader(expected: columns, got: ["step", "error"])))
    #expect(try folder.text("m.csv") == "step,error\n1,0.5\n")
    #expect(try folder.names == ["m.csv"])
  }

  @Test func columnsAtTheEndMayBeNew() throws {
    let path = try folder.file("m.csv", "step,loss\n1,0.5\n")
    let wider = columns + ["window"]
    let log = try CSVLog(
      resuming: path, columns: wider, optional: ["window"], keepingRowsWhere: { _ in true })
    #expect(log.resumedRows == [["1", "0.5", ""]])
    try log.append([2, 0.25, "full"])
    try log.finish()
    #expect(try folder.text("m.csv") == "step,loss,window\n1,0.5,\n2,0.25,full\n")
    #expect(
      thrown {
        try CSVLog(
          resuming: path, columns: wider + ["x"], optional: [], keepingRowsWhere: { _ in true })
      }
        == .malformed(path: path, line: 1, .wrongHeader(expected: wider + ["x"], got: wider)))
  }

  @Test func aFolderThatIsNotThere() {
    let path = folder("no/m.csv")
    #expect(
      thrown { try CSVLog(path: path, columns: columns) }
        == .cannotWrite(path: path + ".partial", errno: ENOENT))
    #expect(
      thrown { try CSVLog(path: folder.path, columns: columns) } == .isDirectory(path: folder.path))
  }
}
