extension String {
  /// The text without line breaks and other control characters, cut after `limit` characters.
  package func oneLine(limit: Int) -> String {
    let line = String(unicodeScalars.prefix(limit)).escaped
    let isCut = unicodeScalars.dropFirst(limit).first != nil
    return isCut ? line + "…" : line
  }

  /// A value as it was given, fit to stand in a message.
  package var shown: String { isEmpty ? "''" : oneLine(limit: 80) }

  /// The text with its middle left out where it is longer than `limit`: the ends tell names apart.
  package func shortened(to limit: Int, gap: String = "…") -> String {
    guard count > limit else { return self }
    let head = (limit - gap.count) / 2
    return prefix(head) + gap + suffix(limit - gap.count - head)
  }
}
