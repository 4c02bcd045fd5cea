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

  /// Two inputs u, v and two outputs: u ← u + v, v ← u, in scaled units; the state forgets.
  private static func several() throws -> SeriesForecast<Double> {
    let model = RecurrentModel(
      cell: RNNCell(activation: .identity),
      ModelConfiguration(input: .values(2), target: .values(2), hidden: 2))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_ih_l0"].assign([1, 1, 1, 0])
    parameters["head.weight"].assign([1, 0, 0, 1])
    func column(_ name: String, _ mean: Double, _ deviation: Double) throws
      -> SeriesScalings.Column
    {
      let scaling = try #require(SeriesScaling(mean: mean, deviation: deviation))
      return SeriesScalings.Column(name: name, scaling: scaling)
    }
    let (u, v) = (try column("u", 1, 2), try column("v", 0, 4))
    return try SeriesForecast(
      model: model, parameters: parameters,
      scalings: SeriesScalings(inputs: [u, v], targets: [u, v]))
  }

  @Test func forecastsSeveralColumnsEachInItsUnits() throws {
    let forecast = try Self.several()
    // Scaled u: 1, 2; v: −1, 3. Next u: 0, 5; next v: 1, 2.
    let ahead = try #require(forecast.oneStepAhead(columns: [[3, 5], [-4, 12]]))
    #expect(ahead == [[1, 11], [4, 8]])
    // Then u: 5 + 2 = 7, v: 5.
    let next = forecast.continuation(ofColumns: [[3, 5], [-4, 12]], feedback: [0, 1], steps: 2)
    #expect(next == [[11, 15], [8, 20]])
    #expect(
      forecast.continuation(ofColumns: [[3, 5], [-4, 12]], feedback: nil, steps: 1)
        == [[11], [8]])
    let long = (0..<2048).map(Double.init)
    #expect(forecast.oneStepAhead(columns: [long, long], until: { true }) == nil)
  }

  @Test func refusesAModelOfOtherSizes() throws {
    let model = RecurrentModel(
      CellSpecification(.rnn),
      ModelConfiguration(input: .values(2), target: .classes(3), hidden: 4))
    #expect(
      throws: TaskError.modelMismatch(
        use: .forecasting(targets: 1), needed: 1, inputs: 2, outputs: 3)
    ) {
      try SeriesForecast(
        model: model, parameters: Parameters<Float>(model.layout),
        scaling: SeriesScaling(decoding: #"{"mean": 0, "deviation": 1}"#))
    }
  }
}
