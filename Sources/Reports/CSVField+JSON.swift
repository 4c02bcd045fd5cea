import UnrollFileFormats

extension CSVField {
  /// The field in JSON, where numbers that are not finite are null.
  var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .blank: .null
    }
  }
}
