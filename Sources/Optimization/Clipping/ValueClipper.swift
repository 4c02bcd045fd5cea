import UnrollDenseMath

/// `value:τ` clamps each element of the gradient to ±τ (Mikolov 2012, *Statistical language models
/// based on neural networks*).
final class ValueClipper<Element: Scalar>: Clipper {
  private let limit: Double

  init(limit: Double) { self.limit = limit }

  func decide(norm: Double) {}

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool { gradient.clamp(to: limit) }
}
