import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

extension ReportedRun {
  /// `unroll sweep` and `unroll merge`: settings and runs. While the sweep goes on, its settings are summed
  /// up from the runs that have ended.
  mutating func readSweep() {
    attempt { run in
      guard let runs = try run.files.table("runs") else { return }
      let options = try Self.options(of: runs)
      let results: [SweepResult]
      do throws(FileProblem) {
        results = try SweepLog.results(runs.rows, options: options.count)
      } catch {
        throw FileError.malformed(path: runs.path, line: nil, error)
      }
      let groups = SweepGroup.groups(of: results)
      run.sizes = run.files.sizes(without: options)
      let hasCriterion = run.hasCriterion(
        isSolved: results.contains { $0.run.outcome == .solved })
      run.title =
        [
          run.files.variesTask ? "several tasks" : run.files.option("task"),
          options.isEmpty ? "over seeds" : nil,
        ]
        .compactMap(\.self).joined(separator: ", ")
        + (options.isEmpty ? "" : ", over \(options.listed("and"))")
      run.charts += run.sweepFigure(groups, options, hasCriterion: hasCriterion).charts
      run.add(
        PageTable(
          "Settings", columns: SweepGroup.columns(options),
          rows: groups.map { $0.row(hasCriterion: hasCriterion).map(\.plain) },
          file: "groups.csv"))
      // While runs are being added they are of an earlier state.
      if run.state != .running, let pairs = try run.files.table("pairs") {
        run.add(PageTable("Settings compared, seed by seed", pairs, file: "pairs.csv"))
      }
      run.add(PageTable("Runs", runs, file: "runs.csv"))
      let count = NumberText.count(results.count, "run")
      run.headline = "\(count) of \(NumberText.count(groups.count, "setting"))"
      if hasCriterion {
        run.headline += ", \(NumberText.count(results.count { $0.run.outcome == .solved })) solved"
      }
      if let missing = run.files.summary?["missing_runs"]?.int, missing > 0 {
        run.headline += ", \(NumberText.count(missing)) still to be made"
      }
    }
    addSummary(
      except: Set(["groups", "pairs", "kernels"] + (files.variesTask ? ["task", "baseline"] : [])))
  }

  /// The options that are varied: the columns between the run's name and its seed.
  ///
  /// - Throws: `FileError` for a table of other columns.
  private static func options(of runs: CSVTable) throws(FileError) -> [String] {
    let options = Array(runs.columnNames.prefix { $0 != "seed" }.dropFirst())
    try runs.requireColumns(SweepResult.columns(options))
    return options
  }

  private func sweepFigure(
    _ groups: [SweepGroup], _ options: [String], hasCriterion: Bool
  ) -> SweepFigure {
    SweepFigure(
      title: title, subtitle: sizes, options: options,
      groups: groups.map { group in
        // A blank of a grid is the value for all runs, which config.json records.
        let values = zip(options, group.setting.values).map {
          $1.isEmpty ? files.option($0) ?? "" : $1
        }
        return SweepFigureGroup(group, values: values, hasCriterion: hasCriterion)
      },
      lossName: SweepGroup.lossName(groups),
      baseline: files.summary?["baseline_loss"]?.double)
  }
}
