import CUnrollOpenBLAS
import Foundation
import UnrollText

extension Matrix where Element == Double {
  /// The absolute values of a square matrix's eigenvalues, descending; nil where an element is not
  /// finite or LAPACK's iteration does not converge.
  public var eigenvalueMagnitudes: [Double]? {
    require(rows == columns, "expected a square matrix, got \(rows) × \(columns)")
    let copy = copy()
    guard rows > 0, copy.isFinite else { return rows == 0 ? [] : nil }
    _ = BLASLibrary.shared
    // LAPACK sees the transpose, which has the same eigenvalues.
    var (size, one, status) = (Int32(rows), Int32(1), Int32(0))
    var real = [Double](repeating: 0, count: rows)
    var imaginary = real
    var (left, right) = ([0.0], [0.0])
    var workSize = Int32(64 * rows)
    var work = [Double](repeating: 0, count: Int(workSize))
    withPointers(to: copy) { elements in
      dgeev_(
        "N", "N", &size, elements, &size, &real, &imaginary, &left, &one, &right, &one, &work,
        &workSize, &status)
    }
    return status == 0 ? zip(real, imaginary).map { hypot($0, $1) }.sorted(by: >) : nil
  }

  /// The singular values, descending; nil as for ``eigenvalueMagnitudes``.
  public var singularValues: [Double]? {
    let copy = copy()
    let count = min(rows, columns)
    guard count > 0, copy.isFinite else { return count == 0 ? [] : nil }
    _ = BLASLibrary.shared
    var (m, n, one, status) = (Int32(columns), Int32(rows), Int32(1), Int32(0))
    var values = [Double](repeating: 0, count: count)
    var (left, right) = ([0.0], [0.0])
    var workSize = Int32(64 * (rows + columns))
    var work = [Double](repeating: 0, count: Int(workSize))
    withPointers(to: copy) { elements in
      dgesvd_(
        "N", "N", &m, &n, elements, &m, &values, &left, &one, &right, &one, &work, &workSize,
        &status)
    }
    return status == 0 ? values : nil
  }
}
