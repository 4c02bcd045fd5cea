import CUnrollVectorKernels

/// An element-wise function between a cell's pre-activation and its hidden state.
public enum Activation: Sendable, Equatable {
  /// f(x) = x
  case identity
  /// f(x) = tanh x, f′ = 1 − f²
  case tanh
  /// f(x) = σ(x) = 1 / (1 + e⁻ˣ), f′ = f (1 − f) ≤ ¼
  case sigmoid
  /// f(x) = max(x, 0) (Nair & Hinton 2010)
  case relu
  /// f(x) = x for x > 0, slope · x otherwise (Maas et al. 2013)
  case leakyRelu(slope: Double)
  /// Leaky ReLU whose slope is a parameter, ¼ at the start (He et al. 2015)
  case prelu
  /// f(x) = x for x > 0, α (eˣ − 1) otherwise (Clevert et al. 2016)
  case elu(alpha: Double)

  /// At least one of each, for whatever goes over all of them: checks, tests.
  public static let samples: [Activation] = [
    .identity, .tanh, .sigmoid, .relu, .leakyRelu(slope: 0.1), .prelu, .elu(alpha: 1),
    .elu(alpha: 0.5),
  ]

  /// Whether f′ or f″ jumps at 0: a central difference across it says nothing, or too little.
  public var hasKink: Bool {
    switch self {
    case .identity, .tanh, .sigmoid: false
    case .relu, .leakyRelu, .prelu, .elu: true
    }
  }

  /// The kernel's name for the function, and its constant (the slope of `prelu` is a parameter).
  func kernel(slope: Double) -> (kind: unroll_activation, constant: Double) {
    switch self {
    case .identity: (UNROLL_IDENTITY, 0)
    case .tanh: (UNROLL_TANH, 0)
    case .sigmoid: (UNROLL_SIGMOID, 0)
    case .relu: (UNROLL_RELU, 0)
    case .leakyRelu(let slope): (UNROLL_LEAKY_RELU, slope)
    case .prelu: (UNROLL_LEAKY_RELU, slope)
    case .elu(let alpha): (UNROLL_ELU, alpha)
    }
  }
}
