import CUnrollVectorKernels
import UnrollDenseMath

/// The activations' kernels, each with a plain reference in the wider type.
enum ActivationKernel: UInt32, CaseIterable, Sendable {
  case identity, tanh, sigmoid, relu, leakyReLU, elu, hardSigmoid, logSigmoid, hardTanh, softsign
  case arctan, scaledTanh, relu6, rrelu, selu, celu, gelu, geluTanh, silu, mish, softplus

  /// In the order of the header, which a test compares.
  static let kinds = [
    UNROLL_IDENTITY, UNROLL_TANH, UNROLL_SIGMOID, UNROLL_RELU, UNROLL_LEAKY_RELU, UNROLL_ELU,
    UNROLL_HARD_SIGMOID, UNROLL_LOG_SIGMOID, UNROLL_HARD_TANH, UNROLL_SOFTSIGN, UNROLL_ARCTAN,
    UNROLL_SCALED_TANH, UNROLL_RELU6, UNROLL_RRELU, UNROLL_SELU, UNROLL_CELU, UNROLL_GELU,
    UNROLL_GELU_TANH, UNROLL_SILU, UNROLL_MISH, UNROLL_SOFTPLUS,
  ]

  var kind: unroll_activation { unroll_activation(rawValue: rawValue) }

  /// A power of two, so that multiplying by it does not round.
  var constant: Double { 0.5 }

  /// Where f′ or f″ jumps.
  var kinks: [Double] {
    switch self {
    case .relu, .leakyReLU, .rrelu, .elu, .selu, .celu, .softsign: [0]
    case .hardSigmoid: [-3, 3]
    case .hardTanh: [-1, 1]
    case .relu6: [0, 6]
    case .softplus: [20 / constant]
    default: []
    }
  }

  /// v of σ(v) in the tanh form of gelu: the rounding of v costs |v| ulps of e^v.
  func exponent(_ x: Double) -> Double {
    self == .geluTanh ? abs(1.5957691216057308 * (x + 0.044715 * x * x * x)) : 0
  }
}

/// f and f′ in the wider type of an element type.
struct ActivationReference<Element: KernelElement> {
  typealias Wide = Element.Wide
  let activation: ActivationKernel

  private var a: Wide { Wide(activation.constant) }

  private func logistic(_ x: Wide) -> Wide {
    let e = Element.wideExp(-x.magnitude)
    return (x < 0 ? e : 1) / (1 + e)
  }

  private func softplus(_ x: Wide) -> Wide {
    max(x, 0) + Element.wideLog1p(Element.wideExp(-x.magnitude))
  }

  private func normal(_ x: Wide) -> Wide { Element.wideErfc(-x / Wide(2).squareRoot()) / 2 }

  private var amplitude: Wide { Wide(Element(1.7159)) }
  private var scale: Wide { Wide(1.0507009873554804934) }
  private var scaleAlpha: Wide { Wide(1.7580993408473768600) }

  /// v and v′ of the tanh form of gelu.
  private func exponent(_ x: Wide) -> (value: Wide, slope: Wide) {
    let root = (2 / Wide.pi).squareRoot()
    let cubic = Wide(44715) / Wide(1_000_000)
    return (2 * root * (x + cubic * x * x * x), 2 * root * (1 + 3 * cubic * x * x))
  }

  func value(_ x: Wide) -> Wide {
    switch activation {
    case .identity: return x
    case .tanh: return Element.wideTanh(x)
    case .sigmoid: return logistic(x)
    case .relu: return max(x, 0)
    case .leakyReLU, .rrelu: return x > 0 ? x : a * x
    case .elu: return x > 0 ? x : a * Element.wideExpm1(x)
    case .hardSigmoid: return min(max(x + 3, 0), 6) / 6
    case .logSigmoid: return -softplus(-x)
    case .hardTanh: return min(max(x, -1), 1)
    case .softsign: return x / (1 + x.magnitude)
    case .arctan: return Element.wideArctan(x)
    case .scaledTanh: return amplitude * Element.wideTanh(2 * x / 3)
    case .relu6: return min(max(x, 0), 6)
    case .selu: return x > 0 ? scale * x : scaleAlpha * Element.wideExpm1(x)
    case .celu: return x > 0 ? x : a * Element.wideExpm1(x / a)
    case .gelu: return x * normal(x)
    case .geluTanh: return x * logistic(exponent(x).value)
    case .silu: return x * logistic(x)
    case .mish: return x * Element.wideTanh(softplus(x))
    case .softplus: return a * x > 20 ? x : softplus(a * x) / a
    }
  }

  func slope(_ x: Wide) -> Wide {
    switch activation {
    case .identity: return 1
    case .tanh:
      let h = Element.wideTanh(x)
      return 1 - h * h
    case .sigmoid: return logistic(x) * logistic(-x)
    case .relu: return x > 0 ? 1 : 0
    case .leakyReLU, .rrelu: return x > 0 ? 1 : a
    case .elu: return x > 0 ? 1 : a * Element.wideExp(x)
    case .hardSigmoid: return x.magnitude < 3 ? 1 / Wide(6) : 0
    case .logSigmoid: return logistic(-x)
    case .hardTanh: return x.magnitude < 1 ? 1 : 0
    case .softsign: return 1 / ((1 + x.magnitude) * (1 + x.magnitude))
    case .arctan: return 1 / (1 + x * x)
    case .scaledTanh:
      let h = Element.wideTanh(2 * x / 3)
      return 2 * amplitude / 3 * (1 - h * h)
    case .relu6: return x > 0 && x < 6 ? 1 : 0
    case .selu: return x > 0 ? scale : scaleAlpha * Element.wideExp(x)
    case .celu: return x > 0 ? 1 : Element.wideExp(x / a)
    case .gelu:
      let density = Element.wideExp(-x * x / 2) / (2 * Wide.pi).squareRoot()
      return normal(x) + x * density
    case .geluTanh:
      let (v, slope) = exponent(x)
      return logistic(v) * (1 + x * slope * logistic(-v))
    case .silu: return logistic(x) * (1 + x * logistic(-x))
    case .mish:
      let t = Element.wideTanh(softplus(x))
      return t + x * (1 - t * t) * logistic(x)
    case .softplus: return a * x > 20 ? 1 : logistic(a * x)
    }
  }

  /// How large the terms are that f′ is the difference of: its error is counted in ulps of the larger,
  /// this or f′ itself.
  func slopeTerms(_ x: Wide) -> Wide {
    switch activation {
    // 1 − h² and the like, by h.
    case .tanh, .sigmoid, .scaledTanh: 1
    case .silu, .mish: Element.wideExp(-x.magnitude)
    case .gelu: Element.wideExp(-x * x / 2)
    case .geluTanh: Element.wideExp(-exponent(x).value.magnitude)
    default: 0
    }
  }
}
