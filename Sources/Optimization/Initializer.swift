import Foundation
import UnrollDenseMath

/// How weights start. Biases start at 0 but for `pytorch`; the readout follows the same rule.
public enum Initializer: Sendable, Equatable {
  /// Everything, biases included, uniform in ±1/√H, as PyTorch's `nn.RNN`, `nn.LSTM` and
  /// `nn.Linear` start (LeCun et al. 1998 is the ancestor).
  case pytorch
  /// Uniform in ±√(6/(n_in + n_out)), each gate's matrix by itself (Glorot & Bengio 2010).
  case xavier
  /// Normal with variance 1/n_in (LeCun, Bottou, Orr & Müller 1998, *Efficient BackProp*).
  case lecun
  /// Normal with variance 2/n_in (He et al. 2015, *Delving deep into rectifiers*).
  case he
  /// W_hh a random orthogonal matrix for each gate (Saxe, McClelland & Ganguli 2014), the rest
  /// as `xavier`.
  case orthogonal
  /// W_hh = s·I for each gate, biases 0, the rest as `pytorch`; s = 1 with ReLU is the IRNN
  /// (Le, Jaitly & Hinton 2015).
  case identity(Double)
  /// Normal with standard deviation σ.
  case normal(Double)
  /// Weights uniform in ±bound.
  case uniform(Double)

  /// What a block of weights is for: some rules treat them differently. A feed-forward layer's
  /// weights count as recurrent ones, so that `orthogonal` and `identity` hold for them.
  package enum Role { case input, recurrent, readout }

  /// Fills one gate's matrix [n_out, n_in]; `hidden` is H.
  package func fill(
    _ weights: Matrix<Double>, role: Role, hidden: Int, using random: inout RandomNumbers
  ) {
    let (outputs, inputs) = (Double(weights.rows), Double(max(weights.columns, 1)))
    switch self {
    case .identity(let scale) where role == .recurrent:
      weights.fill(0)
      for unit in 0..<min(weights.rows, weights.columns) { weights[unit, unit] = scale }
    case .orthogonal where role == .recurrent:
      weights.assign(
        .randomOrthonormal(rows: weights.rows, columns: weights.columns, using: &random))
    case .pytorch, .identity:
      let bound = Self.pytorchBound(hidden)
      fill(weights) { random.uniform(-bound, bound) }
    case .xavier, .orthogonal:
      let bound = (6 / (inputs + outputs)).squareRoot()
      fill(weights) { random.uniform(-bound, bound) }
    case .lecun:
      fill(weights) { random.normal() * (1 / inputs).squareRoot() }
    case .he:
      fill(weights) { random.normal() * (2 / inputs).squareRoot() }
    case .normal(let deviation):
      fill(weights) { random.normal() * deviation }
    case .uniform(let bound):
      fill(weights) { random.uniform(-bound, bound) }
    }
  }

  /// Fills a bias, one row.
  package func fillBias(_ bias: Matrix<Double>, hidden: Int, using random: inout RandomNumbers) {
    let bound = self == .pytorch ? Self.pytorchBound(hidden) : 0
    fill(bias) { bound == 0 ? 0 : random.uniform(-bound, bound) }
  }

  private static func pytorchBound(_ hidden: Int) -> Double { 1 / Double(hidden).squareRoot() }

  private func fill(_ weights: Matrix<Double>, with next: () -> Double) {
    for row in 0..<weights.rows {
      for column in 0..<weights.columns { weights[row, column] = next() }
    }
  }
}
