import UnrollFileFormats
import UnrollSequenceTasks

/// A series with a model's forecasts for it: one step ahead over the values that are known, and on from
/// their end, fed with its own predictions.
public struct SeriesPrediction {
  /// The model that predicts.
  public let model: SavedModel
  /// The series.
  public let task: SeriesTask
  /// The predicted column's name.
  public var column: String { task.column }
  /// Where the values lie.
  public var index: SeriesIndex { task.index }
  /// Element i is the forecast of value i + 1 from the values up to i.
  public let oneStepAhead: [Double]
  /// The values after the series' end, each from those before it.
  public let forecast: [Double]

  /// Runs the model over the series of `task` and on from its end.
  ///
  /// - Parameters:
  ///   - horizon: how many values after the end are forecast.
  /// - Throws: ``SavedModelError/otherSizes(path:task:needed:got:)`` and
  ///   ``TaskError`` for a model that does not predict one number from one number.
  public init(of model: SavedModel, on task: SeriesTask, horizon: Int) throws {
    self.model = model
    self.task = task
    let forecaster = try SeriesForecast(
      model: model.model(for: task), parameters: model.file.parameters, scaling: task.scaling)
    oneStepAhead = forecaster.oneStepAhead(task.values)
    forecast = forecaster.continuation(of: task.values, steps: horizon)
  }

  /// The number of values at the end that are for the test.
  public var heldOutCount: Int { task.values.count - task.firstTest }

  /// The mean squared error one step ahead on the test values, in the series' own units squared.
  public var squaredError: Double {
    let heldOut = (task.firstTest..<task.values.count).filter { task.isTarget[$0] }
    let errors = heldOut.map { oneStepAhead[$0 - 1] - task.values[$0] }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }

  // MARK: Files

  /// Writes a row for each value and each step of the forecast: the index, then `observed`,
  /// `predicted` and `forecast`.
  ///
  /// - Throws: ``FileError``.
  public func writeCSV(to path: String) throws {
    let columns = [index.name, "observed", "predicted", "forecast"]
    try CSVWriter.write(to: path, columns: columns) { append in
      for (row, value) in task.values.enumerated() {
        try append([
          index.fields[row], task.isTarget[row] ? .number(value) : .blank,
          row == 0 ? .blank : .number(oneStepAhead[row - 1]), .blank,
        ])
      }
      for (place, value) in zip(index.continued(by: forecast.count), forecast) {
        try append([place, .blank, .blank, .number(value)])
      }
    }
  }
}
