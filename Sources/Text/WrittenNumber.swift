extension Double {
  /// The number that a person wrote in decimal: `0.1`, `1e-3`, `.5`, `inf`; nil for other texts, hexadecimal ones
  /// included, and for a number that is not zero and too small for a `Double`.
  package static func written(_ text: some StringProtocol) -> Double? {
    guard !text.contains(where: { "xXpP".contains($0) }), let number = Double(text) else {
      return nil
    }
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    if number == 0, mantissa.contains(where: { ("1"..."9").contains($0) }) { return nil }
    return number
  }
}
