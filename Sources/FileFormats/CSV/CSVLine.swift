/// One line of comma-separated fields, as options of the command line have it.
public enum CSVLine {
  /// The fields of `line`, of which there is at least one. A field with commas stands in double quotes.
  ///
  /// - Throws: `FileError.malformed` for quotes that do not fit.
  public static func fields(of line: String) throws(FileError) -> [String] {
    var line = line
    let records = try line.withUTF8Bytes { (bytes) throws(FileError) in
      try CSVParser.records(in: bytes, path: "", separator: UInt8(ascii: ","))
    }
    return records.first?.fields ?? [""]
  }

  /// `fields` as a line that ``fields(of:)`` reads.
  public static func text(_ fields: [String]) -> String {
    fields.map { CSVField.text($0).encoded }.joined(separator: ",")
  }
}

extension String {
  /// `withUTF8` passes on the type of what is thrown through a result alone.
  fileprivate mutating func withUTF8Bytes<Value>(
    _ body: (UnsafeRawBufferPointer) throws(FileError) -> Value
  ) throws(FileError) -> Value {
    let result = withUTF8 { bytes in
      Result { () throws(FileError) in try body(UnsafeRawBufferPointer(bytes)) }
    }
    return try result.get()
  }
}
