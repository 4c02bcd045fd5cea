import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// What the settings of a sweep are compared with: `clip=none` stands, for each setting, for the one
/// that differs from it by that alone.
struct SweepBaseline {
  /// The values, by the places of their options.
  private let values: [Int: String]

  /// Reads `OPTION=VALUE`, or several between commas.
  ///
  /// - Throws: ``VariationError``.
  init(_ text: String, of grid: SweepGrid) throws {
    func wrong(_ reason: String) -> VariationError {
      .unknownBaseline("--against \(text.shown): \(reason)")
    }
    var values: [Int: String] = [:]
    for part in (try? CSVLine.fields(of: text)) ?? [] {
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
      let given = String(pair[1])
      let value = (try? grid.options[place].value(given)) ?? given
      let accepted = grid.settings.map { $0.values[place] }.distinct(by: \.self)
      guard accepted.contains(value) else {
        throw wrong("\(name) has the values \(accepted.prefix(20).map(\.shown).listed("and"))")
      }
      values[place] = value
    }
    self.values = values
  }

  /// What `setting` is compared with; the setting itself where it is a baseline.
  func of(_ setting: SweepSetting) -> SweepSetting {
    SweepSetting(setting.values.enumerated().map { values[$0] ?? $1 })
  }
}
