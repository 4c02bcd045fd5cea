import Foundation
import UnrollText

extension CSVWriter {
  /// Writes a file that may be larger than memory row by row, whole or not at all.
  ///
  /// - Parameter body: calls `append` with each row.
  /// - Throws: what `body` throws, and as ``AtomicFile``.
  /// - Precondition: there is a column, and each row has a field for each column.
  public static func write(
    to path: String, columns: [String],
    _ body: (_ append: ([CSVField]) throws -> Void) throws -> Void
  ) throws {
    let blockSize = 1 << 16
    try AtomicFile.withTemporaryFile(for: path) { temporaryPath in
      let file = try OutputFile(temporaryPath: temporaryPath, reportedPath: path)
      var block = CSVWriter(columns: columns).text
      try body { row in
        require(
          row.count == columns.count, "expected \(columns.count) fields, got \(row.count)")
        block += row.line
        guard block.utf8.count >= blockSize else { return }
        try file.write(Data(block.utf8))
        block = ""
      }
      try file.write(Data(block.utf8))
      try file.close()
    }
  }
}
