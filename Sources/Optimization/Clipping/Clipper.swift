import UnrollDenseMath

/// A clipping rule at work on a model's gradients, with what it keeps from one update to the next.
///
/// A gradient comes in chunks of fixed size, the elements of chunk n from n times that size on. First
/// every chunk is measured, then ``decide(norm:)`` is called once, then every chunk is clipped.
/// Several threads may measure, or clip, different chunks at once; nothing depends on which does
/// which.
public protocol Clipper<Element>: AnyObject, Sendable {
  associatedtype Element: Scalar
  /// Takes what the rule wants to know of chunk `chunk` of the gradient, and of those weights.
  func measure(_ chunk: Int, gradient: Matrix<Element>, weights: Matrix<Element>)
  /// Decides what is done to the gradient, whose global norm is `norm`, a finite number.
  func decide(norm: Double)
  /// Clips chunk `chunk`, and says whether that changed it.
  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool
  /// What the rule has decided to multiply the whole gradient by; nil where it does anything else.
  var commonFactor: Double? { get }
  /// What a checkpoint has to keep for the rule to go on as if not interrupted, in no order.
  var history: [Double] { get }
  func restore(history: [Double])
}

extension Clipper {
  public func measure(_ chunk: Int, gradient: Matrix<Element>, weights: Matrix<Element>) {}
  public var commonFactor: Double? { nil }
  public var history: [Double] { [] }
  public func restore(history: [Double]) {}

  /// Clips a whole gradient, which is a single chunk, in place. A norm that is not finite is
  /// reported, and nothing is changed.
  public func apply(to gradient: Matrix<Element>, weights: Matrix<Element>) -> Clipping.Outcome {
    let norm = gradient.norm
    guard norm.isFinite else { return Clipping.Outcome(norm: norm, changed: false) }
    measure(0, gradient: gradient, weights: weights)
    decide(norm: norm)
    return Clipping.Outcome(norm: norm, changed: clip(0, gradient: gradient))
  }
}

/// Leaves gradients alone.
final class NoClipper<Element: Scalar>: Clipper {
  let commonFactor: Double? = 1
  func decide(norm: Double) {}
  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool { false }
}
