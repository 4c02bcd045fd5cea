import UnrollDenseMath
import UnrollOptimization

extension RecurrentModel {
  /// sup |f′| of a layer of `rnn` under these parameters; nil for other cells.
  public func largestSlope(_ parameters: Parameters<Double>, layer: Int) -> Double? {
    guard let cell = cell as? RNNCell else { return nil }
    let extra = layers[layer].extraParameters(in: parameters.values)
    return cell.activation.shape(slope: extra.count > 0 ? extra[0][0, 0] : 0).largestDerivative
  }
}
