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
      let ownWindow = run.files.option("window") ?? "full"
      let found = try ClipLog.results(of: table, ownWindow: ownWindow)
      // While runs are made, the rows stand as they ended.
      let order = ClipOrder(recorded: run.files.options, ownWindow: ownWindow)
      let results = order?.sorted(found) ?? found
      let hasCriterion = run.hasCriterion(isSolved: results.contains { $0.outcome == .solved })
      let groups = ClipGroup.groups(of: results, hasCriterion: hasCriterion)
      let comparesWindows = Set(groups.map(\.setting.window)).count > 1
      run.charts +=
        ClipFigure(
          title: run.title, subtitle: run.sizes, groups,
          naming: ClipSettingNames(groups, comparesWindows: comparesWindows)
        ).charts
      run.add(
        PageTable(
          "Settings", objects: groups.map { $0.json(withWindow: comparesWindows) }))
      run.add(PageTable("Runs", table, file: "clip.csv"))
      let settings = NumberText.count(groups.count, "setting")
      run.headline = "\(NumberText.count(results.count, "run")) of \(settings)"
      if hasCriterion {
        run.headline += ", \(NumberText.count(results.count { $0.outcome == .solved })) solved"
      }
    }
    addSummary(except: ["runs", "groups"])
  }

  /// `unroll clip --surface`: the descent under each rule, and the surface as the run has drawn it.
  private mutating func readSurface() {
    title = "One recurrent unit’s error, and gradient descent over it"
    sizes = ["learning-rate", "steps", "start"].compactMap { name in
      files.option(name).map { "\(name) \($0)" }
    }.joined(separator: ", ")
    text = files.summary?["text"]?.string ?? ""
    if let picture = files.picture("clip-surface") { pictures.append(("The surface", picture)) }
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
    add(files.summary?["paths"]?.array.flatMap { PageTable("Paths", objects: $0) })
  }
}
