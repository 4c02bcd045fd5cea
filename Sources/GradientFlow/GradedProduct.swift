import DenseMath
import Foundation

/// A product of many square matrices whose singular values may lie further apart than Float64
/// reaches, kept as Q · diag(e^d) · T: Q orthogonal, d descending, T with rows of moderate size.
///
/// A factor from the left is multiplied into Q alone, its columns are ordered by the size they have
/// with their e^d, and an unpivoted QR follows: so large and small numbers never meet in a sum
/// (Loh et al. 1992, the stabilised products of quantum Monte Carlo; Bai et al. 2011). Singular
/// values come from a one-sided Jacobi iteration on the rows of diag(e^d) T that keeps each row's
/// size as a logarithm, which is accurate for the small ones too (Demmel & Veselić 1992).
public struct GradedProduct {
  private var q: Matrix<Double>
  private var logs: [Double]
  private var t: Matrix<Double>

  /// The identity.
  public init(size: Int) {
    q = Self.identity(size)
    t = Self.identity(size)
    logs = Array(repeating: 0, count: size)
  }

  private static func identity(_ size: Int) -> Matrix<Double> {
    let result = Matrix<Double>(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  /// self = matrix · self.
  public mutating func multiply(fromLeft matrix: Matrix<Double>) {
    let size = logs.count
    let columns = Matrix<Double>(rows: size, columns: size)
    let product = Matrix<Double>(rows: size, columns: size)
    product.formProduct(matrix, q)
    // Row j is column j of matrix · Q.
    columns.formTranspose(of: product)
    var norms = Array(repeating: 0.0, count: size)
    columns.rowNorms(into: &norms)
    let sizes = zip(norms, logs).map { log($0) + $1 }
    let order = (0..<size).sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let ordered = Matrix<Double>(rows: size, columns: size)
    for (place, index) in order.enumerated() {
      ordered.rows(place..<place + 1).assign(columns.rows(index..<index + 1))
    }
    let sorted = Matrix<Double>(rows: size, columns: size)
    sorted.formTranspose(of: ordered)
    let (nextQ, r) = sorted.orthogonalFactors()
    // Rows of T in the same order, and diag(e^d)⁻¹ R diag(e^d) before them.
    let rowsOfT = Matrix<Double>(rows: size, columns: size)
    let scaled = Matrix<Double>(rows: size, columns: size)
    var nextLogs = logs
    for (place, index) in order.enumerated() {
      rowsOfT.rows(place..<place + 1).assign(t.rows(index..<index + 1))
      let diagonal = r[place, place]
      nextLogs[place] = log(abs(diagonal)) + logs[index]
      guard nextLogs[place] > -.infinity else {
        scaled[place, place] = 1
        continue
      }
      for other in place..<size where logs[order[other]] > -.infinity {
        scaled[place, other] =
          r[place, other] / abs(diagonal) * exp(logs[order[other]] - logs[index])
      }
    }
    q = nextQ
    logs = nextLogs
    t.formProduct(scaled, rowsOfT)
  }

  /// ln σ of all singular values, descending; −∞ for a value of zero.
  public var logSingularValues: [Double] {
    var rows = (0..<logs.count).map { LogScaledRow(t.rows($0..<$0 + 1).values, log: logs[$0]) }
    // Two rows are orthogonal when the cosine between them is rounding alone.
    let tolerance = 0x1p-52 * Double(logs.count).squareRoot()
    for _ in 0..<40 {
      var largest = 0.0
      rows.sort { $0.log > $1.log }
      for first in rows.indices {
        for second in rows.indices.dropFirst(first + 1) where rows[second].log > -.infinity {
          largest = max(largest, LogScaledRow.orthogonalise(&rows, first, second, tolerance))
        }
      }
      if largest <= tolerance { break }
    }
    return rows.map(\.log).sorted(by: >)
  }
}

/// A row e^log · unit, with a unit vector.
private struct LogScaledRow {
  private(set) var unit: [Double]
  private(set) var log: Double

  init(_ values: [Double], log: Double) {
    unit = values
    self.log = log
    normalise()
  }

  private mutating func normalise() {
    let norm = unit.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0, log > -.infinity else {
      log = -.infinity
      return
    }
    for index in unit.indices { unit[index] /= norm }
    log += Foundation.log(norm)
  }

  /// Jacobi's rotation of two rows, the sizes e^a ≥ e^b of which enter only as their ratio ρ; returns
  /// the cosine there was between them. With γ = a·b and tan = ρτ, rows become
  /// a − ρ²τ b and b + τ a, both times cos: for ρ → 0 Gram and Schmidt's step on the smaller.
  static func orthogonalise(
    _ rows: inout [LogScaledRow], _ i: Int, _ j: Int, _ tolerance: Double
  ) -> Double {
    let (large, small) = rows[i].log >= rows[j].log ? (i, j) : (j, i)
    let (a, b) = (rows[large].unit, rows[small].unit)
    var product = 0.0
    for index in a.indices { product += a[index] * b[index] }
    guard abs(product) > tolerance else { return abs(product) }
    let ratio = exp(rows[small].log - rows[large].log)
    let slope = (ratio * ratio - 1) / (2 * product)
    let root = (ratio * ratio + slope * slope).squareRoot()
    let tangent = 1 / (slope < 0 ? slope - root : slope + root)
    let cosine = 1 / (1 + ratio * ratio * tangent * tangent).squareRoot()
    for index in a.indices {
      rows[large].unit[index] = cosine * (a[index] - ratio * ratio * tangent * b[index])
      rows[small].unit[index] = cosine * (b[index] + tangent * a[index])
    }
    rows[large].normalise()
    rows[small].normalise()
    return abs(product)
  }
}
