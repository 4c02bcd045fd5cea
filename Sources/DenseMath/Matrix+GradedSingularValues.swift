import CUnrollOpenBLAS
import Foundation
import UnrollText

extension Matrix where Element == Double {
  /// ln σ of diag(e^logs) · self, descending; −∞ for a value of zero. There are as many as rows.
  ///
  /// A one-sided Jacobi iteration on the rows, each kept as a unit vector and the logarithm of its
  /// size, so that values far beyond Float64's range are found, and the small ones as accurately as
  /// the large ones where the unit vectors are well conditioned (Demmel & Veselić 1992).
  public func logSingularValues(scalingRowsBy logs: [Double]) -> [Double] {
    require(logs.count == rows, "expected \(rows) logarithms, got \(logs.count)")
    _ = BLASLibrary.shared
    let units = copy()
    var sizes = logs
    for row in 0..<rows { sizes[row] += units.normalizeRow(row) }
    // Two rows are orthogonal when the cosine between them is rounding alone.
    let tolerance = 0x1p-52 * Double(columns).squareRoot()
    // Quadratic convergence: some 5 to 10 sweeps.
    for _ in 0..<40 {
      let order = (0..<rows).filter { sizes[$0] > -.infinity }
        .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
      var largest = 0.0
      for (place, first) in order.enumerated() {
        for second in order.dropFirst(place + 1) {
          let (large, small) = sizes[first] >= sizes[second] ? (first, second) : (second, first)
          largest = max(largest, units.orthogonalize(large, small, &sizes, tolerance))
        }
      }
      if largest <= tolerance { break }
    }
    return sizes.sorted(by: >)
  }

  /// Scales a row to length 1 and returns ln of the length it had.
  private func normalizeRow(_ row: Int) -> Double {
    withPointers(to: self) { elements in
      let start = elements + row * stride
      let norm = cblas_ddot(Int32(columns), start, 1, start, 1).squareRoot()
      guard norm > 0 else { return -.infinity }
      cblas_dscal(Int32(columns), 1 / norm, start, 1)
      return log(norm)
    }
  }

  /// Jacobi's rotation of the rows e^α a and e^β b, α ≥ β, whose sizes enter only as ρ = e^(β−α);
  /// returns the cosine γ there was between them.
  ///
  /// The rows become cos·(a − ρ²τ b) and cos·(b + τ a), ρτ the rotation's tangent: for ρ → 0 Gram and
  /// Schmidt's step on the smaller, τ = −γ.
  private func orthogonalize(
    _ large: Int, _ small: Int, _ sizes: inout [Double], _ tolerance: Double
  ) -> Double {
    let product = withPointers(to: self) { elements in
      cblas_ddot(Int32(columns), elements + large * stride, 1, elements + small * stride, 1)
    }
    guard abs(product) > tolerance else { return abs(product) }
    let ratio = exp(sizes[small] - sizes[large])
    let slope = (ratio * ratio - 1) / (2 * product)
    let root = (ratio * ratio + slope * slope).squareRoot()
    let tangent = 1 / (slope < 0 ? slope - root : slope + root)
    let cosine = 1 / (1 + ratio * ratio * tangent * tangent).squareRoot()
    let (fromSmall, fromLarge) = (-cosine * ratio * ratio * tangent, cosine * tangent)
    withPointers(to: self) { elements in
      let (a, b) = (elements + large * stride, elements + small * stride)
      for index in 0..<columns {
        let (x, y) = (a[index], b[index])
        a[index] = cosine * x + fromSmall * y
        b[index] = cosine * y + fromLarge * x
      }
    }
    sizes[large] += normalizeRow(large)
    sizes[small] += normalizeRow(small)
    return abs(product)
  }
}
