import UnrollFileFormats
import UnrollSequenceTasks

/// A series with a model's forecasts for it: one step ahead over the values that are known, and on from
/// their end, fed with its own predictions.
public struct SeriesPrediction {
  /// One column that is predicted.
  public struct Target {
    /// The column.
    public let column: SeriesColumn
    /// What simple forecasters reach on the test values.
    public let baselines: SeriesBaselines
    /// Element i is the forecast of value i + 1 from the values up to i.
    public let oneStepAhead: [Double]
    /// The values after the series' end, each from those before it.
    public let forecast: [Double]
    /// The mean squared error one step ahead on the test values, in the column's own units squared.
    public let squaredError: Double
  }

  /// The model that predicts.
  public let model: SavedModel
  /// The series.
  public let task: SeriesTask
  /// The columns that are predicted.
  public let targets: [Target]
  /// The number of values after the end that are forecast.
  public let horizon: Int
  /// Where the values lie.
  public var index: SeriesIndex { task.index }

  /// Runs the model over the series of `task` and on from its end.
  ///
  /// - Parameters:
  ///   - horizon: how many values after the end are forecast; at most 1 where a column is read that is
  ///     not predicted.
  ///   - shouldStop: asked again and again; once it says so, there is no prediction.
  /// - Throws: `CancellationError` where it was broken off, ``SavedModelError/otherSizes(path:task:needed:got:)``,
  ///   `TaskError.noFeedback(horizon:column:)`, and ``TaskError`` for a model that does not predict
  ///   numbers from numbers.
  public init(
    of model: SavedModel, on task: SeriesTask, horizon: Int,
    until shouldStop: () -> Bool = { false }
  ) throws {
    if horizon > 1, let column = task.columnWithoutFeedback {
      throw TaskError.noFeedback(horizon: horizon, column: column)
    }
    let forecaster = try SeriesForecast(
      model: model.model(for: task), parameters: model.file.parameters, scalings: task.scalings)
    let columns = task.inputs.map(\.values)
    guard
      let oneStepAhead = forecaster.oneStepAhead(columns: columns, until: shouldStop),
      let forecasts = forecaster.continuation(
        ofColumns: columns, feedback: task.feedback, steps: horizon, until: shouldStop)
    else { throw CancellationError() }
    let errors = task.squaredErrors(of: oneStepAhead, in: .test)
    let baselines = task.baselines(in: .test)
    self.model = model
    self.task = task
    self.horizon = horizon
    targets = task.targets.indices.map {
      Target(
        column: task.targets[$0], baselines: baselines[$0], oneStepAhead: oneStepAhead[$0],
        forecast: forecasts[$0], squaredError: errors[$0])
    }
  }

  /// The number of values at the end that are for the test: of a series that is tested as a whole, all.
  public var heldOutCount: Int { task.values.count - task.firstTest }
  /// Which values the errors are those of.
  public var measured: MeasuredElements? { task.measured(in: .test, trainingRows: 1) }

  /// The name of the first column that is predicted.
  public var column: String { targets[0].column.name }
  /// The first column's mean squared error one step ahead on the test values, in its own units squared.
  public var squaredError: Double { targets[0].squaredError }

  // MARK: Files

  /// Writes a row for each value and each step of the forecast: the index, then `observed`,
  /// `predicted` and `forecast`. Where several columns are predicted, each has these three after its
  /// name: `load_observed`.
  ///
  /// - Throws: ``FileError``.
  public func writeCSV(to path: String) throws {
    let columns = targets.flatMap { target in
      ["observed", "predicted", "forecast"].map {
        targets.count == 1 ? $0 : "\(target.column.name)_\($0)"
      }
    }
    try CSVWriter.write(to: path, columns: [index.name] + columns) { append in
      for row in task.isTarget.indices {
        try append(
          [index.fields[row]]
            + targets.flatMap { target -> [CSVField] in
              let column = target.column
              return [
                column.isKnown[row] ? .number(column.values[row]) : .blank,
                row == 0 ? .blank : .number(target.oneStepAhead[row - 1]), .blank,
              ]
            })
      }
      for (step, place) in index.continued(by: horizon).enumerated() {
        try append(
          [place]
            + targets.flatMap { [CSVField.blank, .blank, .number($0.forecast[step])] })
      }
    }
  }
}
