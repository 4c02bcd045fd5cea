import UnrollText

/// One form of a setting's text: a name, and for some a number after a colon, as `normal:0.1`.
///
/// Each setting has a table of its forms, which parsing, error messages, help and the list of
/// `unroll cells` read.
public struct SettingForm<Setting: Sendable>: Sendable {
  /// The name in the text.
  public let name: String
  /// Other names that are read as this one, in small letters without hyphens.
  public let synonyms: [String]
  /// The number that the form takes; nil without one.
  public let number: SettingNumber?
  /// What the setting does, as an equation.
  public let formula: String
  /// The paper it comes from.
  public let source: String
  private let make: @Sendable (Double) -> Setting

  /// A form with a number.
  package init(
    _ name: String, _ number: SettingNumber, synonyms: [String] = [], formula: String,
    source: String, make: @escaping @Sendable (Double) -> Setting
  ) {
    self.init(name, synonyms, number, formula: formula, source: source, make: make)
  }

  /// A form without a number.
  init(
    _ name: String, synonyms: [String] = [], formula: String, source: String, _ setting: Setting
  ) {
    self.init(name, synonyms, nil, formula: formula, source: source) { _ in setting }
  }

  private init(
    _ name: String, _ synonyms: [String], _ number: SettingNumber?, formula: String, source: String,
    make: @escaping @Sendable (Double) -> Setting
  ) {
    self.name = name
    self.synonyms = synonyms
    self.number = number
    self.formula = formula
    self.source = source
    self.make = make
  }

  /// The same form of what `change` makes of its setting.
  package func map<Other>(
    _ change: @escaping @Sendable (Setting) -> Other
  ) -> SettingForm<Other> {
    SettingForm<Other>(name, synonyms, number, formula: formula, source: source) { [make] in
      change(make($0))
    }
  }

  /// `normal:σ`, as help shows it.
  public var text: String { number.map { "\(name):\($0.symbol)" } ?? name }

  /// `normal:σ with σ ≥ 0`.
  package var accepted: String { text + (number?.condition.map { " with \($0)" } ?? "") }

  /// The setting that `text` stands for; nil where `text` has another form.
  ///
  /// - Throws: ``InvalidSetting`` for the form's name with a number that it does not take.
  func setting(from text: String) throws(InvalidSetting) -> Setting? {
    guard let number else { return text == name ? make(0) : nil }
    if text == name { return number.standard.map(make) }
    return try InvalidSetting.number(
      in: text, after: name, accepted: accepted, where: number.isValid
    ).map(make)
  }
}

/// The number in a ``SettingForm``.
public struct SettingNumber: Sendable {
  /// What it is called: `σ`.
  public let symbol: String
  /// The number that the form's name alone stands for; nil where it needs one.
  public let standard: Double?
  /// Which numbers are accepted, in words: `σ ≥ 0`; nil for all.
  let condition: String?
  let isValid: @Sendable (Double) -> Bool

  static func any(_ symbol: String, standard: Double? = nil) -> Self {
    Self(symbol: symbol, standard: standard, condition: nil) { _ in true }
  }

  static func nonNegative(_ symbol: String) -> Self {
    Self(symbol: symbol, standard: nil, condition: "\(symbol) ≥ 0") { $0 >= 0 }
  }

  /// A whole number in `range`.
  package static func whole(
    _ symbol: String, _ range: ClosedRange<Int>, standard: Int? = nil
  ) -> Self {
    Self(
      symbol: symbol, standard: standard.map(Double.init),
      condition: "\(symbol) from \(range.lowerBound) to \(range.upperBound)"
    ) { Int(exactly: $0).map(range.contains) ?? false }
  }

  static func positive(_ symbol: String, standard: Double? = nil) -> Self {
    Self(symbol: symbol, standard: standard, condition: "\(symbol) > 0") { $0 > 0 }
  }
}

extension Array {
  /// `tanh, relu or elu:α with α > 0`, the forms of a table.
  package func accepted<Setting>() -> String where Element == SettingForm<Setting> {
    map(\.accepted).listed("or")
  }

  /// The setting that `text` stands for.
  ///
  /// - Throws: ``InvalidSetting`` for any other text, which names the form whose name is nearest.
  package func setting<Setting>(from text: String) throws(InvalidSetting) -> Setting
  where Element == SettingForm<Setting> {
    for form in self {
      if let setting = try form.setting(from: text) { return setting }
    }
    let nearest = nearest(to: text).map { "; did you mean '\($0)'?" } ?? ""
    throw InvalidSetting(value: text, accepted: accepted() + nearest)
  }

  /// The name that a misspelt one in `text` probably means; nil where the name is right, or none is near.
  private func nearest<Setting>(to text: String) -> String?
  where Element == SettingForm<Setting> {
    let typed = String(text.prefix { $0 != ":" })
    let names = map(\.name)
    guard !names.contains(typed) else { return nil }
    return NearestName.of(typed, among: names)
      ?? NearestName.of(typed, among: flatMap(\.synonyms)).map { canonical($0) }
  }

  /// `text` with a form's name as the table has it, where it is written with other letters, with or
  /// without hyphens and underscores, or is a synonym: `leaky-relu:0.1` for `LeakyReLU:0.1`.
  package func canonical<Setting>(_ text: String) -> String where Element == SettingForm<Setting> {
    func plain(_ name: some StringProtocol) -> String {
      name.lowercased().filter { $0 != "-" && $0 != "_" }
    }
    let name = text.prefix { $0 != ":" }
    let letters = plain(name)
    let form = first { plain($0.name) == letters || $0.synonyms.contains { $0 == letters } }
    return (form?.name ?? name.lowercased()) + text.dropFirst(name.count).lowercased()
  }
}
