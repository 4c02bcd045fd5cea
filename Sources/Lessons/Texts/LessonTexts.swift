import UnrollText

/// The words of the lessons in one language, from a file of their own.
///
/// `# chain` begins the texts of a lesson and `## title` a text; `# shared` has those of all lessons. A text is
/// what stands until the next heading. Its lines belong to one paragraph up to a blank line. `{product}` stands
/// for a number of the lesson.
struct LessonTexts: Sendable {
  /// By `chain/title`.
  private(set) var texts: [String: String] = [:]

  init(_ bytes: [UInt8]) { self.init(parsing: String(decoding: bytes, as: UTF8.self)) }

  init(parsing file: String) {
    var (lesson, key) = ("", "")
    var lines: [String] = []
    func finish() -> String {
      lines.split(separator: "", omittingEmptySubsequences: true).map {
        $0.dropFirst().reduce($0.first ?? "") { text, line in text.continued(by: line) }
      }.joined(separator: "\n\n")
    }
    for line in file.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(line)
      guard line.hasPrefix("# ") || line.hasPrefix("## ") else {
        lines.append(line)
        continue
      }
      if !key.isEmpty { texts["\(lesson)/\(key)"] = finish() }
      lines = []
      if line.hasPrefix("# ") {
        (lesson, key) = (String(line.dropFirst(2)), "")
      } else {
        key = String(line.dropFirst(3))
      }
    }
    if !key.isEmpty { texts["\(lesson)/\(key)"] = finish() }
  }

  /// The text of a lesson, or of all lessons; nil where there is none.
  func text(_ lesson: String, _ key: String) -> String? {
    texts["\(lesson)/\(key)"] ?? texts["shared/\(key)"]
  }

  /// A text of all lessons.
  func shared(_ key: String) -> String { texts["shared/\(key)"] ?? key }
}

extension String {
  /// The text with a line behind it, after a space unless Chinese stands on a side of it.
  fileprivate func continued(by line: String) -> String {
    let isWide = (last?.isWide ?? false) || (line.first?.isWide ?? false)
    return self + (isWide ? "" : " ") + line
  }

  /// The text with each `{name}` replaced by its value.
  func filled(with values: [String: String]) -> String {
    var result = ""
    var rest = self[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      result += rest[..<open] + (values[name] ?? "{\(name)}")
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
