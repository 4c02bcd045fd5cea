import Foundation
import UnrollDenseMath
import UnrollRecurrentCells

/// A product of many Jacobians J_T J_{T−1} … whose singular values may lie further apart than
/// Float64 reaches, kept as Mᵀ · diag(e^d) · V: V with orthonormal rows, d about descending, M with
/// rows of moderate size.
///
/// A factor from the right changes V alone, whose rows are then ordered by the size they have with
/// their e^d and factorized without pivoting: so large and small numbers never meet in a sum (Loh et
/// al. 1992, the stabilized products of quantum Monte Carlo; Bai et al. 2011).
final class GradedProduct {
  private let basis: CovectorBasis
  private var logs: [Double]
  private var mixing: Matrix<Double>
  private var spare: Matrix<Double>
  private let scaled: Matrix<Double>
  private let size: Int

  /// The identity.
  init(size: Int, _ pullback: StateVJP) {
    let identity = Matrix<Double>(rows: size, columns: size)
    for index in 0..<size { identity[index, index] = 1 }
    basis = CovectorBasis(identity, pullback)
    logs = Array(repeating: 0, count: size)
    mixing = identity
    spare = Matrix(rows: size, columns: size)
    scaled = Matrix(rows: size, columns: size)
    self.size = size
  }

  /// self = self · J for the step's Jacobian J; false where a number is not finite.
  func multiply(by transition: StateTransition) -> Bool {
    let before = basis.count
    guard
      let step = basis.pullBack(
        through: transition,
        orderedBy: { norms in
          let sizes = zip(norms, self.logs).map { log($0) + $1 }
          return norms.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        })
    else { return false }
    let (kept, lower) = (basis.count, step.lower)
    let logsBefore = step.order.map { logs[$0] }
    let ordered = spare.rows(0..<before)
    for (place, index) in step.order.enumerated() {
      ordered.rows(place..<place + 1).assign(mixing.rows(index..<index + 1))
    }
    logs = (0..<kept).map { logsBefore[$0] + log(abs(lower[$0, $0])) }
    // diag(e^d) L diag(e^d′)⁻¹ goes before V, and so over to M.
    let scaled = scaled.rows(0..<before).columns(0..<kept)
    scaled.fill(0)
    for column in 0..<kept {
      for row in column..<before where lower[row, column] != 0 {
        let (factor, growth) = (lower[row, column], logsBefore[row] - logs[column])
        // e^growth alone may overflow where the product does not.
        scaled[row, column] =
          growth < 600
          ? factor * exp(growth) : (factor < 0 ? -1 : 1) * exp(growth + log(abs(factor)))
      }
    }
    mixing = mixing.rows(0..<kept)
    mixing.formProduct(scaled, ordered, transposing: .left)
    return true
  }

  /// ln σ of all singular values, descending; −∞ for those of directions that were lost.
  var logSingularValues: [Double] {
    mixing.logSingularValues(scalingRowsBy: logs)
      + Array(repeating: -.infinity, count: size - basis.count)
  }
}
