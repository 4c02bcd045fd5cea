import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension SeriesPrediction {
  /// The end of the series with predictions and forecast: twice the held-out values, but between 120 and
  /// 1,000 of them.
  public var figure: ForecastFigure { figure(shown: min(max(2 * heldOutCount, 120), 1_000)) }

  /// The last `shown` values, those of them that were held out as predicted, and as many steps of the
  /// forecast at most.
  private func figure(shown: Int) -> ForecastFigure {
    let predicted = min(heldOutCount, shown)
    return ForecastFigure(
      title: "\(column), \(model.cell)",
      subtitle: "squared error one step ahead \(NumberText.significant(squaredError)), of AR(2) "
        + "\(NumberText.significant(task.baselines.ar2)), "
        + "on the last \(NumberText.count(heldOutCount)) values",
      series: task.values, x: index.isFromFile && !index.isDates ? index.places : nil,
      predictions: Array(oneStepAhead.dropLast().suffix(predicted)),
      forecast: Array(forecast.prefix(shown)), shown: shown,
      xName: index.isDates ? "row" : index.name, yName: column)
  }

  /// Model, errors, those of known methods, and the forecast, by name.
  public var json: JSONValue {
    [
      "model": .string(model.path), "task": .string(task.name),
      "cell": .string(model.cell.description), "column": .string(column),
      "holdout": .integer(heldOutCount),
      "squared_error": .number(squaredError), "ar2_squared_error": .number(task.baselines.ar2),
      "persistence_squared_error": .number(task.baselines.persistence),
      "horizon": .integer(forecast.count), "index": .string(index.name),
      "places": .array(index.continued(by: forecast.count).map(\.json)),
      "forecast": .array(forecast.map { .number($0) }),
    ]
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
      "\(page.styled(column, .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters: "
        + "the next \(NumberText.count(forecast.count)) values")
    var table = TextTable(index.name, column)
    for (place, value) in zip(index.continued(by: forecast.count), forecast)
      .prefix(Self.printedSteps)
    {
      table.append([place.shown, NumberText.significant(value)])
    }
    page.print(
      table.lines { page.styled($0, .bold) }.map { "  " + $0 }.joined(separator: "\n"))
    if forecast.count > Self.printedSteps {
      page.print("  … \(NumberText.count(forecast.count - Self.printedSteps)) more in the file")
    }
    if let plot = figure(shown: 60).terminalPlot(columns: min(79, page.outputColumns - 1)) {
      page.print("\n" + plot)
    }
    var lines = ResultLines()
    lines.append(
      "squared error",
      "\(NumberText.significant(squaredError)), one step ahead on the last "
        + "\(NumberText.count(heldOutCount)) values")
    lines.append("the same of AR(2)", NumberText.significant(task.baselines.ar2))
    lines.append("the same of persistence", NumberText.significant(task.baselines.persistence))
    if let folder { lines.append("files", folder) }
    page.print(lines.text)
  }
}

extension CSVField {
  /// The value in JSON: a date is a string.
  fileprivate var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let value): .number(Double(value))
    case .number(let value): .number(value)
    case .blank: .null
    }
  }

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
