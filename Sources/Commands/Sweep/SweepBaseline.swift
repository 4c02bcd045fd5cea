import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// What the settings of a sweep are compared with: `clip=none` stands, for each setting, for the one
/// that differs from it by that alone.
struct SweepBaseline {
  /// The values, by the places of their options.
  private let values: [Int: String]
  private let grid: SweepGrid
  /// The settings by their values, blanks resolved.
  private let settings: [SweepSetting: SweepSetting]
  /// As people read it: `clip none`.
  let description: String

  /// Reads `OPTION=VALUE`, or several between commas.
  ///
  /// - Throws: ``VariationError``.
  init(_ text: String, of grid: SweepGrid) throws {
    func wrong(_ reason: String) -> VariationError {
      .unknownBaseline("--against \(text.shown): \(reason)")
    }
    var values: [Int: String] = [:]
    for part in Self.parts(of: text) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else {
        throw wrong("must be a varied option and one of its values, such as clip=none")
      }
      let name = pair[0].trimmingCharacters(in: .whitespaces)
      guard let place = grid.options.firstIndex(where: { $0.name == name }) else {
        let names = grid.options.map(\.name)
        throw wrong(
          "\(name.shown) is not varied; "
            + (names.isEmpty ? "--vary says what is" : "varied are \(names.listed("and"))"))
      }
      guard values[place] == nil else { throw wrong("\(name) is given twice") }
      let given = (try? CSVLine.fields(of: String(pair[1])))?.first ?? String(pair[1])
      let isBlank = given.isEmpty || given == SettingValue.shown("")
      let value = isBlank ? "" : (try? grid.options[place].value(given)) ?? given
      let accepted = grid.settings.map { grid.resolved($0).values[place] }.distinct(by: \.self)
      guard accepted.contains(value) else {
        let names = accepted.prefix(20).map { SettingValue.shown($0).shown }
        throw wrong("\(name) has the values \(names.listed("and"))")
      }
      values[place] = value
    }
    description = values.sorted { $0.key < $1.key }
      .map { "\(grid.options[$0.key].name) \(SettingValue.shown($0.value))" }
      .joined(separator: ", ")
    self.values = values
    self.grid = grid
    settings = Dictionary(grid.settings.map { (grid.resolved($0), $0) }) { first, _ in first }
    let known = Set(grid.settings)
    guard grid.settings.contains(where: { of($0) != $0 && known.contains(of($0)) }) else {
      throw wrong(
        "no setting differs from another by \(description) alone; --against can name the values of "
          + "several options: cell=rnn,clip=none")
    }
  }

  /// `text` at its commas, but those between double quotes.
  private static func parts(of text: String) -> [Substring] {
    var isQuoted = false
    return text.split(omittingEmptySubsequences: false) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }
  }

  /// What `setting` is compared with; the setting itself where it is a baseline.
  func of(_ setting: SweepSetting) -> SweepSetting {
    let named = SweepSetting(grid.resolved(setting).values.enumerated().map { values[$0] ?? $1 })
    return settings[named] ?? named
  }
}
