import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// The forecasts of a trained model for a series, in the series' own units.
public final class SeriesForecast<Element: Scalar> {
  private let weights: PackedParameters<Element>
  private let scaling: SeriesScaling
  private let workspace: SequenceWorkspace<Element>
  private let batch: Batch<Element>
  private let output = Matrix<Element>(rows: 1, columns: 1)

  /// - Throws: ``TaskError/modelMismatch(use:needed:inputs:outputs:)`` unless the model takes and
  ///   gives one number a step.
  public init(
    model: RecurrentModel, parameters: Parameters<Element>, scaling: SeriesScaling
  ) throws(TaskError) {
    let (input, target) = (model.configuration.input, model.configuration.target)
    guard input == .values(1), target == .values(1) else {
      throw .modelMismatch(
        use: .forecasting, needed: 1, inputs: input.width, outputs: target.width)
    }
    weights = PackedParameters(model, parameters)
    self.scaling = scaling
    workspace = SequenceWorkspace(model: model, capacity: 1, rows: 1)
    batch = Batch(
      BatchShape(timeSteps: 1, rows: 1, input: input, target: target, supervised: 0..<1))
  }

  /// Forecasts one step ahead, each from the observed values up to there: element i is the forecast
  /// of `series[i + 1]`, the last one that of the value after the series' end.
  public func oneStepAhead(_ series: [Double]) -> [Double] {
    workspace.resetState(weights)
    return series.map { scaling.unscaled(step(scaling.scaled($0))) }
  }

  /// Forecasts the `steps` values after the series' end, each from the observed series and the
  /// forecasts before it.
  ///
  /// - Precondition: the series is not empty.
  public func continuation(of series: [Double], steps: Int) -> [Double] {
    require(!series.isEmpty, "expected a series of at least 1 value")
    workspace.resetState(weights)
    var next = 0.0
    for value in series { next = step(scaling.scaled(value)) }
    var forecasts: [Double] = []
    for index in 0..<max(steps, 0) {
      forecasts.append(scaling.unscaled(next))
      if index + 1 < steps { next = step(next) }
    }
    return forecasts
  }

  /// The output after one more scaled value.
  private func step(_ value: Double) -> Double {
    batch.inputs[0, 0] = Element(value)
    workspace.forward(weights, batch, steps: 0..<1)
    workspace.carryState()
    workspace.readout(weights, step: 0, into: output)
    return Double(output[0, 0])
  }
}
