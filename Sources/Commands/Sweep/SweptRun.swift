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
    "tensorboard",
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
    let config = "\(folder)/config.json"
    let recorded = try JSONValue(contentsOf: config)
    if let command = recorded["command"]?.string, command != "sweep" {
      throw SweptRunError.otherCommand(folder, command: command)
    }
    guard let sweep = try Arguments.sweep(recordedAt: config) else {
      throw SweptRunError.noRun(folder)
    }
    let grid = try SweepGrid(recorded: recorded["options"]?.object ?? [:], in: folder)
    let (runs, run) = try Self.find(id, in: grid, of: sweep, folder: folder)
    var values: [(name: String, text: String)] = []
    if run.threshold.needsMeanNorm {
      guard let norm = try SweepLog.meanNorm(ofPass: run.unclippedPass, in: folder) else {
        throw SweptRunError.noMeanNorm(folder, run: run.id, threshold: run.threshold.description)
      }
      values.append(("clip", run.threshold.rule(meanNorm: norm.norm).description))
    }
    let rows = try SweepLog.results(in: folder, options: grid.options.map(\.name))
    var taken = Self.free
    if let kernels = rows.first(where: { $0.id == run.id })?.origin.kernels {
      let (present, wasGiven) = (Machinery.present.kernels, given[optional: .kernels] != nil)
      if kernels != present {
        terminal.warn(
          "run \(run.id) was made under the kernels \(kernels), here \(present): last digits may differ"
            + (wasGiven ? "; without --kernels it has its own, where the CPU can run them" : ""))
      } else if !wasGiven, Self.pin(of: config) != nil {
        // A sweep that is the same on all machines has runs that are.
        taken.remove("kernels")
        values.append(("kernels", kernels))
      }
    }
    arguments = try runs.training(seed: run.seed).forCommand(.train, setting: values)
      .taking(taken, from: given)
  }

  /// The kernels that the sweep of the `config.json` at `path` has on all machines; nil where it takes
  /// those of each.
  private static func pin(of path: String) -> String? {
    (try? JSONValue(contentsOf: path))?["options"]?["kernels"]?.string
  }

  /// The kernels of the run of a sweep that `arguments` name: those that it was made under, or that the
  /// sweep is to be made under. Nil where they name no run, and for kernels that this CPU lacks.
  static func kernels(of arguments: Arguments) -> KernelChoice? {
    guard arguments.has(.sweep), let folder = arguments[optional: .sweep],
      let id = arguments[optional: .run]
    else { return nil }
    let config = "\(folder)/config.json"
    let options = (try? JSONValue(contentsOf: config))?["options"]?.object ?? [:]
    let grid = try? SweepGrid(recorded: options, in: folder)
    let rows = grid.flatMap {
      try? SweepLog.results(in: folder, options: $0.options.map(\.name))
    }
    let made = Set((rows ?? []).filter { $0.id.hasPrefix(id) }.map(\.origin.kernels))
    let name = made.count == 1 ? made.first : pin(of: config)
    return name.flatMap { try? KernelChoice($0) }
  }

  /// The run whose name is `id` or, where there is one alone, begins with it; with the runs of its setting.
  ///
  /// - Throws: ``SweptRunError``, and what the sweep's own command line throws.
  private static func find(
    _ id: String, in grid: SweepGrid, of sweep: Arguments, folder: String
  ) throws -> (SettingRuns, SweepRun) {
    var found: [(SettingRuns, SweepRun)] = []
    for setting in grid.settings {
      let runs = try SettingRuns(setting, of: grid, sweep)
      for run in try sweep.seeds().map({ runs.run(seed: $0) }) where run.id.hasPrefix(id) {
        if run.id == id { return (runs, run) }
        found.append((runs, run))
      }
    }
    guard let first = found.first else {
      try requireSameData(as: id, in: grid, of: sweep, folder: folder)
      throw SweptRunError.unknownRun(folder, run: id)
    }
    guard found.count == 1 else {
      throw SweptRunError.severalRuns(folder, run: id, names: found.map(\.1.id))
    }
    return first
  }
}

extension SweptRun {
  /// Refuses data that have changed since the run was made: its name stands for them as they were.
  ///
  /// - Throws: ``SweptRunError``, and what the sweep's own command line throws.
  private static func requireSameData(
    as id: String, in grid: SweepGrid, of sweep: Arguments, folder: String
  ) throws {
    let rows = try SweepLog.results(in: folder, options: grid.options.map(\.name))
    guard let row = rows.first(where: { $0.id.hasPrefix(id) }) else { return }
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
    let config = try JSONValue(contentsOf: "\(folder)/config.json")
    if let change = InputFile.changes(from: InputFile.list(in: config), to: found).first {
      throw SweptRunError.otherFile(
        DataChange(of: "\(folder)/config.json", recorded: change.recorded, found: change.found),
        run: row.id)
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
