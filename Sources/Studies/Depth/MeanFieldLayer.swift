import Foundation
import UnrollDenseMath

/// What theory says of one wide layer with random weights before any is drawn: pre-activations are normal
/// with a variance q, which the layer below decides (Poole, Lahiri, Raghu, Sohl-Dickstein & Ganguli 2016,
/// *Exponential expressivity in deep neural networks through transient chaos*).
///
///     q_i = n·Var(w)·E[h_{i−1}²],  E over z ~ N(0, q)
package struct MeanFieldLayer {
  /// q.
  package let variance: Double
  /// E[f(z)].
  package let outputMean: Double
  /// E[f(z)²].
  package let outputSquare: Double
  /// E[f(z)²] − E[f(z)]².
  package let outputVariance: Double
  /// E[f′(z)²].
  package let slopeSquare: Double

  /// - Parameters:
  ///   - activation: f; that of `prelu` before training.
  ///   - inputs: n.
  ///   - weightVariance: Var(w).
  ///   - inputSquare: E[h_{i−1}²].
  package init(_ activation: Activation, inputs: Int, weightVariance: Double, inputSquare: Double) {
    variance = Double(inputs) * weightVariance * inputSquare
    // The trapezoidal rule over ±8 deviations.
    let count = 8001
    let places = (0..<count).map { 16 * Double($0) / Double(count - 1) - 8 }
    let density = places.map { exp(-$0 * $0 / 2) }
    let sum = density.reduce(0, +)
    func row() -> Matrix<Double> { Matrix(rows: 1, columns: count) }
    let (inputs, outputs, ones, slopes) = (row(), row(), row(), row())
    let deviation = variance.squareRoot()
    inputs.assign(places.map { $0 * deviation })
    ones.fill(1)
    outputs.apply(activation, slope: Activation.startingSlope, to: inputs)
    slopes.applyDerivative(
      of: activation, slope: Activation.startingSlope, preActivations: inputs, outputs: outputs,
      gradient: ones)
    func mean(_ values: [Double]) -> Double {
      zip(values, density).reduce(0) { $0 + $1.0 * $1.1 } / sum
    }
    let (values, derivatives) = (outputs.values, slopes.values)
    outputSquare = mean(values.map { $0 * $0 })
    outputMean = mean(values)
    outputVariance = outputSquare - outputMean * outputMean
    slopeSquare = mean(derivatives.map { $0 * $0 })
  }
}
