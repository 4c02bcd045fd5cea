import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension SeriesPrediction {
  /// For each predicted column, the end of the series with predictions and forecast: twice the measured
  /// values, but between 120 and 1,000 of them.
  public var figures: [ForecastFigure] {
    targets.map { figure(of: $0, shown: min(max(2 * heldOutCount, 120), 1_000)) }
  }

  /// The last `shown` values, those of them that were held out as predicted, and as many steps of the
  /// forecast at most.
  private func figure(of target: Target, shown: Int) -> ForecastFigure {
    let predicted = min(heldOutCount, shown, target.column.values.count - 1)
    return ForecastFigure(
      title: "\(target.column.name), \(model.cell)",
      subtitle:
        "squared error one step ahead \(NumberText.significant(target.squaredError)), of AR(2) "
        + "\(NumberText.significant(target.baselines.ar2)), "
        + "on \(measuredNumbers)",
      series: target.column.values,
      x: index.isFromFile ? index.places.map { $0 + index.clockOffset } : nil,
      predictions: Array(target.oneStepAhead.dropLast().suffix(predicted)),
      forecast: Array(target.forecast.prefix(shown)),
      forecastX: index.placesContinued(by: horizon).map { $0 + index.clockOffset },
      xIsDate: index.isDates, shown: shown, xName: index.name, yName: target.column.name)
  }

  /// Model, errors, those of known methods, and the forecast, by name. Of several predicted columns there
  /// are lists, in the order of `targets`.
  public var json: JSONValue {
    var object: JSONObject = [
      "model": .string(model.path), "task": .string(task.name),
      "cell": .string(model.cell.description),
      "holdout": task.fitsMeasuredValues ? .null : .integer(heldOutCount),
      "horizon": .integer(horizon), "index": .string(index.name),
      "places": .array(index.continued(by: horizon).map(\.json)),
      "measured": measured?.json ?? .null, "ar2_fitted_to": .string(task.ar2FittedTo),
    ]
    if isOfSeveralColumns {
      object["columns"] = .array(task.inputs.map { .string($0.name) })
    }
    let forecasts = targets.map { JSONValue.array($0.forecast.map { .number($0) }) }
    if targets.count == 1 {
      object["column"] = .string(column)
      object["squared_error"] = .number(squaredError)
      object["ar2_squared_error"] = .number(targets[0].baselines.ar2)
      object["persistence_squared_error"] = .number(targets[0].baselines.persistence)
      object["forecast"] = forecasts[0]
    } else {
      object = object + errors.json
      object["forecast"] = .array(forecasts)
    }
    return .object(object)
  }

  /// `values 250 to 309 of 309`.
  private var measuredNumbers: String { measured?.numbers ?? "no values" }

  /// Whether other columns are read or predicted than one that is both.
  private var isOfSeveralColumns: Bool { task.inputs.count > 1 || task.feedback == nil }

  private var errors: SeriesErrors {
    SeriesErrors(task, squaredErrors: targets.map(\.squaredError), in: .test)
  }

  // MARK: The terminal

  /// The most steps of a forecast that are printed; the file has all.
  private static let printedSteps = 24

  /// The forecast and the errors for people, with a small plot.
  public var text: String { PlainPage.text { print(on: $0, folder: nil) } }

  /// - Parameter folder: where the files are; nil for none.
  package func print(on page: any TextPage, folder: String?) {
    guard !page.isJSON else { return }
    page.print(
      "\(page.styled(targets.map(\.column.name.escaped).joined(separator: ", "), .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters: "
        + ("the next \(horizon == 1 ? "value" : NumberText.count(horizon, "value"))"))
    var table = TextTable(header: [index.name] + targets.map(\.column.name))
    for (step, place) in index.continued(by: horizon).prefix(Self.printedSteps).enumerated() {
      table.append([place.shown] + targets.map { NumberText.significant($0.forecast[step]) })
    }
    page.printTable(table)
    if horizon > Self.printedSteps {
      page.print("  … \(NumberText.count(horizon - Self.printedSteps)) more in the file")
    }
    for target in targets {
      let figure = figure(of: target, shown: 60)
      if let plot = figure.terminalPlot(columns: min(79, page.outputColumns - 1)) {
        page.print("\n" + plot)
      }
    }
    var lines = ResultLines()
    if targets.count > 1 {
      if let measured { lines.append(measured) }
      errors.append(to: &lines)
      if let folder { lines.append("files", folder) }
      page.print(lines.text(columns: page.outputColumns))
      return
    }
    lines.append("squared error", "\(NumberText.significant(squaredError)), one step ahead")
    lines.append(task.ar2Label, NumberText.significant(targets[0].baselines.ar2))
    lines.append(
      "the same of persistence", NumberText.significant(targets[0].baselines.persistence))
    if let measured { lines.append(measured) }
    if let folder { lines.append("files", folder) }
    page.print(lines.text(columns: page.outputColumns))
  }
}

extension CSVField {
  /// The value as a table for people has it.
  fileprivate var shown: String {
    switch self {
    case .text(let text): text.escaped
    case .integer(let value): Double(value).plainText
    case .number(let value): value.plainText
    case .blank: ""
    }
  }
}
