import UnrollStudies
import UnrollText

// The results for people: what was run, a table of the settings, and what its columns mean.
extension SweepSummary {
  package func print(on page: any TextPage, folder: String) {
    let count = NumberText.count(runs, "run")
    let left = missing == 0 ? "" : ", \(NumberText.count(missing)) more to be made"
    let part = shard.map { ", shard \($0.name) of \(NumberText.count($0.runsOfAll))" } ?? ""
    page.print("\(page.styled(title, .bold)): \(count)\(part)\(left)")
    page.printBroken("  \(sizes)", indent: 2)
    let shown = groups.isEmpty ? nil : tables(columns: page.outputColumns)
    if let shown {
      page.print("")
      page.printTable(shown.settings, keys: shown.names.header.count, indent: 0)
      for line in shown.names.key { page.printBroken(line, indent: 4) }
      page.printFitted("\n\(caption(shown.settings))")
    }
    if kernels.count > 1 {
      page.printBroken(
        "Made under different kernels, so that last digits differ: "
          + kernels.map { "\($0.name) \(NumberText.count($0.runs, "run"))" }.joined(separator: ", "),
        indent: 2)
    }
    let repeated = groups.count(where: \.isOneRun)
    if repeated > 0 {
      page.printFitted(
        "\nThe seed changes nothing in \(NumberText.count(repeated, "setting")): all runs are one, and "
          + "count once against others.")
    }
    if groups.isEmpty {
      page.printFitted("\nNo run is there, so that there is nothing to draw.")
    } else if shard != nil {
      page.printFitted(
        "\nA shard has other seeds in each setting: compare after unroll merge has joined them.")
    }
    if let pairs { printPairs(pairs, shown?.pairs, on: page) }
    page.print("files  \(folder.escaped)")
  }

  /// The tables that fit, with one way to name settings in all of them, so that letters, shortened values
  /// and numbers have one key. Quartiles and intervals are left out where the shortest names are not short
  /// enough, which the CSV files have; settings whose values still find no room are numbered.
  private func tables(
    columns: Int
  ) -> (names: SweepTableNames, settings: TextTable, pairs: TextTable?)? {
    let settings = groups.map(\.setting)
    let compared = pairs.flatMap { $0.isEmpty ? nil : $0 }
    func tables(_ names: SweepTableNames, _ detail: Int, _ pairsDetail: Int) -> (
      names: SweepTableNames, settings: TextTable, pairs: TextTable?
    ) {
      (names, table(names, detail: detail), compared.map { table(of: $0, names, pairsDetail) })
    }
    for forms in [SweepTableNames.forms, [.numbers]] {
      let names = forms.compactMap { SweepTableNames(options, settings, as: $0, shown) }
      for detail in [2, 1, 0] {
        for pairsDetail in compared == nil ? [0] : [2, 1, 0] {
          for names in names {
            let found = tables(names, detail, pairsDetail)
            if found.settings.columns <= columns, found.pairs?.columns ?? 0 <= columns {
              return found
            }
          }
        }
      }
    }
    // A page too narrow for any: what is too wide goes on below.
    return SweepTableNames(options, settings, as: .numbers, shown).map { tables($0, 0, 0) }
  }

  // MARK: The settings

  /// Whether some settings have fewer runs than others.
  private var isUneven: Bool { Set(groups.map(\.results.count)).count > 1 }

  /// - Parameter detail: 2 for all columns; 1 without quartiles; 0 without the interval either.
  private func table(_ names: SweepTableNames, detail: Int) -> TextTable {
    let hasDiverged = groups.contains { $0.count(.diverged) > 0 }
    let hasSeveralLosses = hasSeveralLosses
    let seeds = shard == nil ? SeedWords.column(groups.map { $0.results.map(\.seed) }) : nil
    var table = TextTable(
      header: names.header + (seeds == nil ? [] : ["seeds"])
        + (hasCriterion
          ? ["solved"] + (detail > 0 ? ["95%"] : []) + ["updates"] : isUneven ? ["runs"] : [])
        + ["loss"] + (hasSeveralLosses ? ["of"] : []) + (detail > 1 ? ["quartiles"] : [])
        + (hasDiverged ? ["diverged"] : []))
    for (place, group) in groups.enumerated() {
      let (losses, interval) = (group.losses, group.solvedInterval)
      var cells = names.cells(group.setting)
      if let seeds { cells.append(seeds[place].shortened(to: 12)) }
      if hasCriterion {
        cells.append("\(group.count(.solved))/\(group.results.count)")
        if detail > 0 {
          cells.append(
            interval.map { "\(Self.percent($0.low))-\(Self.percent($0.high))" } ?? "-")
        }
        cells.append(group.updatesToSolve.map { NumberText.count($0) } ?? "-")
      } else if isUneven {
        cells.append("\(group.results.count)")
      }
      cells.append(LossText.shown(losses.median))
      if hasSeveralLosses { cells.append(group.comparedData) }
      if detail > 1 {
        cells.append(
          "\(LossText.shown(losses.quantile(0.25))) to \(LossText.shown(losses.quantile(0.75)))")
      }
      if hasDiverged { cells.append("\(group.count(.diverged))") }
      table.append(cells)
    }
    return table
  }

  /// Whether the losses are of the test data in some settings, and of other data in others.
  private var hasSeveralLosses: Bool { Set(groups.map(\.comparedData)).count > 1 }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }

  /// When a run has solved the task: `validation loss below 0.01`.
  private var criterion: String {
    guard !options.contains("task"), !options.contains("solve-at"),
      let criterion = plan.settings.criterion(for: plan.task)
    else { return "each setting by its own criterion" }
    return criterion.words(on: plan.task.selectionSplit)
  }

  private func caption(_ table: TextTable) -> String {
    var lines: [String] = []
    if table.header.contains("seeds") {
      lines.append("seeds    of the runs: settings have different ones")
    }
    if hasCriterion {
      lines += [
        "solved   runs that solved the task (\(criterion)), of all"
      ]
      if table.header.contains("95%") {
        lines.append("95%      interval of that share, in percent")
      }
      lines += [
        "updates  by which half of the runs had solved it; -: fewer did"
      ]
    }
    lines.append(
      "loss     \(SweepGroup.lossName(groups)) at the end, median"
        + (table.header.contains("quartiles") ? " and quartiles" : "") + "; \(baselines)")
    if hasSeveralLosses { lines.append("of       the data that the loss is of") }
    if let note = SolvedEnds.note(groups.flatMap(\.results).map(\.run), in: plan) {
      lines.append(note)
    }
    return lines.joined(separator: "\n")
  }
}
