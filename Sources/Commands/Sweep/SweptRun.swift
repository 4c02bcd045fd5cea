import UnrollCommandLine
import UnrollFileFormats
import UnrollOptimization
import UnrollStudies
import UnrollText

/// One run of a sweep as a command line of `train`: `train --sweep DIR --run ID`.
struct SweptRun {
  /// The options that may be given beside the two.
  private static let free: Set<String> = [
    "sweep", "run", "out", "json", "quiet", "watch-decay", "loss-at", "kernels",
    "tensorboard", "checkpoint-every", "keep-checkpoints",
  ]

  /// The options as `train` takes them.
  let arguments: Arguments

  /// The run that `given` names.
  ///
  /// - Throws: `UsageError`, ``SweptRunError``, `FileError`, and what the sweep's own command line throws.
  init(_ given: Arguments, folder: String, terminal: Terminal) throws {
    guard let id = given[optional: .run] else { throw SweptRunError.noRun(folder) }
    for spec in given.specs where given.wasTyped(spec.name) && !Self.free.contains(spec.name) {
      throw spec.isArgument
        ? given.rejection(of: spec.name, accepted: "left out with --sweep")
        : UsageError.conflict("sweep", spec.name)
    }
    let record = try SweepRecord(folder)
    let (runs, run) = try record.find(id)
    var values: [(name: String, text: String)] = []
    if run.threshold.needsMeanNorm {
      guard let norm = try SweepLog.meanNorm(ofPass: run.unclippedPass, in: folder) else {
        throw SweptRunError.noMeanNorm(folder, run: run.id, threshold: run.threshold.description)
      }
      values.append(("clip", run.threshold.rule(meanNorm: norm.norm).description))
    }
    var taken = Self.free
    let (present, wasGiven) = (Machinery.present.kernels, given[optional: .kernels] != nil)
    let made = record.results.first { $0.id == run.id }?.origin.kernels
    if let made, made != present {
      terminal.warn(
        "run \(run.id) was made under the kernels \(made), here \(present): last digits may differ"
          + (wasGiven ? "; without --kernels it has its own, where the CPU can run them" : ""))
    } else if !wasGiven, let pin = record.pin {
      // A sweep that is the same on all machines has runs that are, also those that are to come.
      taken.remove("kernels")
      values.append(("kernels", made ?? pin))
    }
    arguments = try runs.training(seed: run.seed).forCommand(.train, setting: values)
      .taking(taken, from: given)
    try record.requireRecorded(arguments)
  }

  /// The kernels of the run of a sweep that `arguments` name: those that it was made under, or that the
  /// sweep is to be made under. Nil where they name no run, and for kernels that this CPU lacks.
  static func kernels(of arguments: Arguments) -> KernelChoice? {
    guard arguments.has(.sweep), let folder = arguments[optional: .sweep],
      let id = arguments[optional: .run], let record = try? SweepRecord(folder)
    else { return nil }
    let made = Set(record.results.filter { $0.id.hasPrefix(id) }.map(\.origin.kernels))
    let name = made.count == 1 ? made.first : record.pin
    return name.flatMap { try? KernelChoice($0) }
  }
}

/// What a sweep has on record in its folder, read once for all that is asked of it.
private struct SweepRecord {
  let folder: String
  private let config: JSONValue
  private let grid: SweepGrid
  let results: [SweepResult]

  private var configPath: String { "\(folder)/config.json" }

  /// The kernels that the sweep has on all machines; nil where it takes those of each.
  var pin: String? { config["options"]?["kernels"]?.string }

  /// - Throws: ``SweptRunError``, ``VariationError``, `FileError`.
  init(_ folder: String) throws {
    self.folder = folder
    config = try JSONValue(contentsOf: "\(folder)/config.json")
    if let command = config["command"]?.string, command != "sweep" {
      throw SweptRunError.otherCommand(folder, command: command)
    }
    grid = try SweepGrid(recorded: config["options"]?.object ?? [:], in: folder)
    results = try SweepLog.results(in: folder, options: grid.options.map(\.name))
  }

  /// The run whose name is `id` or, where there is one alone, begins with it; with the runs of its setting.
  ///
  /// - Throws: ``SweptRunError``, and what the sweep's own command line throws.
  func find(_ id: String) throws -> (SettingRuns, SweepRun) {
    guard let sweep = try Arguments.sweep(recordedAt: configPath, config: config) else {
      throw SweptRunError.noRun(folder)
    }
    var found: [(SettingRuns, SweepRun)] = []
    for setting in grid.settings {
      let runs = try SettingRuns(setting, of: grid, sweep)
      for run in try sweep.seeds().map({ runs.run(seed: $0) }) where run.id.hasPrefix(id) {
        if run.id == id { return (runs, run) }
        found.append((runs, run))
      }
    }
    guard let first = found.first else {
      try requireSameData(as: id, of: sweep)
      throw SweptRunError.unknownRun(folder, run: id)
    }
    guard found.count == 1 else {
      throw SweptRunError.severalRuns(folder, run: id, names: found.map(\.1.id))
    }
    return first
  }

  /// Refuses data that the folder names without having their content on record: one from elsewhere could
  /// name any path. Of an option that varies, the runs' names stand for it.
  ///
  /// - Throws: ``ModelUseError``, ``SweptRunError``, `FileError`.
  func requireRecorded(_ training: Arguments) throws {
    let varied = grid.options.map(\.name)
    for option in training.fileOptions where !varied.contains(option) {
      guard let recorded = InputFile.list(in: config).first(where: { $0.option == option }) else {
        throw ModelUseError.dataUnrecorded(
          path: configPath, option: option, data: training.filePath(of: option) ?? "")
      }
      let found = try training.inputFile(
        option, of: configPath, recorded: recorded.fingerprint)
      guard found.fingerprint == recorded.fingerprint else {
        throw ModelUseError.dataChanged(
          DataChange(of: configPath, recorded: recorded, found: found), .sweep)
      }
    }
  }

  /// Refuses data that have changed since the run was made: its name stands for them as they were.
  ///
  /// - Throws: ``SweptRunError``, and what the sweep's own command line throws.
  private func requireSameData(as id: String, of sweep: Arguments) throws {
    guard let row = results.first(where: { $0.id.hasPrefix(id) }) else { return }
    guard grid.settings.contains(row.setting) else {
      throw SweptRunError.otherSetting(folder, run: row.id, setting: grid.text(row.setting))
    }
    let training = try SettingRuns(row.setting, of: grid, sweep).training(seed: row.seed)
    let found = training.inputFiles()
    // A file that cannot be read has no content to compare.
    for option in training.fileOptions where !found.contains(where: { $0.option == option }) {
      throw FileError.missing(path: training.filePath(of: option) ?? "")
    }
    guard ResultOrigin(data: found).dataHash != row.origin.dataHash else { return }
    if let change = InputFile.changes(from: InputFile.list(in: config), to: found).first {
      throw SweptRunError.otherFile(
        DataChange(of: configPath, recorded: change.recorded, found: change.found), run: row.id)
    }
    throw SweptRunError.otherFiles(found.map(\.given), run: row.id)
  }
}

/// Why a run of a sweep cannot be made again.
enum SweptRunError: Error {
  case noRun(String)
  case otherCommand(String, command: String)
  case unknownRun(String, run: String)
  case severalRuns(String, run: String, names: [String])
  case noMeanNorm(String, run: String, threshold: String)
  case otherFile(DataChange, run: String)
  /// One of the files, all of which an option varies or whose own contents are not on record.
  case otherFiles([String], run: String)
  case otherSetting(String, run: String, setting: String)
}

extension SweptRunError: WordedError {
  var exitStatus: ExitStatus {
    switch self {
    case .otherFile, .otherFiles, .otherSetting: .failed
    default: .usage
    }
  }

  var message: String {
    switch self {
    case .noRun(let folder):
      "--sweep \(folder.shown): needs --run with a name of the column 'run' of its runs.csv"
    case .otherCommand(let folder, let command):
      "--sweep \(folder.shown): holds a run of unroll \(command.shown); accepted is a folder of unroll sweep"
        + (command == "clip"
          ? ". Runs of unroll clip are those of unroll train --stop-when-solved --threads 1" : "")
    case .unknownRun(let folder, let run):
      "--run \(run.shown): \(folder.escaped) has no such run; the column 'run' of its runs.csv has "
        + "their names"
    case .severalRuns(let folder, let run, let names):
      "--run \(run.shown): \(folder.escaped) has \(names.count) runs whose names begin so, such as "
        + "\(names.prefix(2).joined(separator: " and ")); accepted is what only one begins with"
    case .noMeanNorm(let folder, let run, let threshold):
      "--run \(run): its threshold is \(threshold), and \(folder.escaped)/norms.csv does not have the "
        + "mean norm; unroll sweep with that folder as --out measures it"
    case .otherFile(let change, let run):
      "--run \(run): \(change); restore the file, and the run can be made again"
    case .otherFiles(let files, let run):
      "--run \(run): \(files.map(\.escaped).listed("or")) has changed since the run was made; restore the "
        + "file, and the run can be made again"
    case .otherSetting(let folder, let run, let setting):
      "--run \(run): its row in runs.csv has \(setting.shown), which the config.json of "
        + "\(folder.escaped) does not have; restore that file"
    }
  }
}
