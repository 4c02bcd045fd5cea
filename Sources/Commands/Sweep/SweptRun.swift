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
    guard let sweep = try Arguments.sweep(recordedAt: config) else {
      throw SweptRunError.noRun(folder)
    }
    let grid = try SweepGrid(
      recorded: JSONValue(contentsOf: config)["options"]?.object ?? [:], in: folder)
    let (runs, run) = try Self.find(id, in: grid, of: sweep, folder: folder)
    var values: [(name: String, text: String)] = []
    if run.threshold.needsMeanNorm {
      guard let norm = try SweepLog.meanNorm(ofPass: run.unclippedPass, in: folder) else {
        throw SweptRunError.noMeanNorm(folder, run: run.id, threshold: run.threshold.description)
      }
      values.append(("clip", run.threshold.rule(meanNorm: norm.norm).description))
    }
    let rows = try SweepLog.results(in: folder, options: grid.options.map(\.name))
    if let kernels = rows.first(where: { $0.id == run.id })?.origin.kernels,
      kernels != Machinery.present.kernels
    {
      terminal.warn(
        "run \(run.id) was made under the kernels \(kernels), here \(Machinery.present.kernels): last "
          + "digits may differ; --kernels \(kernels) makes the same, where the CPU can run them")
    }
    arguments = try runs.training(seed: run.seed).forCommand(.train, setting: values)
      .taking(Self.free, from: given)
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
    guard let first = found.first else { throw SweptRunError.unknownRun(folder, run: id) }
    guard found.count == 1 else {
      throw SweptRunError.severalRuns(folder, run: id, names: found.map(\.1.id))
    }
    return first
  }
}

/// Why a run of a sweep cannot be made again.
enum SweptRunError: Error {
  case noRun(String)
  case unknownRun(String, run: String)
  case severalRuns(String, run: String, names: [String])
  case noMeanNorm(String, run: String, threshold: String)
}

extension SweptRunError: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String {
    switch self {
    case .noRun(let folder):
      "--sweep \(folder.shown): needs --run with a name of the column 'run' of its runs.csv"
    case .unknownRun(let folder, let run):
      "--run \(run.shown): \(folder.escaped) has no such run; the column 'run' of its runs.csv has "
        + "their names, which belong to the data as they were"
    case .severalRuns(let folder, let run, let names):
      "--run \(run.shown): \(folder.escaped) has \(names.count) runs whose names begin so, such as "
        + "\(names.prefix(2).joined(separator: " and ")); accepted is what only one begins with"
    case .noMeanNorm(let folder, let run, let threshold):
      "--run \(run): its threshold is \(threshold), and \(folder.escaped)/norms.csv does not have the "
        + "mean norm; unroll sweep with that folder as --out measures it"
    }
  }
}
