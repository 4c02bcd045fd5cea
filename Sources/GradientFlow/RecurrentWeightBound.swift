import DenseMath
import Optimisation
import RecurrentCells

/// What the recurrent weights alone say about a layer's gradient.
public struct RecurrentWeightBound: Sendable {
  public let layer: Int
  /// The largest |eigenvalue| of W_hh; nil for a cell with several gates, whose W_hh is not square.
  public let spectralRadius: Double?
  /// The largest singular value of W_hh.
  public let largestSingularValue: Double?
  /// σ_max(W_hh)·γ, an upper bound of a step's factor (Pascanu et al. 2013), where γ bounds the
  /// activation's slope; nil but for a cell with one gate.
  public let bound: Double?

  /// - Parameter slope: γ: 1 for identity, tanh and the ReLU family with slopes up to 1, ¼ for the
  ///   sigmoid; nil where it is not known.
  public init(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, layer: Int, slope: Double?
  ) {
    let weight = parameters["weight_hh_l\(layer)"]
    let isSquare = model.cell.gates == 1
    self.layer = layer
    spectralRadius = isSquare ? weight.eigenvalueMagnitudes?.first : nil
    let largest = weight.singularValues?.first
    largestSingularValue = largest
    bound =
      isSquare && model.configuration.layers == 1
      ? largest.flatMap { value in slope.map { value * $0 } } : nil
  }
}
