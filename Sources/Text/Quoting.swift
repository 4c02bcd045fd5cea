import Foundation

// Values from outside, made fit to stand in a message of one line.

extension String {
  /// The text with control characters, and those that reorder or break lines, as escapes.
  package var escaped: String { escapingScalars(where: \.isHidden) }

  /// The text escaped, cut to 40 characters, and in single quotes.
  package var quoted: String {
    let limit = 40
    return count > limit ? "'\(String(prefix(limit)).escaped)…'" : "'\(escaped)'"
  }

  /// The text as a shell takes it for one word.
  package var shellWord: String {
    let isPlain = unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic
          || "0123456789/._-+,:=@%".unicodeScalars.contains(scalar))
    }
    return isPlain && !isEmpty ? self : "'" + escaped.replacing("'", with: #"'\''"#) + "'"
  }
}

extension [String] {
  /// The texts quoted and listed, the first eight of them.
  package var quotedList: String {
    if isEmpty { return "none" }
    let limit = 8
    let listed = prefix(limit).map(\.quoted).joined(separator: ", ")
    return count > limit ? "\(listed), … (\(count) in all)" : listed
  }

  /// `a, b or c`.
  package func listed(_ conjunction: String) -> String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}

extension [Int] {
  /// A tensor's shape, the first eight sizes of it.
  package var shapeText: String {
    let limit = 8
    let sizes = prefix(limit).map(String.init).joined(separator: ", ")
    return count > limit ? "[\(sizes), …]" : "[\(sizes)]"
  }
}
