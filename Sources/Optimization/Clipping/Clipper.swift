import UnrollDenseMath

/// A clipping rule at work on one model's gradients, with what it remembers from one update to the
/// next.
///
/// A gradient comes in chunks of a fixed size: chunk n holds the elements from n times that size on.
/// First every chunk is measured, then ``decide(norm:)`` is called once, then every chunk is clipped.
/// Several threads may measure, or clip, different chunks at once; no number depends on which thread
/// does which. ``decide(norm:)``, ``history`` and ``restore(history:updates:)`` are called while no
/// other thread uses the clipper.
public protocol Clipper<Element>: AnyObject, Sendable {
  /// The type of the gradient's elements.
  associatedtype Element: Scalar
  /// Takes what the rule needs to know of one chunk.
  ///
  /// - Parameters:
  ///   - chunk: the chunk's number.
  ///   - gradient: the chunk's elements of the gradient, as a row.
  ///   - weights: the same elements of the parameters.
  func measure(_ chunk: Int, gradient: Matrix<Element>, weights: Matrix<Element>)
  /// Decides what is done to the gradient, whose global norm is `norm`, a finite number.
  func decide(norm: Double)
  /// Clips chunk `chunk` in place, and returns whether that changed it.
  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool
  /// What the rule has decided to multiply the whole gradient by; nil where it does anything else.
  var commonFactor: Double? { get }
  /// What a checkpoint has to keep so that a resumed run continues bit for bit, in any order. Empty
  /// for a rule that remembers nothing.
  var history: [Double] { get }
  /// Continues from a checkpoint's ``history``, taken after `updates` finite updates.
  ///
  /// - Throws: ``InvalidHistory`` where no such run could have left this history.
  func restore(history: [Double], updates: Int) throws(InvalidHistory)
}

/// A clipper's history that no run with this rule could have left.
public struct InvalidHistory: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a run leaves, in a few words: `17 norms, one for each update`.
  public let expected: String

  /// - Parameter expected: what a run leaves, in a few words.
  public init(expected: String) { self.expected = expected }

  /// What is expected, in one line.
  public var description: String { "a clipping history must hold \(expected)" }
}

extension Clipper {
  public func measure(_ chunk: Int, gradient: Matrix<Element>, weights: Matrix<Element>) {}
  public var commonFactor: Double? { nil }
  public var history: [Double] { [] }
  public func restore(history: [Double], updates: Int) throws(InvalidHistory) {
    if !history.isEmpty { throw InvalidHistory(expected: "no numbers") }
  }

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
