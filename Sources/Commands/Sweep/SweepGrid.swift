import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// The settings that a sweep compares: all combinations of the values of `--vary`, or the rows of
/// `--grid`.
struct SweepGrid {
  /// The options that are varied, in the order given.
  let options: [VariedOption]
  /// The values of each, in the order in which they are shown.
  let settings: [SweepSetting]
  /// The values of `--vary`; nil for a grid.
  let variations: [Variation]?
  /// What a blank field of a grid stands for, by option: the value that it has for all runs, empty where it
  /// has none, or where that is not known.
  private var defaults: [String] = []

  /// - Throws: ``VariationError``, `UsageError`, `FileError`.
  init(_ arguments: Arguments) throws {
    let texts = arguments[optional: .vary] ?? []
    if let path = arguments[optional: .grid] {
      // A grid that is typed wins over what the file of --config varies.
      if !texts.isEmpty, arguments.wasTyped(.vary) || !arguments.wasTyped(.grid) {
        throw UsageError.conflict("vary", "grid")
      }
      try self.init(grid: path)
    } else {
      let variations = try Variation.list(texts)
      try self.init(
        Self.recorded(arguments).replacing(variations), seeds: arguments[.comparedSeeds].count)
    }
    for option in options where arguments.has(option.name) && arguments.wasTyped(option.name) {
      throw VariationError.alsoGiven(option.spec.label)
    }
    try Self.checkCount([settings.count, arguments[.comparedSeeds].count])
    let training = try arguments.forCommand(.train, setting: [])
    defaults = options.map { $0.value(in: training) }
  }

  /// What the file of `--config` varies, where `--vary` is typed beside it and may name only some of these
  /// options.
  private static func recorded(_ arguments: Arguments) throws -> [Variation] {
    guard arguments.wasTyped(.vary), let path = arguments[optional: .config] else { return [] }
    return try Variation.list(
      ConfigFile.read(path).options["vary"]?.array?.compactMap(\.string) ?? [])
  }

  /// All combinations; the last option changes fastest.
  ///
  /// - Throws: ``VariationError``.
  init(_ variations: [Variation], seeds: Int = 1) throws {
    options = variations.map(\.option)
    try Self.checkCount(variations.map(\.values.count) + [seeds])
    settings = variations.reduce([[]]) { settings, variation in
      settings.flatMap { setting in variation.values.map { setting + [$0] } }
    }.map(SweepSetting.init)
    self.variations = variations
  }

  /// The rows of the CSV file at `path`, whose columns are options. A blank field leaves the option as
  /// it is for all runs.
  ///
  /// - Throws: ``VariationError``, `FileError`.
  init(grid path: String) throws {
    let table = try CSVTable(path: path)
    // Where no row can be cut as the header is, the header is taken for one name.
    if let header = table.columnNames.first, table.columnNames.count == 1,
      let separator = [",", ";", "\t", "|"].first(where: { header.contains($0) }),
      let line = table.lines.first
    {
      let columns = header.components(separatedBy: separator).count
      throw FileError.malformed(
        path: path, line: line, .raggedRow(expected: columns, got: 1))
    }
    var options: [VariedOption] = []
    for name in table.columnNames {
      do throws(VariedOptionError) {
        let option = try VariedOption(name)
        if options.contains(option) { throw .twice(name) }
        options.append(option)
      } catch {
        throw VariationError.option(place: "\(path.escaped), line 1: column", error)
      }
    }
    guard table.rows.count > 0 else { throw VariationError.emptyGrid(path: path) }
    var lines: [SweepSetting: Int] = [:]
    var settings: [SweepSetting] = []
    for (place, row) in table.rows.enumerated() {
      let line = table.lines[place]
      do {
        let setting = SweepSetting(
          try zip(options, row).map { option, text in
            let text = text.trimmingCharacters(in: .whitespaces)
            return text.isEmpty ? "" : try option.value(text)
          })
        if let first = lines[setting] {
          throw VariationError.gridRow(
            path: path, line: line, reason: "the setting of line \(first) again")
        }
        lines[setting] = line
        settings.append(setting)
      } catch let error as UsageError {
        throw VariationError.gridRow(path: path, line: line, reason: error.message)
      }
    }
    (self.options, self.settings, variations) = (options, settings, nil)
  }

  /// The grid in the options of a `config.json`.
  ///
  /// - Parameter folder: the file's folder, which may have been moved with its `grid.csv`.
  /// - Throws: ``VariationError``, `FileError`.
  init(recorded options: JSONObject, in folder: String? = nil) throws {
    if let path = options["grid"]?.string {
      let own = folder.map { "\($0)/grid.csv" }
      try self.init(
        grid: own.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil } ?? path)
    } else {
      let texts = options["vary"]?.array?.compactMap(\.string) ?? []
      try self.init(Variation.list(texts))
    }
  }

  private init(
    options: [VariedOption], settings: [SweepSetting], variations: [Variation]?, defaults: [String]
  ) {
    (self.options, self.settings, self.variations) = (options, settings, variations)
    self.defaults = defaults
  }

  /// The setting with the values that blank fields stand for.
  func resolved(_ setting: SweepSetting) -> SweepSetting {
    guard defaults.count == setting.values.count else { return setting }
    return SweepSetting(zip(setting.values, defaults).map { $0.isEmpty ? $1 : $0 })
  }

  /// The settings of both, which vary the same options, in the order of ``ValueOrder``.
  func joined(_ other: SweepGrid) -> SweepGrid {
    guard other.options == options else { return self }
    if let own = variations, let others = other.variations {
      let joined = zip(own, others).map { Variation($0, joinedWith: $1) }
      if let grid = try? SweepGrid(joined) { return grid }
    }
    return SweepGrid(
      options: options, settings: ValueOrder.joined(settings, other.settings),
      variations: nil, defaults: defaults.isEmpty ? other.defaults : defaults)
  }

  /// Refuses more runs than `SeedList.most`: the product of `factors`.
  ///
  /// - Throws: ``VariationError``.
  static func checkCount(_ factors: [Int]) throws {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow, next <= SeedList.most else {
        throw VariationError.tooManyRuns(
          factors.filter { $0 > 1 }.map { NumberText.count($0) }.joined(separator: " x "))
      }
      product = next
    }
  }

  /// A setting as people read it: `learning-rate 0.001, cell rnn`.
  func text(_ setting: SweepSetting) -> String {
    zip(options, setting.values).filter { !$1.isEmpty }.map { "\($0.name) \($1)" }
      .joined(separator: ", ")
  }

  /// Settings as a table, which `--grid` reads.
  static func table(_ options: [VariedOption], _ settings: [SweepSetting]) -> CSVWriter {
    var table = CSVWriter(columns: options.map(\.name))
    for setting in settings { table.append(setting.values.map { .text($0) }) }
    return table
  }
}
