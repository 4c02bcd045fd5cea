import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// The forecasts of a trained model for a series, in the series' own units.
public final class SeriesForecast<Element: Scalar> {
  private let weights: PackedParameters<Element>
  private let scalings: SeriesScalings
  private let workspace: SequenceWorkspace<Element>
  private let batch: Batch<Element>
  private let output: Matrix<Element>

  /// Forecasts columns that are read and predicted with `scalings`.
  ///
  /// - Throws: ``TaskError/modelMismatch(use:needed:inputs:outputs:)`` unless the model takes and
  ///   gives a number a step for each column.
  public init(
    model: RecurrentModel, parameters: Parameters<Element>, scalings: SeriesScalings
  ) throws(TaskError) {
    let (input, target) = (model.configuration.input, model.configuration.target)
    let (inputs, targets) = (scalings.inputs.count, scalings.targets.count)
    guard input == .values(inputs), target == .values(targets) else {
      throw .modelMismatch(
        use: .forecasting(targets: targets), needed: inputs, inputs: input.width,
        outputs: target.width)
    }
    weights = PackedParameters(model, parameters)
    self.scalings = scalings
    workspace = SequenceWorkspace(model: model, capacity: 1, rows: 1)
    batch = Batch(
      BatchShape(timeSteps: 1, rows: 1, input: input, target: target, supervised: 0..<1))
    output = Matrix(rows: 1, columns: targets)
  }

  /// Forecasts one column from itself.
  ///
  /// - Throws: ``TaskError/modelMismatch(use:needed:inputs:outputs:)`` unless the model takes and
  ///   gives one number a step.
  public convenience init(
    model: RecurrentModel, parameters: Parameters<Element>, scaling: SeriesScaling
  ) throws(TaskError) {
    try self.init(model: model, parameters: parameters, scalings: SeriesScalings(scaling))
  }

  // MARK: One column

  /// Forecasts one column one step ahead, each value from the observed ones up to there: element i is
  /// the forecast of `series[i + 1]`, the last one that of the value after the series' end.
  ///
  /// - Precondition: the model takes and gives one number a step.
  public func oneStepAhead(_ series: [Double]) -> [Double] {
    // Nothing breaks it off, so there is a result.
    oneStepAhead(columns: [series])?[0] ?? []
  }

  /// Forecasts the `steps` values after one column's end, each from the observed series and the
  /// forecasts before it.
  ///
  /// - Precondition: the series is not empty, and the model takes and gives one number a step.
  public func continuation(of series: [Double], steps: Int) -> [Double] {
    // Nothing breaks it off, so there is a result.
    continuation(ofColumns: [series], feedback: [0], steps: steps)?[0] ?? []
  }

  // MARK: Several columns

  /// Forecasts every target one step ahead, each from the observed values up to there.
  ///
  /// - Parameters:
  ///   - columns: the observed values of each input, equally many.
  ///   - shouldStop: asked again and again; once it says so, there is no result.
  /// - Returns: for each target as many forecasts: element i is that of value i + 1. Nil where it was
  ///   broken off.
  public func oneStepAhead(
    columns: [[Double]], until shouldStop: () -> Bool = { false }
  ) -> [[Double]]? {
    let count = checkedCount(columns)
    var forecasts = scalings.targets.map { _ in [Double]() }
    workspace.resetState(weights)
    for row in 0..<count {
      if row % 1024 == 1023, shouldStop() { return nil }
      read(columns, row: row)
      for (target, column) in scalings.targets.enumerated() {
        forecasts[target].append(column.scaling.unscaled(Double(output[0, target])))
      }
    }
    return forecasts
  }

  /// Forecasts the `steps` values of every target after the columns' end, each from the observed values
  /// and the forecasts before it.
  ///
  /// - Parameters:
  ///   - columns: the observed values of each input, equally many and at least one.
  ///   - feedback: for each input, which target stands in for it after the end. It may be nil for one
  ///     step, which needs no input after the end.
  ///   - shouldStop: asked again and again; once it says so, there is no result.
  /// - Returns: for each target its forecasts; nil where it was broken off.
  public func continuation(
    ofColumns columns: [[Double]], feedback: [Int]?, steps: Int,
    until shouldStop: () -> Bool = { false }
  ) -> [[Double]]? {
    let count = checkedCount(columns)
    require(count > 0, "expected a series of at least 1 value")
    require(
      steps <= 1 || feedback?.count == columns.count,
      "expected a target for each of \(columns.count) inputs to go on with")
    workspace.resetState(weights)
    for row in 0..<count {
      if row % 1024 == 1023, shouldStop() { return nil }
      read(columns, row: row)
    }
    var forecasts = scalings.targets.map { _ in [Double]() }
    for index in 0..<max(steps, 0) {
      if index % 1024 == 1023, shouldStop() { return nil }
      for (target, column) in scalings.targets.enumerated() {
        forecasts[target].append(column.scaling.unscaled(Double(output[0, target])))
      }
      guard index + 1 < steps, let feedback else { continue }
      let next = zip(scalings.inputs, feedback).map { input, target in
        let (scaled, other) = (Double(output[0, target]), scalings.targets[target].scaling)
        // The same column is scaled alike, unless a model is used on other columns than its own.
        return input.scaling == other ? scaled : input.scaling.scaled(other.unscaled(scaled))
      }
      step(next)
    }
    return forecasts
  }

  /// The mean squared errors one step ahead on a part of a task's columns, in each predicted column's own
  /// units squared.
  ///
  /// - Parameter shouldStop: asked again and again; once it says so, there is no result.
  public func squaredErrors(
    on task: SeriesTask, in split: Split, until shouldStop: () -> Bool = { false }
  ) -> [Double]? {
    oneStepAhead(columns: task.inputs.map(\.values), until: shouldStop)
      .map { task.squaredErrors(of: $0, in: split) }
  }

  private func checkedCount(_ columns: [[Double]]) -> Int {
    let count = columns.first?.count ?? 0
    require(
      columns.count == scalings.inputs.count && columns.allSatisfy { $0.count == count },
      "expected \(scalings.inputs.count) columns of equal length")
    return count
  }

  private func read(_ columns: [[Double]], row: Int) {
    for (index, input) in scalings.inputs.enumerated() {
      batch.inputs[0, index] = Element(input.scaling.scaled(columns[index][row]))
    }
    run()
  }

  /// Reads scaled inputs.
  private func step(_ values: [Double]) {
    for (index, value) in values.enumerated() { batch.inputs[0, index] = Element(value) }
    run()
  }

  private func run() {
    workspace.forward(weights, batch, steps: 0..<1)
    workspace.carryState()
    workspace.readout(weights, step: 0, into: output)
  }
}
