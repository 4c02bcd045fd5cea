import UnrollDenseMath

/// The rule that turns gradients into updates, with the memory it keeps between them.
///
/// `Trainer` takes any optimizer: one of ``OptimizerKind``, or your own, which defines ``name``,
/// ``state`` and ``update(_:gradient:at:rate:step:)`` in whole-array operations of `Matrix`. Here is
/// gradient descent by the sign of the gradient:
///
///     final class SignDescent<Element: Scalar>: Optimizer {
///       let name = "sign-descent"
///       let state: [(name: String, values: Matrix<Element>)] = []
///
///       func update(
///         _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>,
///         rate: Double, step: Int
///       ) {
///         weights.addSign(of: gradient, scale: -rate)
///       }
///     }
public protocol Optimizer<Element>: AnyObject, Sendable {
  /// The type of the weights' elements.
  associatedtype Element: Scalar
  /// Written to checkpoints; a run is only resumed with an optimizer of the same name.
  var name: String { get }
  /// What is kept between updates, by the names a checkpoint uses: one row of as many elements as
  /// the model has parameters, each.
  var state: [(name: String, values: Matrix<Element>)] { get }
  /// Updates elements `places` of the parameters in place.
  ///
  /// Every update comes in such parts, which several threads may make at once. A part touches only
  /// its own elements of ``state``.
  ///
  /// - Parameters:
  ///   - weights: the parameters' elements `places`, as a row.
  ///   - gradient: the same elements of the gradient, after clipping.
  ///   - rate: the learning rate η of this update.
  ///   - step: the number of this update, from 1. Updates left out for a gradient that is not finite
  ///     do not count.
  func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int)
  /// Whether an update at the learning rate `rate` is sure to leave finite weights and a finite
  /// ``state``, where before it every weight lies within ±2³⁰, every number of the state within ±2⁶⁰,
  /// and every element of the gradient within ±2³⁰.
  ///
  /// A trainer undoes an update that overflows, for which it keeps a copy of weights and state where
  /// nobody is sure. False by default, which is right for every rule.
  func isSureToStayFinite(rate: Double) -> Bool
}

extension Optimizer {
  public func isSureToStayFinite(rate: Double) -> Bool { false }

  /// Updates all of `weights`.
  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, rate: Double, step: Int
  ) {
    update(weights, gradient: gradient, at: 0..<weights.count, rate: rate, step: step)
  }
}

/// The numbers that the built-in optimizers take; each reads its own. Defaults are PyTorch's, except
/// for momentum, which PyTorch leaves at 0.
public struct OptimizerSettings: Sendable, Equatable {
  /// λ: coupled (added to the gradient after clipping), decoupled in `adamw`.
  public var weightDecay = 0.0
  /// μ of `momentum`.
  public var momentum = 0.9
  /// α of `rmsprop`.
  public var alpha = 0.99
  /// β₁ of `adam` and `adamw`.
  public var beta1 = 0.9
  /// β₂ of `adam` and `adamw`.
  public var beta2 = 0.999
  /// ε of `rmsprop`, `adam` and `adamw`.
  public var epsilon = 1e-8

  /// The defaults.
  public init() {}

  /// Whether η ≤ 2¹⁰ and λ ≤ 2¹⁰, so that d = g + λθ stays below 2⁴¹ for gradients and weights below
  /// 2³⁰, and ηd, η times a velocity below 2⁶¹, and ηλθ below 2⁷¹.
  func isModest(rate: Double) -> Bool { rate <= 1024 && weightDecay <= 1024 }

  /// Whether ε ≥ 2⁻³⁰, so that what is divided by √v + ε grows by 2³⁰ at most.
  var hasSafeEpsilon: Bool { epsilon >= 0x1p-30 }
}

/// The table of built-in optimizers: command line, help, checkpoints and tests read it.
public enum OptimizerKind: String, Sendable, CaseIterable {
  /// ``SGD``.
  case sgd
  /// ``Momentum``.
  case momentum
  /// ``RMSProp``.
  case rmsprop
  /// ``Adam``, with the decay as part of the gradient.
  case adam
  /// ``Adam`` with decoupled weight decay.
  case adamw

  /// The update of the weights θ by the gradient g, as an equation.
  public var formula: String {
    switch self {
    case .sgd: "θ ← θ - ηg"
    case .momentum: "v ← μv + g, θ ← θ - ηv"
    case .rmsprop: "v ← αv + (1 - α)g², θ ← θ - ηg/(√v + ε)"
    case .adam: "θ ← θ - ηm̂/(√v̂ + ε), with unbiased means m̂ of g and v̂ of g²"
    case .adamw: "as adam, but weight decay acts on θ apart from g: θ ← θ - ηλθ"
    }
  }

  /// The paper it comes from.
  public var source: String {
    switch self {
    case .sgd: "Robbins & Monro 1951"
    case .momentum: "Polyak 1964"
    case .rmsprop: "Tieleman & Hinton 2012"
    case .adam: "Kingma & Ba 2015"
    case .adamw: "Loshchilov & Hutter 2019"
    }
  }

  /// `settings` with the numbers that this optimizer does not read at their defaults.
  public func reading(_ settings: OptimizerSettings) -> OptimizerSettings {
    var read = OptimizerSettings()
    read.weightDecay = settings.weightDecay
    switch self {
    case .sgd: break
    case .momentum: read.momentum = settings.momentum
    case .rmsprop: (read.alpha, read.epsilon) = (settings.alpha, settings.epsilon)
    case .adam, .adamw:
      (read.beta1, read.beta2) = (settings.beta1, settings.beta2)
      read.epsilon = settings.epsilon
    }
    return read
  }

  /// A new optimizer for `count` weights.
  public func make<Element: Scalar>(
    count: Int, settings: OptimizerSettings, for type: Element.Type = Element.self
  ) -> any Optimizer<Element> {
    switch self {
    case .sgd: SGD<Element>(settings: settings)
    case .momentum: Momentum<Element>(count: count, settings: settings)
    case .rmsprop: RMSProp<Element>(count: count, settings: settings)
    case .adam: Adam<Element>(count: count, settings: settings, decoupled: false)
    case .adamw: Adam<Element>(count: count, settings: settings, decoupled: true)
    }
  }
}
