import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// What the recurrent weights alone say about a layer's gradient.
public struct RecurrentWeightBound: Sendable {
  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The largest |eigenvalue| of W_hh; nil for a cell with several gates, whose W_hh is not square.
  public let spectralRadius: Double?
  /// The largest singular value of W_hh.
  public let largestSingularValue: Double?
  /// σ_max(W_hh)·γ, which no step's factor exceeds (Pascanu et al. 2013); γ = sup |f′| is 1 for
  /// identity, tanh and relu, ¼ for the sigmoid, and for those with a slope or α of their own that
  /// number where it is larger than 1. Only for `rnn` with one layer, otherwise nil.
  public let bound: Double?

  /// Computes the bound of one layer under `parameters`.
  public init(_ model: RecurrentModel, _ parameters: Parameters<Double>, layer: Int) {
    let weight = parameters["weight_hh_l\(layer)"]
    let largest = weight.singularValues?.first
    let slope =
      model.configuration.layers == 1 ? model.largestSlope(parameters, layer: layer) : nil
    self.layer = layer
    spectralRadius = model.cell.gates == 1 ? weight.eigenvalueMagnitudes?.first : nil
    largestSingularValue = largest
    bound = largest.flatMap { value in slope.map { value * $0 } }
  }
}
