import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

/// Why a sweep's runs cannot be made as asked.
enum SweepPlanError: Error {
  case folderNotShared(String, option: String)
}

extension SweepPlanError: WordedError {
  var message: String {
    switch self {
    case .folderNotShared(let folder, let option):
      "\(option): does not see \(folder.shown), the folder of rank 0; ranks that keep files need "
        + "a disk that all of them see"
    }
  }
}

/// What `unroll sweep TASK` is to do: everything that can be known, and checked, before a folder is opened.
struct SweepPlan {
  let arguments: Arguments
  let grid: SweepGrid
  let baseline: SweepBaseline?
  let seeds: SeedList
  /// The plan of the first run of each setting.
  private let plans: [SweepSetting: TrainingPlan]
  /// The runs of the shard.
  let runs: [SweepRun]
  /// Under what the results of each run are computed, by its name.
  let origins: [String: ResultOrigin]
  /// What is known of each run before it is made, by its name.
  let outlooks: [String: RunOutlook]

  /// - Parameter isFirst: whether this process has the folder, which other ranks may not see.
  /// - Throws: `VariationError`, `UsageError`, `FileError`.
  init(_ arguments: Arguments, isFirst: Bool = true, terminal: Terminal) throws {
    self.arguments = arguments
    let grid = try SweepGrid(arguments)
    self.grid = grid
    baseline = isFirst ? try Self.baseline(arguments, grid) : nil
    let seeds = try arguments.seeds()
    self.seeds = seeds
    func make(_ setting: SweepSetting) throws -> (runs: SettingRuns, plan: TrainingPlan) {
      let runs = try SettingRuns(setting, of: grid, arguments)
      let plan = try TrainingStart(
        runs.training(seed: seeds.first), terminal: terminal
      ).plan
      try plan.validate()
      return (runs, plan)
    }
    var all: [(runs: SettingRuns, plan: TrainingPlan)] = []
    for setting in grid.settings {
      do {
        all.append(try make(setting))
      } catch {
        let isOfAll = all.isEmpty && Self.fail(grid.settings, as: error) { _ = try make($0) }
        if isOfAll { throw error }
        throw VariationError.setting(grid.text(setting), reason: error)
      }
    }
    let plans = all.map(\.plan)
    self.plans = Dictionary(zip(grid.settings, plans)) { first, _ in first }
    // A blank in a grid may stand for what another row says.
    var known: [String: SweepSetting] = [:]
    for (setting, runs) in zip(grid.settings, all.map(\.runs)) {
      let id = runs.run(seed: seeds.first).id
      if let other = known[id] {
        throw VariationError.sameSetting(grid.text(setting), other: grid.text(other))
      }
      known[id] = setting
    }
    let same = SameSettings(grid, all.map { $0.runs.identity($0.plan) }) { option, setting in
      all[setting].runs.text(of: option)
    }
    if let finding = same.findings.first(where: \.isEverywhere) {
      throw VariationError.noEffect(finding)
    }
    for finding in same.findings { terminal.warn(finding.message) }
    for plan in plans { terminal.warn(of: plan.task) }
    for plan in plans { try plan.requireMemory(forRuns: arguments[.threads]) }

    var runs: [SweepRun] = []
    var (outlooks, origins) = ([String: RunOutlook](), [String: ResultOrigin]())
    for (setting, plan) in all {
      let outlook = plan.outlook
      for seed in seeds {
        let run = setting.run(seed: seed)
        runs.append(run)
        (outlooks[run.id], origins[run.id]) = (outlook, setting.origin)
      }
    }
    if let shard = arguments[optional: .shard] {
      runs = shard.share(of: runs) { outlooks[$0.id]?.cost ?? 0 }
    }
    self.runs = runs
    self.origins = origins
    self.outlooks = outlooks
  }

  /// Whether `body` fails for each of `settings` as for the first, so that the fault is none of a setting's.
  private static func fail(
    _ settings: [SweepSetting], as failure: any Error, _ body: (SweepSetting) throws -> Void
  ) -> Bool {
    let message = ErrorMessage.text(for: failure)
    return settings.dropFirst().allSatisfy { setting in
      do {
        try body(setting)
        return false
      } catch {
        return ErrorMessage.text(for: error) == message
      }
    }
  }

  /// What `--against` names: a setting of this call, or one that its folder has from earlier ones.
  ///
  /// - Throws: `VariationError`.
  private static func baseline(
    _ arguments: Arguments, _ grid: SweepGrid
  ) throws -> SweepBaseline? {
    guard let text = arguments[optional: .against] else { return nil }
    var known = grid
    if let folder = arguments[optional: .out],
      let earlier = try EarlierComparison("\(folder)/config.json"),
      earlier.command == Command.sweep.name
    {
      let other = try SweepGrid(recorded: earlier.options, in: folder)
      if other.options == grid.options { known = other.joined(grid) }
    }
    return try SweepBaseline(text, of: known)
  }

  /// The plans of `settings`, some of which may be of earlier calls. A file of these may be gone: its setting
  /// is then without a plan, and its results are shown all the same.
  func plans(of settings: [SweepSetting]) -> [(setting: SweepSetting, plan: TrainingPlan)] {
    settings.compactMap { setting in
      let plan = plans[setting] ?? (try? earlierPlan(of: setting))
      return plan.map { (setting, $0) }
    }
  }

  private func earlierPlan(of setting: SweepSetting) throws -> TrainingPlan {
    let runs = try SettingRuns(setting, of: grid, arguments)
    return try TrainingStart(runs.training(seed: seeds.first), terminal: .silent).plan
  }

  /// Who makes the runs, on the ranks other than the first, which has its folder at `folder`.
  func helper(for ranks: Ranks, folder: String) -> SweepHelper {
    SweepHelper(
      runs, threads: arguments[.threads], normUpdates: arguments[.normSteps],
      keeping: keeping(in: folder), ranks: ranks, until: { Interrupt.isRequested })
  }

  /// Stands for all runs: their names, which are made from settings and data.
  var digest: String {
    var hash = SHA256()
    for run in runs { hash.update("\(run.id)\n") }
    return String(hash.hexadecimal().prefix(12))
  }

  /// Each rank writes what is kept of its own runs, so all of them must see the folder.
  ///
  /// - Throws: ``SweepPlanError``.
  func requireKeeping(in folder: String) throws {
    let keep = arguments[.keep]
    let option =
      keep != KeptFiles.none.rawValue
      ? "--keep \(keep)" : arguments[.tensorboard] ? "--tensorboard" : nil
    guard let option, !FileManager.default.fileExists(atPath: folder) else { return }
    throw SweepPlanError.folderNotShared(folder, option: option)
  }

  /// What is kept of each run, in `folder`.
  func keeping(in folder: String) -> SweepStudy.Keeping {
    var keeping = SweepStudy.Keeping()
    keeping.files = KeptFiles(rawValue: arguments[.keep]) ?? .none
    keeping.folder = folder
    if arguments[.tensorboard] {
      keeping.events = grid.options.enumerated().map { place, option in
        let values = grid.settings.map { $0.values[place] }.filter { !$0.isEmpty }
        return EventSetting(name: option.name, values: values.distinct)
      }
    }
    return keeping
  }
}

extension TrainingPlan {
  /// What is known of the plan's run before it is made.
  fileprivate var outlook: RunOutlook {
    var steps = task.timeSteps(in: .train, rows: settings.batch)
    if case .windows(_, let depth) = settings.truncation { steps = min(steps, depth) }
    return RunOutlook(
      updates: settings.updates,
      costPerUpdate: Double(steps) * Double(settings.batch) * Double(parameterCount),
      hasCriterion: settings.criterion(for: task) != nil)
  }
}
