import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// What a sweep has left in a folder, as `merge` joins it.
struct SweepFolder {
  let path: String
  private var config: JSONValue
  private let columns: [String]
  /// The rows of `runs.csv` with the folder that each is from.
  private var rows: [(fields: [String], folder: String)]
  private var places: [String: Int]
  private var norms: [[String]]
  private var grid: SweepGrid
  private var seeds: SeedList
  private var against: JSONValue?

  /// Whether a run of the sweep has ended.
  var hasRuns: Bool { !rows.isEmpty }

  /// - Throws: `MergeError`, `FileError`, `VariationError`.
  init(_ path: String, _ fingerprints: FingerprintCache) throws {
    self.path = path
    let configPath = "\(path)/config.json"
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError.missing(path: path)
    }
    guard FileManager.default.fileExists(atPath: configPath) else {
      throw MergeError.noSweep(folder: path, command: nil)
    }
    config = try JSONValue(contentsOf: configPath)
    let options = config["options"]?.object ?? [:]
    guard config["command"]?.string == "sweep", let seeds = SeedList(in: options)
    else { throw MergeError.noSweep(folder: path, command: config["command"]?.string) }
    self.seeds = seeds
    against = options["against"].flatMap { $0.isNull ? nil : $0 }
    grid = try SweepGrid(recorded: options, in: path)
    columns = SweepResult.columns(grid.options.map(\.name))
    let varied = grid.options.count
    let planned = try Self.runs(configPath, grid, seeds, fingerprints)
    var found: [[String]] = []
    _ = try CSVLog.checkedRows(
      at: "\(path)/runs.csv", columns: columns, keepingRowsWhere: { _ in true },
      checking: { (rows) throws(FileProblem) in
        try SweepLog.requireResults(SweepLog.results(rows, options: varied), of: planned)
        found = rows
      })
    rows = found.map { ($0, path) }
    places = Dictionary(found.enumerated().map { ($1[0], $0) }) { first, _ in first }
    norms = try CSVLog.checkedRows(
      at: "\(path)/norms.csv", columns: SweepLog.normColumns, keepingRowsWhere: { _ in true },
      checking: { (_) throws(FileProblem) in }
    ).rows
  }

  /// The runs of the sweep that the file at `path` describes.
  private static func runs(
    _ path: String, _ grid: SweepGrid, _ seeds: SeedList, _ fingerprints: FingerprintCache
  ) throws -> [SweepRun] {
    guard let sweep = try Arguments.sweep(recordedAt: path, fingerprints: fingerprints)
    else { return [] }
    return try grid.settings.flatMap { setting in
      let runs = try SettingRuns(setting, of: grid, sweep)
      return seeds.map { runs.run(seed: $0) }
    }
  }

  /// Adds the runs of `other`.
  ///
  /// - Parameter mixes: whether runs may be of other kernels.
  /// - Throws: `MergeError`.
  mutating func add(_ other: SweepFolder, mixingKernels mixes: Bool = false) throws {
    let names = (grid.options.map(\.name), other.grid.options.map(\.name))
    if names.0 != names.1 {
      throw MergeError.otherOptions(
        folder: other.path, first: path, own: names.0, other: names.1)
    }
    try requireSameSettings(as: other)
    if !mixes { try requireSameKernels(as: other) }
    let own = Dictionary(
      rows.map { (place($0.fields), $0) }, uniquingKeysWith: { first, _ in first })
    for (fields, folder) in other.rows {
      if let own = own[place(fields)], own.fields[0] != fields[0] {
        throw MergeError.otherRun(
          setting: place(fields).joined(separator: " "), first: own.folder, own: own.fields[0],
          folder: folder, other: fields[0])
      }
      guard let place = places[fields[0]] else {
        places[fields[0]] = rows.count
        rows.append((fields, folder))
        continue
      }
      if mixes, kernels(rows[place].fields) != kernels(fields) { continue }
      for (column, (own, found)) in zip(columns, zip(rows[place].fields, fields))
      where own != found && !SweepResult.columnsOfTime.contains(column) {
        throw MergeError.conflict(
          run: fields[0], column: column, first: rows[place].folder, own: own, folder: folder,
          other: found)
      }
    }
    let known = Dictionary(norms.map { ($0[0], $0) }) { first, _ in first }
    for row in other.norms {
      guard let own = known[row[0]] else {
        norms.append(row)
        continue
      }
      if own == row || mixes { continue }
      throw MergeError.conflict(
        run: "\(row[0]), a pass without clipping", column: "mean_norm", first: path, own: own[1],
        folder: other.path, other: row[1])
    }
    if against == nil { against = other.against }
    grid = grid.joined(other.grid)
    seeds = seeds.joined(other.seeds)
  }

  /// The values of the options and the seed.
  private func place(_ fields: [String]) -> [String] { Array(fields[1...(1 + grid.options.count)]) }

  private func kernels(_ fields: [String]) -> String {
    columns.firstIndex(of: "kernels").map { fields[$0] } ?? ""
  }

  /// The kernels of the rows, or of a folder without one.
  private var allKernels: [String] {
    let found = rows.map { kernels($0.fields) }.distinct
    return found.isEmpty ? [Machinery(config: config)?.kernels ?? ""] : found
  }

  private func requireSameKernels(as other: SweepFolder) throws {
    let (own, others) = (allKernels, other.allKernels)
    guard Set(own).union(others).count > 1 else { return }
    throw MergeError.otherKernels(
      folder: other.path, first: path, own: own.listed("and"), other: others.listed("and"))
  }

  private func requireSameSettings(as other: SweepFolder) throws {
    func texts(_ config: JSONValue) -> [String: String] {
      var texts: [String: String] = [:]
      for (name, value) in config["options"]?.object ?? [:]
      where !SweepLists.free.contains(name) && !value.isNull {
        texts["--\(name)"] = value.string ?? value.encoded()
      }
      // Files are known by their content.
      for file in InputFile.list(in: config) {
        texts["--\(file.option)"] = "a file of content \(file.fingerprint.sha256.prefix(12))"
      }
      texts["version"] = config["version"]?.string ?? ""
      return texts
    }
    let (own, others) = (texts(config), texts(other.config))
    for name in Set(own.keys).union(others.keys).sorted() where own[name] != others[name] {
      throw MergeError.otherSetting(
        folder: other.path, first: path, option: name, own: own[name] ?? "none",
        other: others[name] ?? "none")
    }
  }

  /// Copies what the folders have kept of their runs.
  ///
  /// - Throws: `FileError`.
  private func copyKeptFiles(to folder: String) throws {
    for row in rows {
      let source = "\(row.folder)/runs/\(row.fields[0])"
      let target = "\(folder)/runs/\(row.fields[0])"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []
      if !names.isEmpty { try OutputFolder.create(target) }
      for name in names {
        try AtomicFile.copy("\(source)/\(name)", to: "\(target)/\(name)")
      }
    }
  }

  /// Writes what the sweep goes on from.
  ///
  /// - Throws: `FileError`.
  func write(to folder: String) throws {
    var runs = CSVWriter(columns: columns)
    for row in rows { runs.append(row.fields.map { .text($0) }) }
    try runs.write(to: "\(folder)/runs.csv")
    var table = CSVWriter(columns: SweepLog.normColumns)
    for row in norms { table.append(row.map { .text($0) }) }
    try table.write(to: "\(folder)/norms.csv")
    var options = config["options"]?.object ?? [:]
    for (name, value) in try SweepLists(grid, seeds).write(to: folder) {
      options[name] = value
    }
    options["against"] = against
    try copyKeptFiles(to: folder)
    var object = config.object ?? [:]
    object["options"] = .object(options)
    object[RunIdentity.key] = .string(RunIdentity().id)
    try JSONValue.object(object).write(to: "\(folder)/config.json")
  }
}
