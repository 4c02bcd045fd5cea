import UnrollDenseMath
import UnrollRecurrentCells

/// Orthonormal covectors of a layer's state that are taken back step by step and made orthonormal
/// again: V J = L V′, rows of V and V′ orthonormal, L lower triangular.
///
/// A Jacobian may lose directions: a ReLU that is off, a W_hh that is singular. In floating point
/// L_ii is then seldom 0; it is what rounding left. The step's products, of n terms each, and the
/// activation's slopes are right to about √n·ε of the size of W_hh, ε = 2⁻⁵², so that a Jacobian for
/// which L_ii is 0 lies within rounding as soon as |L_ii| ≤ 2√n·ε·max(‖W_hh‖_F, ‖V J‖_F): such a
/// direction counts as lost, and is dropped. A true factor below this in a single step cannot be
/// told from it.
final class CovectorBasis {
  /// What a step back did.
  struct Step {
    /// The rows as they were factorized, by their places before: those kept, then those lost.
    let order: [Int]
    /// L [count before, rows kept].
    let lower: Matrix<Double>
  }

  private let pullback: StateVJP
  private let factorization: LQFactorization
  private var storage: Matrix<Double>
  private var spare: Matrix<Double>
  private let lower: Matrix<Double>
  private let weightNorm: Double
  /// The covectors that are left.
  private(set) var count: Int
  private var norms: [Double]

  /// - Parameter start: orthonormal rows [m, n].
  init(_ start: Matrix<Double>, _ pullback: StateVJP) {
    let (count, size) = (start.rows, start.columns)
    self.pullback = pullback
    self.count = count
    storage = start.copy()
    spare = Matrix(rows: count, columns: size)
    lower = Matrix(rows: count, columns: count)
    factorization = LQFactorization(rows: count, columns: size)
    weightNorm = pullback.weightNorm
    norms = Array(repeating: 0, count: count)
  }

  /// V [count, n].
  var rows: Matrix<Double> { storage.rows(0..<count) }

  /// Takes the covectors back through a step; nil where a number is not finite.
  ///
  /// - Parameter ordering: in which to factorize the rows of V J, from their norms.
  func pullBack(
    through transition: StateTransition,
    orderedBy ordering: ([Double]) -> [Int] = { Array($0.indices) }
  ) -> Step? {
    let pulled = rows
    pullback.pullBack(pulled, through: transition)
    guard pulled.isFinite else { return nil }
    norms.removeLast(norms.count - count)
    pulled.rowNorms(into: &norms)
    let resolution = Double(pulled.columns).squareRoot() * 0x1p-51 * max(weightNorm, pulled.norm)
    let (before, ordered) = (count, spare.rows(0..<count))
    let lower = lower.rows(0..<before).columns(0..<before)
    func isLost(_ place: Int) -> Bool { abs(lower[place, place]) <= resolution }

    var order = ordering(norms)
    factor(pulled, order, into: ordered, lower)
    if let first = order.indices.first(where: isLost),
      order.indices[first...].contains(where: { !isLost($0) })
    {
      // Rows behind a lost one have been cleared of a direction that means nothing: once more,
      // with the lost ones last.
      let places = order.indices
      order = (places.filter { !isLost($0) } + places.filter(isLost)).map { order[$0] }
      factor(pulled, order, into: ordered, lower)
    }
    count = order.indices.first(where: isLost) ?? before
    swap(&storage, &spare)
    return Step(order: order, lower: lower.columns(0..<count))
  }

  private func factor(
    _ pulled: Matrix<Double>, _ order: [Int], into result: Matrix<Double>, _ lower: Matrix<Double>
  ) {
    for (place, index) in order.enumerated() {
      result.rows(place..<place + 1).assign(pulled.rows(index..<index + 1))
    }
    factorization.factor(result, into: lower)
  }
}
