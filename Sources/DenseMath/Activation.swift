import CUnrollVectorKernels

/// An element-wise function between a layer's pre-activations and its outputs.
///
/// ``shape`` says what the graph of each looks like: its range, its largest derivative, where it
/// saturates.
public enum Activation: Sendable, Equatable {
  /// f(x) = x, f′ = 1
  case identity

  // MARK: The sigmoid family

  /// f(x) = σ(x) = 1/(1 + e⁻ˣ), f′ = f (1 − f) ≤ ¼ (Rumelhart, Hinton & Williams 1986)
  case sigmoid
  /// f(x) = min(max(x + 3, 0), 6)/6, f′ = 1/6 for |x| < 3, otherwise 0: three straight lines near σ, as
  /// PyTorch's `nn.Hardsigmoid` (Courbariaux, Bengio & David 2015, there with slope ½; with 1/6
  /// Howard et al. 2019)
  case hardSigmoid
  /// f(x) = ln σ(x) = −ln(1 + e⁻ˣ), f′ = σ(−x) (the log-likelihood of a Bernoulli variable, Cox 1958)
  case logSigmoid

  // MARK: The tanh family

  /// f(x) = tanh x, f′ = 1 − f²
  case tanh
  /// f(x) = min(max(x, −1), 1), f′ = 1 for |x| < 1, otherwise 0 (Collobert 2004)
  case hardTanh
  /// f(x) = x/(1 + |x|), f′ = 1/(1 + |x|)² (Bergstra, Desjardins, Lamblin & Bengio 2009)
  case softsign
  /// f(x) = arctan x, f′ = 1/(1 + x²) (Kamruzzaman & Aziz 2002)
  case arctan
  /// f(x) = 1.7159 tanh(2x/3), f′ = (2/3) (1.7159 − f²/1.7159), so that f(±1) = ±1 (LeCun, Bottou,
  /// Orr & Müller 1998, *Efficient BackProp*)
  case scaledTanh

  // MARK: The ReLU family

  /// f(x) = max(x, 0), f′ = 1 for x > 0, otherwise 0 (Nair & Hinton 2010)
  case relu
  /// f(x) = min(max(x, 0), 6), f′ = 1 for 0 < x < 6, otherwise 0 (Krizhevsky 2010, *Convolutional deep
  /// belief networks on CIFAR-10*)
  case relu6
  /// f(x) = x for x > 0, slope · x otherwise; f′ = 1 or slope (Maas et al. 2013)
  case leakyRelu(slope: Double)
  /// Leaky ReLU whose slope is a parameter, ¼ at the start (He et al. 2015)
  case prelu
  /// Leaky ReLU whose slope is drawn from U(⅛, ⅓) for each element while a feed-forward stack trains;
  /// otherwise, and in recurrent cells always, it is the mean, 11/48 (Xu, Wang, Chen & Li 2015)
  ///
  /// A cell's states are run forward again where memory is short (`Recompute`), and each number would
  /// have to be drawn a second time in the same place; so cells draw none.
  case rrelu
  /// f(x) = x for x > 0, α (eˣ − 1) otherwise; f′ = 1 or α eˣ (Clevert et al. 2016)
  case elu(alpha: Double)
  /// f(x) = λ x for x > 0, λ α (eˣ − 1) otherwise, f′ = λ or λ α eˣ, with λ = 1.0507 and α = 1.6733, for
  /// which mean 0 and variance 1 are a fixed point (Klambauer, Unterthiner, Mayr & Hochreiter 2017)
  case selu
  /// f(x) = x for x > 0, α (e^(x/α) − 1) otherwise; f′ = 1 or e^(x/α), without a jump for any α (Barron
  /// 2017)
  case celu(alpha: Double)
  /// f(x) = x Φ(x) with the normal distribution function Φ, f′ = Φ(x) + x φ(x) (Hendrycks & Gimpel
  /// 2016)
  case gelu
  /// f(x) = x σ(v), v = 2 √(2/π) (x + 0.044715 x³), f′ = σ(v) + x σ(v) σ(−v) v′: PyTorch's
  /// `nn.GELU(approximate="tanh")` (Hendrycks & Gimpel 2016)
  case geluTanh
  /// f(x) = x σ(x), f′ = σ(x) (1 + x σ(−x)): also swish (Hendrycks & Gimpel 2016; Ramachandran, Zoph &
  /// Le 2017)
  case silu
  /// f(x) = x tanh s with s = ln(1 + eˣ), f′ = tanh s + x σ(x) (1 − tanh² s) (Misra 2019)
  case mish
  /// f(x) = ln(1 + e^(βx))/β, f′ = σ(βx); x and 1 where βx > 20, as in PyTorch (Dugas, Bengio, Bélisle,
  /// Nadeau & Garcia 2001)
  case softplus(beta: Double)

  /// At least one of each, for whatever goes over all of them: checks, tests.
  public static let samples: [Activation] = [
    .identity, .sigmoid, .hardSigmoid, .logSigmoid, .tanh, .hardTanh, .softsign, .arctan,
    .scaledTanh, .relu, .relu6, .leakyRelu(slope: 0.1), .prelu, .rrelu, .elu(alpha: 1),
    .elu(alpha: 0.5), .selu, .celu(alpha: 1), .celu(alpha: 0.5), .gelu, .geluTanh, .silu, .mish,
    .softplus(beta: 1), .softplus(beta: 2),
  ]

  /// What rrelu's slopes are drawn between.
  public static let rreluSlopes = (lower: 0.125, upper: 1.0 / 3)

  /// The mean slope of rrelu.
  private static let rreluMean = (rreluSlopes.lower + rreluSlopes.upper) / 2

  /// The kernel's name for the function, and its constant (the slope of `prelu` is a parameter).
  func kernel(slope: Double) -> (kind: unroll_activation, constant: Double) {
    switch self {
    case .identity: (UNROLL_IDENTITY, 0)
    case .sigmoid: (UNROLL_SIGMOID, 0)
    case .hardSigmoid: (UNROLL_HARD_SIGMOID, 0)
    case .logSigmoid: (UNROLL_LOG_SIGMOID, 0)
    case .tanh: (UNROLL_TANH, 0)
    case .hardTanh: (UNROLL_HARD_TANH, 0)
    case .softsign: (UNROLL_SOFTSIGN, 0)
    case .arctan: (UNROLL_ARCTAN, 0)
    case .scaledTanh: (UNROLL_SCALED_TANH, 0)
    case .relu: (UNROLL_RELU, 0)
    case .relu6: (UNROLL_RELU6, 0)
    case .leakyRelu(let slope): (UNROLL_LEAKY_RELU, slope)
    case .prelu: (UNROLL_LEAKY_RELU, slope)
    case .rrelu: (UNROLL_RRELU, Self.rreluMean)
    case .elu(let alpha): (UNROLL_ELU, alpha)
    case .selu: (UNROLL_SELU, 0)
    case .celu(let alpha): (UNROLL_CELU, alpha)
    case .gelu: (UNROLL_GELU, 0)
    case .geluTanh: (UNROLL_GELU_TANH, 0)
    case .silu: (UNROLL_SILU, 0)
    case .mish: (UNROLL_MISH, 0)
    case .softplus(let beta): (UNROLL_SOFTPLUS, beta)
    }
  }
}
