import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollStudies
import UnrollText

extension ReportedRun {
  /// `unroll train`: losses and norms from `metrics.csv`, and the decay that was watched.
  mutating func readTraining() {
    formulas = [.globalNorm]
    attempt { run in
      guard let table = try run.files.table("metrics") else { return }
      run.charts += run.lossFigure(try RunHistory(table)).charts
      run.loss = run.charts.first
      let evaluations = zip(table.rows, try table.texts(inColumn: MetricsLog.validationColumn))
        .filter { !$1.isEmpty }.map(\.0)
      run.add(
        PageTable(
          "Evaluations", columns: table.columnNames, rows: evaluations, file: "metrics.csv"))
      try run.requireEveryUpdate(table)
    }
    addWatchedDecay()
    addSummary(except: ["changed_settings"])
    headline = trainingHeadline
  }

  /// The figure of a finished run is of all its updates.
  private func requireEveryUpdate(_ metrics: CSVTable) throws(FileError) {
    guard state == .finished, let updates = files.summary?["steps"]?.int else { return }
    do { try LoggedSteps.requireEvery(upTo: updates, in: metrics.rows) } catch {
      throw .malformed(path: "\(folder)/metrics.csv", line: nil, error)
    }
  }

  private mutating func addWatchedDecay() {
    attempt { run in
      guard let table = try run.files.table("decay-over-training") else { return }
      run.charts += try run.watchedCharts(table)
      run.formulas.append(.decayCurve)
    }
  }

  private var trainingHeadline: String {
    guard let summary = files.summary else { return "" }
    var parts: [String] = []
    for (key, name) in [
      ("test_loss", "test loss"), ("validation_loss", "validation loss"),
      ("train_loss", "training loss"),
    ] {
      guard let loss = summary[key]?.double else { continue }
      parts.append("\(name) \(NumberText.significant(loss))")
      break
    }
    if let baseline = summary["baseline_loss"]?.double {
      parts.append("baseline \(NumberText.significant(baseline))")
    }
    if let accuracy = summary["test_accuracy"]?.double {
      parts.append("\(NumberText.percent(accuracy)) right")
    }
    if let solved = summary["solved"]?.bool {
      let updates = summary["steps_to_solve"]?.int.map {
        " after \(NumberText.count($0, "update"))"
      }
      parts.append(solved ? "solved" + (updates ?? "") : "not solved")
    }
    return parts.joined(separator: ", ")
  }

  func lossFigure(_ history: RunHistory) -> LossFigure {
    let baseline = files.summary?["baseline_loss"]?.double
    var threshold: Double?
    if let clip = files.option("clip").flatMap({ try? Clipping($0) }), case .norm(let limit) = clip
    {
      threshold = limit
    }
    return LossFigure(
      title: "Loss", subtitle: sizes, steps: history.steps, losses: history.losses,
      gradientNorms: history.norms,
      validations: history.validations.map { .init(step: $0.step, loss: $0.loss) },
      baseline: baseline.map { .init(value: $0, name: "") }, clipThreshold: threshold,
      lossName: "loss")
  }

  /// What `--watch-decay` measured of the top layer: the curves after some of the updates, and the norm at
  /// some of the lags over all of them.
  private func watchedCharts(_ table: CSVTable) throws -> [Chart] {
    let (steps, lags) = (
      try table.wholeNumbers(inColumn: "step"), try table.wholeNumbers(inColumn: "lag")
    )
    let norms = try table.values("norm_mean")
    let (layers, paths) = (
      try table.wholeNumbers(inColumn: "layer"), try table.texts(inColumn: "path")
    )
    let hasCellState = paths.contains(DecayPath.cell.rawValue)
    let isLast = paths.contains { $0.hasSuffix(DecayCurve.lastSuffix) }
    let path = DecayCurve.shownPathName(
      hasCellState: hasCellState, isLast ? .lastOfSeveral : .once)
    let shown = hasCellState ? DecayPath.cell : .hidden
    let top = layers.max() ?? 0
    let places = table.rows.indices.filter { layers[$0] == top && paths[$0] == path }
    let measurements = places.grouped { steps[$0] }
    let kept = Self.spread(measurements, most: 7)
    let mostLags = measurements.map(\.elements.count).max() ?? 0
    let keptLags = Self.spread(Array(0..<mostLags), most: 6)
    let upright = "||∂ℓ/∂\(shown.rawValue)_{T−k}||"
    return [
      CurvesFigure(
        title: "Gradient reaching back through time, while learning", subtitle: sizes,
        horizontal: ("lag k: steps before the loss", .linear), vertical: (upright, .logarithmic),
        curves: kept.map { step, places in
          .init(
            label: "after \(NumberText.count(step, "update"))", kind: "",
            points: places.map { (Double(lags[$0]), norms[$0]) })
        }
      ).chart,
      CurvesFigure(
        title: "The same at some of the lags, over training", subtitle: sizes,
        horizontal: ("step (parameter updates)", .linear), vertical: (upright, .logarithmic),
        curves: keptLags.map { lag in
          .init(
            label: "lag \(lag)", kind: "",
            points: places.filter { lags[$0] == lag }.map { (Double(steps[$0]), norms[$0]) })
        }
      ).chart,
    ]
  }

  /// At most `most` of the elements, at equal distances, the first and the last among them.
  static func spread<Element>(_ elements: [Element], most: Int) -> [Element] {
    guard elements.count > most else { return elements }
    return (0..<most).map { elements[$0 * (elements.count - 1) / (most - 1)] }
  }
}

extension ReportedRun {
  /// What `unroll.Watch` of the Python package has measured and saved.
  mutating func readWatch() {
    title = "watched while it was trained in PyTorch"
    addWatchedDecay()
    addSummary(except: [])
    addTables(except: ["decay-over-training"])
  }
}
