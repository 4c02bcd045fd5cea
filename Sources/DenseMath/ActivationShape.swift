/// What the graph of an activation looks like, as far as it decides what becomes of a gradient.
public struct ActivationShape: Sendable, Equatable {
  /// Which function it is a relative of.
  public enum Family: String, Sendable, CaseIterable {
    /// The identity alone.
    case linear
    /// Functions that rise from one limit to another and are not odd.
    case sigmoid
    /// Odd functions that rise from one limit to another.
    case tanh
    /// Functions that are x, or nearly, on the right.
    case relu
  }

  /// The family.
  public let family: Family
  /// inf f and sup f; infinite where there is none.
  public let range: (lower: Double, upper: Double)
  /// sup |f′|: the factor by which a unit passes a gradient on at most.
  public let largestDerivative: Double
  /// Whether f(−x) = −f(x), so that inputs around 0 give outputs around 0.
  public let isZeroCentered: Bool
  /// Whether f′ goes to 0 as x goes to −∞, and to ∞.
  public let saturates: (left: Bool, right: Bool)
  /// Where f′ or f″ jumps, in order: a central difference across it says nothing, or too little.
  public let kinks: [Double]

  private init(
    _ family: Family, _ lower: Double, _ upper: Double, largest: Double, odd: Bool = false,
    saturates left: Bool = false, _ right: Bool = false, kinks: [Double] = []
  ) {
    self.family = family
    range = (lower, upper)
    largestDerivative = largest
    isZeroCentered = odd
    saturates = (left, right)
    self.kinks = kinks
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.family == b.family && a.range == b.range && a.largestDerivative == b.largestDerivative
      && a.isZeroCentered == b.isZeroCentered && a.saturates == b.saturates && a.kinks == b.kinks
  }

  /// The table: a row for each activation. Decimal numbers without a formula are extrema, which a test
  /// finds again.
  fileprivate init(_ activation: Activation, slope: Double) {
    let all = Double.infinity
    self =
      switch activation {
      case .identity: Self(.linear, -all, all, largest: 1, odd: true)

      case .sigmoid: Self(.sigmoid, 0, 1, largest: 0.25, saturates: true, true)
      case .hardSigmoid:
        Self(.sigmoid, 0, 1, largest: 1.0 / 6, saturates: true, true, kinks: [-3, 3])
      case .logSigmoid: Self(.sigmoid, -all, 0, largest: 1, saturates: false, true)

      case .tanh: Self(.tanh, -1, 1, largest: 1, odd: true, saturates: true, true)
      case .hardTanh:
        Self(.tanh, -1, 1, largest: 1, odd: true, saturates: true, true, kinks: [-1, 1])
      // f″ jumps at 0.
      case .softsign:
        Self(.tanh, -1, 1, largest: 1, odd: true, saturates: true, true, kinks: [0])
      case .arctan:
        Self(.tanh, -.pi / 2, .pi / 2, largest: 1, odd: true, saturates: true, true)
      case .scaledTanh:
        Self(
          .tanh, -1.7159, 1.7159, largest: 1.7159 * 2 / 3, odd: true, saturates: true, true)

      case .relu: Self(.relu, 0, all, largest: 1, saturates: true, kinks: [0])
      case .relu6: Self(.relu, 0, 6, largest: 1, saturates: true, true, kinks: [0, 6])
      case .leakyRelu(let slope): Self(leaky: slope)
      case .prelu: Self(leaky: slope)
      case .rrelu: Self(leaky: Activation.rreluSlopes.upper)
      case .elu(let alpha):
        Self(.relu, -alpha, all, largest: max(1, abs(alpha)), saturates: true, kinks: [0])
      // λ and −λα, which is also the slope on the left of 0.
      case .selu:
        Self(
          .relu, -1.758_099_340_847_376_9, all, largest: 1.758_099_340_847_376_9, saturates: true,
          kinks: [0])
      case .celu(let alpha): Self(.relu, -alpha, all, largest: 1, saturates: true, kinks: [0])
      case .gelu:
        Self(
          .relu, -0.169_971_207_479_903_66, all, largest: 1.128_904_145_185_154_8, saturates: true)
      case .geluTanh:
        Self(
          .relu, -0.170_040_750_571_254_05, all, largest: 1.128_993_068_658_771_8, saturates: true)
      case .silu:
        Self(
          .relu, -0.278_464_542_761_073_8, all, largest: 1.099_839_320_128_866_9, saturates: true)
      case .mish:
        Self(
          .relu, -0.308_843_413_017_250_4, all, largest: 1.088_498_161_251_727_9, saturates: true)
      // PyTorch's threshold: there f jumps by 2e-9/β.
      case .softplus(let beta):
        Self(.relu, 0, all, largest: 1, saturates: true, kinks: [20 / beta])
      }
  }

  private init(leaky slope: Double) {
    self.init(
      .relu, slope > 0 ? -.infinity : 0, .infinity, largest: max(1, abs(slope)),
      saturates: slope == 0, kinks: [0])
  }
}

extension Activation {
  /// What the graph of f looks like; that of `prelu` at its starting slope, ¼.
  public var shape: ActivationShape { shape(slope: Self.startingSlope) }

  /// The slope of ``prelu`` before training (He, Zhang, Ren & Sun 2015, *Delving deep into rectifiers*).
  public static let startingSlope = 0.25

  /// What the graph of f looks like, where `slope` is prelu's learned slope, otherwise unused.
  public func shape(slope: Double) -> ActivationShape { ActivationShape(self, slope: slope) }
}
