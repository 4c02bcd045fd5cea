import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

extension ReportedRun {
  /// `unroll clip`: the runs of `clip.csv`, and what became of them under each threshold. Of the surface,
  /// the paths over it.
  mutating func readClip() {
    formulas = [.clipping]
    if files.options["surface"] == .bool(true) { return readSurface() }
    sizes = files.sizes(without: ["clip"])
    title = [files.option("task"), "clipping compared"].compactMap(\.self).joined(separator: ", ")
    attempt { run in
      guard let table = try run.files.table("clip") else { return }
      let results = try run.clipResults(of: table)
      let hasCriterion = run.hasCriterion(results)
      let groups = ClipGroup.groups(of: results, hasCriterion: hasCriterion)
      run.charts += run.clipFigure(groups).charts
      run.tables += [
        PageTable(
          "Settings", columns: Self.groupColumns, rows: groups.map { $0.fields.map(\.plain) }),
        PageTable("Runs", table, file: "clip.csv"),
      ]
      let settings = NumberText.count(groups.count, "setting")
      run.headline = "\(NumberText.count(results.count, "run")) of \(settings)"
      if hasCriterion {
        run.headline += ", \(NumberText.count(results.count { $0.outcome == .solved })) solved"
      }
    }
    addSummary(except: ["runs", "groups"])
  }

  private func clipResults(of table: CSVTable) throws -> [ClipResult] {
    let count = ClipResult.columns.count
    let missing = ClipResult.columns.dropFirst(table.columnNames.count)
    guard table.columnNames + missing == ClipResult.columns else {
      throw FileError.malformed(
        path: table.path, line: 1,
        .wrongHeader(expected: ClipResult.columns, got: table.columnNames))
    }
    var results: [ClipResult] = []
    for (place, row) in table.rows.enumerated() {
      let fields = row + [String](repeating: "", count: count - row.count)
      guard let result = ClipResult(row: fields, ownWindow: files.option("window") ?? "full") else {
        throw FileError.malformed(
          path: table.path, line: table.lines[place],
          .unreadableRow(number: place + 1, text: row.joined(separator: ",")))
      }
      results.append(result)
    }
    return results
  }

  /// Whether runs can solve the task: the summary says it; before there is one, a run that has solved it
  /// does.
  private func hasCriterion(_ results: [ClipResult]) -> Bool {
    guard let groups = files.summary?["groups"]?.array, let first = groups.first else {
      return results.contains { $0.outcome == .solved } || files.option("solve-at") != nil
    }
    return first["solved"]?.isNull == false
  }

  private func clipFigure(_ groups: [ClipGroup]) -> ClipFigure {
    let thresholds = groups.map(\.setting.threshold).distinct
    let windows = groups.map(\.setting.window).distinct
    let comparesThresholds = thresholds.count > 1 || windows.count == 1
    return ClipFigure(
      title: title, subtitle: sizes,
      groups: groups.map { group in
        let setting = group.setting
        return ClipFigure.Group(
          cell: comparesThresholds && windows.count > 1
            ? "\(setting.cell), window \(setting.window)" : setting.cell,
          threshold: comparesThresholds ? setting.threshold : setting.window, solved: group.solved,
          unsolved: group.unsolved, diverged: group.diverged,
          clippedFraction: group.clippedFraction, effectiveStep: group.effectiveStep,
          medianUpdatesToSolve: group.medianUpdatesToSolve)
      }, comparedName: comparesThresholds ? "clipping threshold" : "window")
  }

  private static let groupColumns = [
    "cell", "threshold", "window", "runs", "solved", "unsolved", "diverged",
    "median_steps_to_solve", "median_final_loss", "median_mean_norm", "clipped_fraction",
    "effective_step", "clip_angle",
  ]

  /// `unroll clip --surface`: the descent under each rule, and the surface as the run has drawn it.
  private mutating func readSurface() {
    title = "One recurrent unit’s error, and gradient descent over it"
    sizes = ["learning-rate", "steps", "start"].compactMap { name in
      files.option(name).map { "\(name) \($0)" }
    }.joined(separator: ", ")
    text = files.summary?["text"]?.string ?? ""
    if let source = files.picture("clip-surface") { pictures.append(("The surface", source)) }
    attempt { run in
      guard let table = try run.files.table("path") else { return }
      let (rules, steps) = (
        try table.texts(inColumn: "threshold"), try table.values("step")
      )
      for (column, name) in [
        ("error", "error E"), ("gradient_norm", "gradient norm before clipping"),
      ] {
        let values = try table.values(column)
        run.charts.append(
          CurvesFigure(
            title: "The descent: \(name)", subtitle: run.sizes,
            horizontal: ("update", .linear), vertical: (name, .logarithmic),
            curves: table.rows.indices.grouped { rules[$0] }.map { rule, places in
              .init(label: rule, kind: "", points: places.map { (steps[$0], values[$0]) })
            }
          ).chart)
      }
    }
    if let paths = files.summary?["paths"]?.array, let table = PageTable("Paths", objects: paths) {
      tables.append(table)
    }
  }
}

extension ClipGroup {
  /// A row of the page's table of settings.
  fileprivate var fields: [CSVField] {
    [
      .text(setting.cell), .text(setting.threshold), .text(setting.window), .integer(runs),
      CSVField(solved), .integer(unsolved), .integer(diverged), CSVField(medianUpdatesToSolve),
      CSVField(medianFinalLoss), CSVField(medianMeanNorm), CSVField(clippedFraction),
      CSVField(effectiveStep), CSVField(clipAngle),
    ]
  }
}
