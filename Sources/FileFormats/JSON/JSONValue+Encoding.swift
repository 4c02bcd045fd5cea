import UnrollText

extension JSONValue {
  /// The value as JSON text, on one line or indented by two spaces.
  ///
  /// Numbers are the shortest text that reads back to the same `Double`; those that are not finite
  /// are `null`, since JSON has no word for them. Arrays of plain values stay on one line. Characters that
  /// a terminal would act on are written by their numbers.
  public func encoded(pretty: Bool = false) -> String {
    var text = ""
    encode(into: &text, indent: pretty ? 0 : nil)
    return text
  }

  /// `indent` is the depth of this value, or `nil` to stay on one line.
  private func encode(into text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): JSONValue.encode(value, into: &text)
    case .array(let values):
      let indent = values.allSatisfy(\.isPlain) ? nil : indent
      JSONValue.encodeList(values, "[", "]", into: &text, indent: indent) { value, text, indent in
        value.encode(into: &text, indent: indent)
      }
    case .object(let object):
      JSONValue.encodeList(Array(object), "{", "}", into: &text, indent: indent) {
        member, text, indent in
        JSONValue.encode(member.key, into: &text)
        text += ": "
        member.value.encode(into: &text, indent: indent)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func encodeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, into text: inout String,
    indent: Int?, encodeElement: (Element, inout String, Int?) -> Void
  ) {
    func startLine(_ depth: Int?) {
      if let depth { text += "\n" + String(repeating: "  ", count: depth) }
    }
    let inner = elements.isEmpty ? nil : indent.map { $0 + 1 }
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += inner == nil ? ", " : "," }
      startLine(inner)
      encodeElement(element, &text, inner)
    }
    if inner != nil { startLine(indent) }
    text += close
  }

  private static func encode(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.isHidden:
        for unit in String(scalar).utf16 {
          text += "\\u" + unit.zeroPadded(to: 4, radix: 16)
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
