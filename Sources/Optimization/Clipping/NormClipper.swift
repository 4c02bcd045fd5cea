import UnrollDenseMath

/// `norm:τ` scales the whole gradient by τ/‖g‖ when its global norm ‖g‖ > τ (Pascanu, Mikolov &
/// Bengio 2013, *On the difficulty of training recurrent neural networks*).
///
/// Unchecked: only ``decide(norm:)`` writes, while no other thread uses the clipper.
final class NormClipper<Element: Scalar>: Clipper, @unchecked Sendable {
  private let limit: Double
  private(set) var commonFactor: Double? = 1

  init(limit: Double) { self.limit = limit }

  func decide(norm: Double) { commonFactor = norm > limit ? limit / norm : 1 }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool { gradient.shrink(by: commonFactor) }
}

extension Matrix {
  /// Scales by a clipping factor where it is below 1, and says whether it was.
  func shrink(by factor: Double?) -> Bool {
    guard let factor, factor < 1 else { return false }
    scale(by: Element(factor))
    return true
  }
}
