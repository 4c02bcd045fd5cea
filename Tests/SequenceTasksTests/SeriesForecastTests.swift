import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

struct SeriesForecastTests {
  /// h_t = x_t + ½ h_{t−1}, output h_t + ¼.
  private static func forecast(_ scaling: SeriesScaling) throws -> SeriesForecast<Double> {
    let model = RecurrentModel(
      cell: RNNCell(activation: .identity),
      ModelConfiguration(input: .values(1), target: .values(1), hidden: 1))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_ih_l0"].fill(1)
    parameters["weight_hh_l0"].fill(0.5)
    parameters["head.weight"].fill(1)
    parameters["head.bias"].fill(0.25)
    return try SeriesForecast(model: model, parameters: parameters, scaling: scaling)
  }

  // Sums of small powers of two, so every figure is exact.
  @Test func forecastsFromAllValuesSoFar() throws {
    let scaling = try SeriesScaling(decoding: #"{"mean": 1, "deviation": 2}"#)
    let forecast = try Self.forecast(scaling)
    // Scaled 1, 0, 2: states 1, ½, 2¼.
    #expect(forecast.oneStepAhead([3, 1, 5]) == [3.5, 2.5, 6])
    #expect(forecast.oneStepAhead([3, 1, 5]) == [3.5, 2.5, 6])
    #expect(forecast.oneStepAhead([]).isEmpty)
  }

  @Test func goesOnFromItsOwnForecasts() throws {
    let scaling = try SeriesScaling(decoding: #"{"mean": 1, "deviation": 2}"#)
    let forecast = try Self.forecast(scaling)
    // Outputs 2½, then 2½ + 2¼/2 + ¼ = 3⅞, then 3⅞ + 3⅝/2 + ¼ = 5 15/16.
    #expect(forecast.continuation(of: [3, 1, 5], steps: 3) == [6, 8.75, 12.875])
    #expect(forecast.continuation(of: [3, 1, 5], steps: 1) == [6])
    #expect(forecast.continuation(of: [3], steps: 0).isEmpty)
  }

  @Test func refusesAModelOfOtherSizes() throws {
    let model = RecurrentModel(
      CellSpecification(.rnn),
      ModelConfiguration(input: .values(2), target: .classes(3), hidden: 4))
    #expect(
      throws: TaskError.modelMismatch(use: .forecasting, needed: 1, inputs: 2, outputs: 3)
    ) {
      try SeriesForecast(
        model: model, parameters: Parameters<Float>(model.layout),
        scaling: SeriesScaling(decoding: #"{"mean": 0, "deviation": 1}"#))
    }
  }
}
