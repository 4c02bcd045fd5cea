/// A number with its unit right behind it, as people write sizes and rates: `1.5GB`, `50us`.
package enum UnitText {
  /// The number of base units that `text` means; nil for anything else than digits, with or without a
  /// point, and one of the units.
  ///
  /// - Parameter units: their names, and how many base units each is.
  package static func number(in text: String, units: [(name: String, size: Double)]) -> Double? {
    // The longest name first: one may end with another.
    guard
      let unit = units.sorted(by: { $0.name.count > $1.name.count }).first(where: {
        text.hasSuffix($0.name)
      })
    else { return nil }
    let digits = text.dropLast(unit.name.count)
    guard digits.first?.isASCIIDigit == true,
      digits.allSatisfy({ $0 == "." || $0.isASCIIDigit }), let number = Double(digits)
    else { return nil }
    return number * unit.size
  }
}
