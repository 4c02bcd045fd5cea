import UnrollDenseMath

/// f and f′ of an activation at places at equal distances, as networks compute them.
struct Slopes {
  let places: [Double]
  /// f′.
  let values: [Double]
  /// f.
  let outputs: [Double]

  init(of activation: Activation, from low: Double, to high: Double, count: Int) {
    places = (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
    func row() -> Matrix<Double> { Matrix(rows: 1, columns: count) }
    let (inputs, outputs, ones, slopes) = (row(), row(), row(), row())
    inputs.assign(places)
    ones.fill(1)
    outputs.apply(activation, slope: Activation.startingSlope, to: inputs)
    slopes.applyDerivative(
      of: activation, slope: Activation.startingSlope, preActivations: inputs, outputs: outputs,
      gradient: ones)
    self.outputs = outputs.values
    values = slopes.values
  }

  /// f′ at the place nearest to `x`.
  func value(at x: Double) -> Double {
    places.indices.min { abs(places[$0] - x) < abs(places[$1] - x) }.map { values[$0] } ?? .nan
  }
}
