extension Int {
  /// The whole number that a person wrote as `1000`, `1_000`, `1e3` or `2.5e3`; nil for other texts, for
  /// what is not exactly whole, and for what no `Int` holds.
  package init?(written text: some StringProtocol) {
    guard let plain = text.withoutDigitGroups else { return nil }
    if let number = Int(plain) {
      self = number
      return
    }
    let parts = plain.split(omittingEmptySubsequences: false) { "eE".contains($0) }
    // No Int has more digits than this.
    guard parts.count == 2, let exponent = Int(parts[1]), (-20...20).contains(exponent)
    else { return nil }
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard mantissa.count <= 2, let first = mantissa.first, let last = mantissa.last,
      first.last?.isASCIIDigit == true, mantissa.count == 1 || last.allSatisfy(\.isASCIIDigit)
    else { return nil }
    let fraction = mantissa.count == 2 ? String(last) : ""
    let digits = first + fraction
    let zeros = exponent - fraction.count
    if zeros >= 0 {
      guard let number = Int(digits + String(repeating: "0", count: zeros)) else { return nil }
      self = number
    } else {
      guard digits.suffix(-zeros).allSatisfy({ $0 == "0" }),
        let number = Int(digits.dropLast(-zeros))
      else { return nil }
      self = number
    }
  }
}

extension StringProtocol {
  /// The text without the underscores between its digits; nil where one stands elsewhere.
  fileprivate var withoutDigitGroups: String? {
    guard contains("_") else { return String(self) }
    let groups = split(separator: "_", omittingEmptySubsequences: false)
    for (before, after) in zip(groups, groups.dropFirst()) {
      guard before.last?.isASCIIDigit == true, after.first?.isASCIIDigit == true else { return nil }
    }
    return groups.joined()
  }
}

extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}
