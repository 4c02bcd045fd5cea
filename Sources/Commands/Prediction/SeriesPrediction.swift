import UnrollCommandLine
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollOptimization
import UnrollSequenceTasks
import UnrollText

/// A series with a model's forecasts for it.
struct SeriesPrediction {
  private let model: SavedModel
  private let task: SeriesTask
  /// The predicted column's name.
  let column: String
  private let index: SeriesIndex
  /// Element i is the forecast of value i + 1 from the values up to i.
  private let oneStepAhead: [Double]
  /// The values after the series' end, each from those before it.
  private let forecast: [Double]

  /// - Throws: `FileError`; `SavedModelError.otherSizes`, `TaskError.modelMismatch`.
  init(of model: SavedModel, on task: SeriesTask, _ arguments: Arguments) throws {
    let table = try CSVTable(path: arguments.required(.file))
    let asked = try arguments.required(.column)
    self.model = model
    self.task = task
    column =
      table.columnNames.contains(asked)
      ? asked : Int(asked).map { table.columnNames[$0 - 1] } ?? asked
    index = SeriesIndex(of: table, predicting: column)
    let forecaster = try SeriesForecast(
      model: model.model(for: task), parameters: model.file.parameters, scaling: task.scaling)
    oneStepAhead = forecaster.oneStepAhead(task.values)
    forecast = forecaster.continuation(of: task.values, steps: arguments[.horizon])
  }

  private var heldOutCount: Int { task.values.count - task.firstHeldOut }

  /// The mean squared error one step ahead on the held-out values, in the series' own units squared.
  private var squaredError: Double {
    let heldOut = task.firstHeldOut..<task.values.count
    let errors = heldOut.map { oneStepAhead[$0 - 1] - task.values[$0] }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }

  // MARK: Files

  /// Writes a row for each value and each step of the forecast.
  func writeCSV(to path: String) throws {
    let columns = [index.name, "observed", "predicted", "forecast"]
    try CSVWriter.write(to: path, columns: columns) { append in
      for (row, value) in task.values.enumerated() {
        try append([
          SeriesIndex.field(index.places[row]), .number(value),
          row == 0 ? .blank : .number(oneStepAhead[row - 1]), .blank,
        ])
      }
      for (place, value) in zip(index.continued(by: forecast.count), forecast) {
        try append([SeriesIndex.field(place), .blank, .blank, .number(value)])
      }
    }
  }

  /// For a picture: twice the held-out values, within reason.
  var figure: ForecastFigure { figure(shown: min(max(2 * heldOutCount, 120), 1_000)) }

  /// The last `shown` values, those of them that were held out as predicted, and as many steps of the
  /// forecast at most.
  private func figure(shown: Int) -> ForecastFigure {
    let predicted = min(heldOutCount, shown)
    return ForecastFigure(
      title: "\(column), \(model.cell)",
      subtitle: "squared error one step ahead \(NumberText.significant(squaredError)), of AR(2) "
        + "\(NumberText.significant(task.baselines.ar2)), "
        + "on the last \(NumberText.count(heldOutCount)) values",
      series: task.values, x: index.isFromFile ? index.places : nil,
      predictions: Array(oneStepAhead.dropLast().suffix(predicted)),
      forecast: Array(forecast.prefix(shown)), shown: shown, xName: index.name, yName: column)
  }

  var json: JSONValue {
    [
      "model": .string(model.path), "task": .string(task.name),
      "cell": .string(model.cell.description), "column": .string(column),
      "holdout": .integer(heldOutCount),
      "squared_error": .number(squaredError), "ar2_squared_error": .number(task.baselines.ar2),
      "persistence_squared_error": .number(task.baselines.persistence),
      "horizon": .integer(forecast.count), "index": .string(index.name),
      "places": .array(index.continued(by: forecast.count).map { .number($0) }),
      "forecast": .array(forecast.map { .number($0) }),
    ]
  }

  // MARK: The terminal

  /// The most steps of a forecast that are printed; the file has all.
  private static let printedSteps = 24

  func print(on terminal: Terminal, folder: String) {
    guard !terminal.isJSON else { return }
    terminal.print(
      "\(terminal.styled(column, .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters: "
        + "the next \(NumberText.count(forecast.count)) values")
    var table = TextTable(index.name, column)
    for (place, value) in zip(index.continued(by: forecast.count), forecast)
      .prefix(Self.printedSteps)
    {
      table.append([place.plainText, NumberText.significant(value)])
    }
    terminal.print(
      table.lines { terminal.styled($0, .bold) }.map { "  " + $0 }.joined(separator: "\n"))
    if forecast.count > Self.printedSteps {
      terminal.print("  … \(NumberText.count(forecast.count - Self.printedSteps)) more in the file")
    }
    if let plot = figure(shown: 60).terminalPlot(columns: min(79, terminal.outputColumns - 1)) {
      terminal.print("\n" + plot)
    }
    var lines = ResultLines()
    lines.append(
      "squared error",
      "\(NumberText.significant(squaredError)), one step ahead on the last "
        + "\(NumberText.count(heldOutCount)) values")
    lines.append("the same of AR(2)", NumberText.significant(task.baselines.ar2))
    lines.append("the same of persistence", NumberText.significant(task.baselines.persistence))
    lines.append("files", folder)
    terminal.print(lines.text)
  }
}
