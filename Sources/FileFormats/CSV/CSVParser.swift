/// One row of a CSV file; `line` is where it starts, from 1.
struct CSVRecord: Equatable {
  let line: Int
  let fields: [String]

  var isBlank: Bool {
    fields.count == 1 && fields[0].allSatisfy(\.isWhitespace)
  }
}

/// Splits CSV text (RFC 4180) into records. Lines end with LF, CRLF or CR; a quoted field may hold
/// separators, line ends and doubled quotes; a byte-order mark is skipped.
struct CSVParser {
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let path: String
  private let bytes: UnsafeRawBufferPointer
  private let separator: UInt8?
  private var position: Int
  private var line = 1

  /// All records of `bytes`.
  ///
  /// - Parameters:
  ///   - separator: nil takes what makes the lines agree, see ``CSVSeparator``.
  ///   - mark: the decimal mark, where it is known.
  /// - Throws: `FileError.malformed` with `.notUTF8`, `.otherEncoding`, `.foreign`, `.binary`,
  ///   `.unterminatedQuote` or `.textAfterQuote`.
  static func records(
    in bytes: UnsafeRawBufferPointer, path: String, separator: UInt8? = nil,
    decimal mark: DecimalMark? = nil
  ) throws(FileError) -> [CSVRecord] {
    if let problem = UTF8Decoding.firstProblem(in: bytes) {
      throw .malformedText(path: path, problem, in: bytes)
    }
    let start = ByteOrderMark.length(in: bytes)
    var parser = CSVParser(
      bytes, path: path, from: start,
      separator: separator ?? CSVSeparator.find(in: bytes, from: start, decimal: mark))
    var records: [CSVRecord] = []
    while let record = try parser.nextRecord() { records.append(record) }
    return records
  }

  /// - Parameter separator: nil where a line is one field.
  init(_ bytes: UnsafeRawBufferPointer, path: String, from start: Int, separator: UInt8?) {
    self.path = path
    self.bytes = bytes
    self.separator = separator
    position = start
  }

  /// The next record, nil at the end.
  mutating func nextRecord() throws(FileError) -> CSVRecord? {
    guard position < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      if position < bytes.count, bytes[position] == CSVParser.quote {
        fields.append(try quotedField(number: fields.count + 1))
      } else {
        let end = bytes[position...].firstIndex(where: endsField) ?? bytes.count
        fields.append(String(decoding: bytes[position..<end], as: UTF8.self))
        position = end
      }
      guard position < bytes.count, bytes[position] == separator else { break }
      position += 1
    }
    skipLineEnd()
    return CSVRecord(line: start, fields: fields)
  }

  /// The field that starts with the quote at `position`; `number` counts from 1.
  private mutating func quotedField(number: Int) throws(FileError) -> String {
    let openingLine = line
    var content: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else {
        throw .malformed(path: path, line: openingLine, .unterminatedQuote)
      }
      let byte = bytes[position]
      if byte == CSVParser.quote {
        position += 1
        guard position < bytes.count, bytes[position] == CSVParser.quote else { break }
      }
      content.append(byte)
      if byte == CSVParser.lineFeed || byte == CSVParser.carriageReturn && !isBeforeLineFeed {
        line += 1
      }
      position += 1
    }
    guard position == bytes.count || endsField(bytes[position]) else {
      throw .malformed(path: path, line: line, .textAfterQuote(field: number))
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// Whether a line feed follows the byte at `position`, which ends a line with it.
  private var isBeforeLineFeed: Bool {
    position + 1 < bytes.count && bytes[position + 1] == CSVParser.lineFeed
  }

  private func endsField(_ byte: UInt8) -> Bool {
    byte == separator || byte == CSVParser.lineFeed || byte == CSVParser.carriageReturn
  }

  private mutating func skipLineEnd() {
    guard position < bytes.count else { return }
    let byte = bytes[position]
    position += 1
    if byte == CSVParser.carriageReturn, position < bytes.count,
      bytes[position] == CSVParser.lineFeed
    {
      position += 1
    }
    line += 1
  }
}
