import UnrollDenseMath

/// The rule that turns gradients into updates, with the memory it keeps between them.
public protocol Optimizer<Element>: AnyObject, Sendable {
  associatedtype Element: Scalar
  /// What is kept between updates, by the names a checkpoint uses; laid out like the parameters.
  var state: [(name: String, values: Matrix<Element>)] { get }
  /// Updates elements `places` of the parameters in place; `weights` and `gradient` are those
  /// elements, as rows. Every update comes in such parts, which several threads may make at once.
  /// `step` counts updates from 1.
  func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int)
}

extension Optimizer {
  /// Updates all of `weights`.
  public func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, rate: Double, step: Int
  ) {
    update(weights, gradient: gradient, at: 0..<weights.count, rate: rate, step: step)
  }
}

/// The numbers that optimizers take; each reads its own. Defaults are PyTorch's, but for momentum.
public struct OptimizerSettings: Sendable, Equatable {
  /// λ: coupled (added to the gradient after clipping), decoupled in `adamw`.
  public var weightDecay = 0.0
  /// μ of `momentum`.
  public var momentum = 0.9
  /// α of `rmsprop`.
  public var alpha = 0.99
  /// β₁, β₂ of `adam` and `adamw`.
  public var beta1 = 0.9
  public var beta2 = 0.999
  /// ε of `rmsprop`, `adam` and `adamw`.
  public var epsilon = 1e-8

  public init() {}
}

/// The table of optimizers: command line, help, checkpoints and tests read it.
public enum OptimizerKind: String, Sendable, CaseIterable {
  case sgd, momentum, rmsprop, adam, adamw

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
