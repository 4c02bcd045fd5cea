import Foundation
import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

/// Runs `unroll sweep TASK`: many training runs with their folder.
struct SweepSession {
  private let arguments: Arguments
  private let terminal: Terminal
  private let plan: SweepPlan
  private let study: SweepStudy
  private let output: RunOutput
  private let ranks: Ranks
  /// What the folder has, of this call and earlier ones.
  private let lists: SweepLists
  private var grid: SweepGrid { plan.grid }

  /// Where the sweep's files are.
  var folder: String { output.folder }

  /// Opens a folder that `merge` has made, whose runs are there.
  ///
  /// - Throws: `VariationError`, `UsageError`, `EarlierComparisonError`, `FileError`.
  init(merged arguments: Arguments, terminal: Terminal) throws {
    try self.init(
      SweepPlan(arguments, terminal: terminal), addsRuns: false, terminal: terminal)
  }

  /// Opens the folder.
  ///
  /// - Parameters:
  ///   - ranks: the processes that share the runs, of which this one is rank 0.
  ///   - addsRuns: whether runs may be made; without, those that are there may be of any kernels.
  /// - Throws: `EarlierComparisonError`, `FileError`.
  init(
    _ plan: SweepPlan, ranks: Ranks = .single, addsRuns: Bool = true, terminal: Terminal
  ) throws {
    let arguments = plan.arguments
    self.plan = plan
    self.ranks = ranks
    self.arguments = arguments
    self.terminal = terminal
    let (grid, runs, origins) = (plan.grid, plan.runs, plan.origins)
    output = try RunOutput(
      arguments, subject: arguments.taskName(), continuing: .sweep,
      data: arguments.inputFiles().filter { $0.option != "grid" }, terminal: terminal)
    // Only now, since the folder's lock is held: another call may have been there in between.
    let earlier = try EarlierComparison(output.path("config.json"))
    var lists = SweepLists(grid, plan.seeds)
    if let earlier {
      let other = try SweepGrid(recorded: earlier.options, in: output.folder)
      guard other.options == grid.options else {
        throw VariationError.otherOptions(
          folder: output.folder, found: other.options.map(\.name),
          given: grid.options.map(\.name))
      }
      lists = SweepLists(other, SeedList(in: earlier.options) ?? plan.seeds).joined(lists)
    }
    self.lists = lists
    try earlier?.check(
      against: arguments, free: SweepLists.free, data: output.data, addsRuns: addsRuns)
    // First, so that a folder with rows is known for a sweep's however the program ends.
    if earlier == nil { try output.writeConfig(arguments) }
    let log = try SweepLog(
      folder: output.folder, options: grid.options.map(\.name), runs: runs,
      addsRuns: addsRuns, origin: { origins[$0.id] ?? ResultOrigin() })
    if addsRuns, lists.count > runs.count, arguments[optional: .shard] == nil, earlier != nil {
      terminal.note(
        "this call makes \(NumberText.count(runs.count, "run")); config.json lists "
          + "\(NumberText.count(lists.count)), with the values and seeds of earlier calls, and --config "
          + "makes them all")
    }
    var workedOut = try lists.write(to: output.folder)
    // Left out where the runs are only read: see `Arguments.sweep(recordedAt:)`.
    if !addsRuns { workedOut["kernels"] = earlier?.options["kernels"] }
    try output.writeConfig(
      arguments, workedOut: workedOut,
      machinery: addsRuns ? .present : earlier?.machinery ?? .present)
    study = SweepStudy(
      runs, store: log, threads: arguments[.threads], normUpdates: arguments[.normSteps],
      keeping: plan.keeping(in: output.folder), ranks: ranks, until: { Interrupt.isRequested })
  }

  /// Makes the missing runs and writes the files.
  ///
  /// - Throws: What a run throws; the results of the runs that have ended are kept.
  func run() throws -> ExitStatus {
    let (total, missing) = (study.runs.count, study.missing.count)
    if missing < total {
      terminal.note(
        "\(count(total - missing)) of \(count(total)) runs are in \(output.folder) already"
          + (arguments[.keep] == KeptFiles.none.rawValue && !arguments[.tensorboard]
            ? ""
            : ", with the files that they kept; --keep and --tensorboard are for those to come"))
    }
    // Also where nothing is missing: a signal while gnuplot draws ends the drawing alone.
    Interrupt.install()
    if missing > 0 {
      let passes = study.unclippedPasses.count
      if passes > 0 {
        terminal.note(
          "first the mean norm over \(count(arguments[.normSteps])) updates without clipping, "
            + NumberText.count(passes, "time"))
      }
    }
    // Also where nothing is missing, because the other ranks wait for a word.
    try study.train(
      observer: SweepProgress(
        grid.options.map(\.name), runs: study.missing, outlooks: plan.outlooks,
        normUpdates: arguments[.normSteps], threads: arguments[.threads] * ranks.count,
        on: terminal))
    return try ranks.agree { try conclude(of: total) }
  }

  private func conclude(of total: Int) throws -> ExitStatus {
    let left = study.missing.count
    try finish(missing: left)
    guard left > 0 else { return .done }
    terminal.tell(
      "interrupted after \(count(total - left)) of \(count(total)) runs; continue with "
        + arguments.commandGoingOn(in: output.folder))
    return .interrupted
  }

  /// Writes the files of the runs that are there.
  ///
  /// - Throws: `FileError`.
  func finishOnly() throws -> ExitStatus {
    let left = study.missing.count
    try finish(missing: left)
    if left > 0 {
      terminal.tell(
        "\(count(left)) of \(count(study.runs.count)) runs are missing; make them with "
          + arguments.commandGoingOn(in: output.folder))
    }
    return .done
  }

  private func count(_ number: Int) -> String { NumberText.count(number) }

  private func finish(missing: Int) throws {
    let settings = lists.settings
    let results = try study.withStore { store in
      guard let log = store as? SweepLog else { return [SweepResult]() }
      let results = log.ordered(as: settings)
      try log.finish(results)
      return results
    }
    let groups = SweepGroup.groups(of: results)
    let options = grid.options.map(\.name)
    let known = plan.plans(of: settings)
    let plans = known.map(\.plan)
    let hasCriterion =
      plans.contains { $0.settings.criterion(for: $0.task) != nil }
      || groups.contains { $0.count(.solved) > 0 }
    try SweepTables.groups(groups, options, hasCriterion: hasCriterion)
      .write(to: output.path("groups.csv"))
    let lossNames = Dictionary(
      known.map { ($0.setting, $0.plan.task.lossName) }, uniquingKeysWith: { first, _ in first })
    func kindOfLoss(_ group: SweepGroup) -> String {
      "\(group.comparedData) \(lossNames[group.setting] ?? plans[0].task.lossName)"
    }
    let pairs = plan.baseline.map { baseline in
      SweepPair.pairs(of: groups, kindOfLoss: kindOfLoss, against: baseline.of)
    }
    if let pairs {
      try SweepTables.pairs(pairs, options, hasCriterion: hasCriterion)
        .write(to: output.path("pairs.csv"))
    } else {
      // Those of an earlier call are not of these runs.
      if FileManager.default.fileExists(atPath: output.path("pairs.csv")) {
        terminal.note(
          "pairs.csv of an earlier call is removed; give --against again to have it anew")
      }
      RunFolder.removeLeftovers(of: "pairs", in: output.folder)
    }
    let summary = SweepSummary(
      plans: plans, hasCriterion: hasCriterion, options: options, groups: groups,
      shown: { grid.resolved($0).values }, pairs: pairs,
      against: plan.baseline?.description, missing: missing,
      shard: arguments[optional: .shard].map {
        (name: "\($0)", runsOfAll: grid.settings.count * plan.seeds.count)
      })
    if summary.hasRuns { output.draw(summary.figure, name: "sweep", formats: [.svg, .png]) }
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }
}
