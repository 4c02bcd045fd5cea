import UnrollDenseMath

/// A rule of gradient clipping: what makes a ``Clipper`` for a model's gradients.
///
/// The built-in rules are ``Clipping``. A rule of your own names itself and makes its clipper:
///
///     struct Halving: ClippingRule {
///       let name = "halving"
///
///       func makeClipper<Element: Scalar>(
///         for layout: ParameterLayout, chunk: Int, as type: Element.Type
///       ) -> any Clipper<Element> { HalvingClipper<Element>() }
///     }
///
///     final class HalvingClipper<Element: Scalar>: Clipper {
///       let commonFactor: Double? = 0.5
///       func decide(norm: Double) {}
///       func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool {
///         gradient.scale(by: 0.5)
///         return true
///       }
///     }
public protocol ClippingRule: Sendable {
  /// Written to checkpoints; a run is only resumed under a rule of the same name.
  var name: String { get }
  /// τ, where the gradients of the pre-activations are clipped to ±τ at each step of the backward
  /// pass; nil, the default, where they are not.
  var stateLimit: Double? { get }
  /// A clipper for gradients laid out as `layout`.
  ///
  /// - Parameters:
  ///   - layout: where each parameter lies in the flat gradient.
  ///   - chunk: the elements of a chunk; the last chunk may be shorter.
  func makeClipper<Element: Scalar>(
    for layout: ParameterLayout, chunk: Int, as type: Element.Type
  ) -> any Clipper<Element>
}

extension ClippingRule {
  public var stateLimit: Double? { nil }
}
