import UnrollFileFormats
import UnrollSequenceTasks

/// A series with a model's forecasts for it.
package struct SeriesPrediction {
  package let model: SavedModel
  package let task: SeriesTask
  /// The predicted column's name.
  package let column: String
  package let index: SeriesIndex
  /// Element i is the forecast of value i + 1 from the values up to i.
  package let oneStepAhead: [Double]
  /// The values after the series' end, each from those before it.
  package let forecast: [Double]

  /// - Throws: `FileError`; `SavedModelError.otherSizes`, `TaskError.modelMismatch`.
  package init(
    of model: SavedModel, on task: SeriesTask, file: String, column asked: String, horizon: Int
  ) throws {
    let table = try CSVTable(path: file)
    self.model = model
    self.task = task
    column =
      table.columnNames.contains(asked)
      ? asked : Int(asked).map { table.columnNames[$0 - 1] } ?? asked
    index = SeriesIndex(of: table, predicting: column)
    let forecaster = try SeriesForecast(
      model: model.model(for: task), parameters: model.file.parameters, scaling: task.scaling)
    oneStepAhead = forecaster.oneStepAhead(task.values)
    forecast = forecaster.continuation(of: task.values, steps: horizon)
  }

  package var heldOutCount: Int { task.values.count - task.firstHeldOut }

  /// The mean squared error one step ahead on the held-out values, in the series' own units squared.
  package var squaredError: Double {
    let heldOut = task.firstHeldOut..<task.values.count
    let errors = heldOut.map { oneStepAhead[$0 - 1] - task.values[$0] }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }

  // MARK: Files

  /// Writes a row for each value and each step of the forecast.
  package func writeCSV(to path: String) throws {
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
}
