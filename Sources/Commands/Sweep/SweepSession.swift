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
  private let grid: SweepGrid
  /// The plans of the first seed, in the order of the grid's settings.
  private let plans: [TrainingPlan]
  private let study: SweepStudy
  private let baseline: SweepBaseline?
  private let output: RunOutput

  /// Checks everything that can be checked, then opens the folder.
  ///
  /// - Throws: `VariationError`, `UsageError`, `EarlierComparisonError`, `FileError`.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    self.arguments = arguments
    self.terminal = terminal
    let grid = try SweepGrid(arguments)
    self.grid = grid
    baseline = try arguments[optional: .against].map { try SweepBaseline($0, of: grid) }
    let seeds = try arguments.seeds()
    var (all, plans) = ([(runs: SettingRuns, plan: TrainingPlan)](), [TrainingPlan]())
    for setting in grid.settings {
      do {
        let runs = try SettingRuns(setting, of: grid, arguments)
        let plan = try TrainingStart(
          runs.training(seed: seeds.lowerBound), terminal: terminal
        ).plan
        try plan.validate()
        all.append((runs, plan))
        plans.append(plan)
      } catch {
        throw VariationError.setting(grid.text(setting), reason: error)
      }
    }
    self.plans = plans
    // A blank in a grid may stand for what another row says.
    var known: [String: SweepSetting] = [:]
    for (setting, runs) in zip(grid.settings, all.map(\.runs)) {
      let id = runs.run(seed: seeds.lowerBound).id
      if let other = known[id] {
        throw VariationError.sameSetting(grid.text(setting), other: grid.text(other))
      }
      known[id] = setting
    }
    for plan in plans { terminal.warn(of: plan.task) }
    for plan in plans { try plan.requireMemory(forRuns: arguments[.threads]) }

    var runs: [SweepRun] = []
    var (costs, origins) = ([String: Double](), [String: ResultOrigin]())
    for (setting, plan) in all {
      let cost = plan.cost
      for seed in seeds {
        let run = setting.run(seed: seed)
        runs.append(run)
        (costs[run.id], origins[run.id]) = (cost, setting.origin)
      }
    }
    if let shard = arguments[optional: .shard] {
      runs = shard.share(of: runs) { costs[$0.id] ?? 0 }
    }

    output = try RunOutput(
      arguments, subject: arguments.taskName(), continuing: .sweep,
      data: arguments.inputFiles().filter { $0.option != "grid" }, terminal: terminal)
    let earlier = try EarlierComparison(output.path("config.json"))
    if let earlier {
      let other = try SweepGrid(recorded: earlier.options, in: output.folder).options
      guard other == grid.options else {
        throw VariationError.otherOptions(
          folder: output.folder, found: other.map(\.name), given: grid.options.map(\.name))
      }
    }
    try earlier?.check(against: arguments, free: SweepLists.free, data: output.data)
    // First, so that a folder with rows is known for a sweep's however the program ends.
    if earlier == nil { try output.writeConfig(arguments) }
    let log = try SweepLog(
      folder: output.folder, options: grid.options.map(\.name), runs: runs,
      origin: { origins[$0.id] ?? ResultOrigin() })
    let lists = SweepLists(grid, seeds, earlier: earlier?.options)
    try output.writeConfig(arguments, workedOut: lists.write(to: output.folder))
    var keeping = SweepStudy.Keeping()
    keeping.files = KeptFiles(rawValue: arguments[.keep]) ?? .none
    keeping.folder = output.folder
    study = SweepStudy(
      runs, store: log, threads: arguments[.threads], normUpdates: arguments[.normSteps],
      keeping: keeping, until: { Interrupt.isRequested })
  }

  /// Makes the missing runs and writes the files.
  ///
  /// - Throws: What a run throws; the results of the runs that have ended are kept.
  func run() throws -> ExitStatus {
    let (total, missing) = (study.runs.count, study.missing.count)
    if missing < total {
      terminal.note(
        "\(count(total - missing)) of \(count(total)) runs are in \(output.folder) already"
          + (arguments[.keep] == KeptFiles.none.rawValue
            ? "" : ", with the files that they kept; --keep is for those to come"))
    }
    if missing > 0 {
      Interrupt.install()
      let passes = study.unclippedPasses.count
      if passes > 0 {
        terminal.note(
          "first the mean norm over \(count(arguments[.normSteps])) updates without clipping, "
            + NumberText.count(passes, "time"))
      }
      try study.train(
        observer: SweepProgress(
          grid.options.map(\.name), threads: arguments[.threads], on: terminal))
    }
    let left = study.missing.count
    try finish(missing: left)
    guard left > 0 else { return .done }
    terminal.note(
      "interrupted after \(count(total - left)) of \(count(total)) runs; continue with unroll sweep "
        + "--config \(output.path("config.json")) --out \(output.folder)"
        + (arguments[optional: .shard].map { " --shard \($0)" } ?? ""))
    return .interrupted
  }

  /// Writes the files of the runs that are there.
  ///
  /// - Throws: `FileError`.
  func finishOnly() throws -> ExitStatus {
    let left = study.missing.count
    try finish(missing: left)
    if left > 0 {
      terminal.note(
        "\(count(left)) of \(count(study.runs.count)) runs are missing; make them with unroll sweep "
          + "--config \(output.path("config.json")) --out \(output.folder)")
    }
    return .done
  }

  private func count(_ number: Int) -> String { NumberText.count(number) }

  /// The loss of a model that has learned nothing, where it is the same for all settings.
  private var commonBaseline: Double? {
    let losses = Set(plans.map(\.task.baselineLoss))
    return losses.count == 1 ? losses.first : nil
  }

  private func finish(missing: Int) throws {
    let runs = study.runs
    let results = try study.withStore { store in
      guard let log = store as? SweepLog else { return [SweepResult]() }
      let results = log.ordered(as: runs)
      try log.finish(results)
      return results
    }
    let groups = SweepGroup.groups(of: results)
    let options = grid.options.map(\.name)
    let hasCriterion =
      plans.contains { $0.settings.criterion(for: $0.task) != nil }
      || groups.contains { $0.count(.solved) > 0 }
    try SweepTables.groups(groups, options, hasCriterion: hasCriterion)
      .write(to: output.path("groups.csv"))
    let pairs = baseline.map { baseline in SweepPair.pairs(of: groups) { baseline.of($0) } }
    if let pairs {
      try SweepTables.pairs(pairs, options, hasCriterion: hasCriterion)
        .write(to: output.path("pairs.csv"))
    } else {
      // Those of an earlier call are not of these runs.
      RunFolder.removeLeftovers(of: "pairs", in: output.folder)
    }
    let summary = SweepSummary(
      plan: plans[0], baseline: commonBaseline, hasCriterion: hasCriterion, options: options,
      groups: groups, pairs: pairs, against: baseline?.description, missing: missing)
    try output.draw(summary.figure, name: "sweep", formats: [.svg, .png])
    summary.print(on: terminal, folder: output.folder)
    try output.writeSummary(summary.json)
  }
}

extension TrainingPlan {
  /// The multiplications of a run, roughly: what shares of a sweep are balanced by.
  fileprivate var cost: Double {
    var steps = task.timeSteps(in: .train, rows: settings.batch)
    if case .windows(_, let depth) = settings.truncation { steps = min(steps, depth) }
    let parameters = Double(RecurrentModel(specification, configuration).layout.count)
    return Double(settings.updates) * Double(steps) * Double(settings.batch) * parameters
  }
}
