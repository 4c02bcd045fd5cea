import UnrollDenseMath
import UnrollOptimization

extension Activation {
  /// sup |f′|: 1 for identity, tanh and relu, ¼ for the sigmoid, and for those with a slope or α of
  /// their own that number where it is larger than 1.
  ///
  /// - Parameter slope: of `prelu`, whose slope is a parameter.
  public func largestSlope(learned slope: Double) -> Double {
    switch self {
    case .identity, .tanh, .relu: 1
    case .sigmoid: 0.25
    case .leakyRelu(let slope): max(1, abs(slope))
    case .prelu: max(1, abs(slope))
    case .elu(let alpha): max(1, abs(alpha))
    }
  }
}

extension RecurrentModel {
  /// sup |f′| of a layer of `rnn` under these parameters; nil for other cells.
  public func largestSlope(_ parameters: Parameters<Double>, layer: Int) -> Double? {
    guard let cell = cell as? RNNCell else { return nil }
    let extra = layers[layer].extraParameters(in: parameters.values)
    return cell.activation.largestSlope(learned: extra.count > 0 ? extra[0][0, 0] : 0)
  }
}
