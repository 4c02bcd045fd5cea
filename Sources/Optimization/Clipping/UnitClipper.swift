import UnrollDenseMath

/// Clips each unit of the gradient by its own norm: G_i becomes G_i·τ_i/‖G_i‖ when ‖G_i‖ > τ_i, with
/// a threshold τ_i that may depend on the norm of the unit's weights.
///
/// Norms are put together from those of chunks, in their order.
final class UnitClipper<Element: Scalar>: Clipper {
  private let units: GradientUnits
  private let limit: @Sendable (_ weightNorm: Double) -> Double
  /// Of each piece [1, pieces]; the weights' only where the threshold depends on them.
  private let gradientNorms: Matrix<Double>
  private let weightNorms: Matrix<Double>?
  /// min(1, τ_i/‖G_i‖) of each unit.
  private let factors: Matrix<Double>

  /// - Parameters:
  ///   - readsWeights: whether `limit` is to be given the weights' norm; otherwise it gets 0.
  ///   - limit: τ_i from ‖W_i‖.
  init(
    _ units: GradientUnits, readsWeights: Bool,
    limit: @escaping @Sendable (_ weightNorm: Double) -> Double
  ) {
    self.units = units
    self.limit = limit
    gradientNorms = Matrix(rows: 1, columns: units.pieces.count)
    weightNorms = readsWeights ? Matrix(rows: 1, columns: units.pieces.count) : nil
    factors = Matrix(rows: 1, columns: units.count)
  }

  func measure(_ chunk: Int, gradient: Matrix<Element>, weights: Matrix<Element>) {
    for number in units.pieces(ofChunk: chunk) {
      let places = units.pieces[number].places
      gradientNorms[0, number] = gradient.slice(places).norm
      if let weightNorms { weightNorms[0, number] = weights.slice(places).norm }
    }
  }

  func decide(norm: Double) {
    for unit in 0..<units.count {
      let pieces = units.pieces(ofUnit: unit)
      let norm = gradientNorms.slice(pieces).norm
      let limit = limit(weightNorms?.slice(pieces).norm ?? 0)
      factors[0, unit] = norm > limit ? limit / norm : 1
    }
  }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool {
    var isChanged = false
    for number in units.pieces(ofChunk: chunk) {
      let piece = units.pieces[number]
      if gradient.slice(piece.places).shrink(by: factors[0, piece.unit]) { isChanged = true }
    }
    return isChanged
  }
}
