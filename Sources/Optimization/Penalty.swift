import UnrollDenseMath

/// Terms added to the loss: λ₁‖θ‖₁ + ½ λ₂‖θ‖². They are part of the gradient, its norm and the check;
/// weight decay, which acts after clipping, belongs to the optimizer.
public struct Penalty: Sendable, Equatable {
  /// λ₁.
  public var l1: Double
  /// λ₂.
  public var l2: Double

  /// The penalty λ₁‖θ‖₁ + ½ λ₂‖θ‖²; none by default.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// The terms' value.
  public func loss<Element>(of parameters: Parameters<Element>) -> Double {
    var loss = 0.0
    if l1 != 0 { loss += l1 * parameters.values.absoluteSum }
    if l2 != 0 {
      let norm = parameters.values.norm
      loss += 0.5 * l2 * norm * norm
    }
    return loss
  }

  /// Adds λ₁ sign θ + λ₂ θ to `gradient`, for some or all of the parameters.
  public func addGradient<Element>(of weights: Matrix<Element>, to gradient: Matrix<Element>) {
    if l1 != 0 { gradient.addSign(of: weights, scale: l1) }
    if l2 != 0 { gradient.add(weights, scale: Element(l2)) }
  }
}
