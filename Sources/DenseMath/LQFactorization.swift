import CUnrollOpenBLAS
import UnrollText

/// Factors matrices [m, n] with m ≤ n into A = L Q: L lower triangular, Q with orthonormal rows.
///
/// The result is that of Gram and Schmidt's process on the rows in order, up to signs. Householder's
/// reflections make Q's rows orthogonal to rounding.
///
/// The object keeps its working memory, so factoring allocates nothing.
public final class LQFactorization {
  private let rows: Int
  private let columns: Int
  private var reflectors: [Double]
  private var work: [Double]

  /// For matrices of up to `rows` rows and `columns` columns.
  public init(rows: Int, columns: Int) {
    require(rows <= columns, "expected at most \(columns) rows, got \(rows)")
    self.rows = rows
    self.columns = columns
    reflectors = Array(repeating: 0, count: max(rows, 1))
    work = Array(repeating: 0, count: 64 * max(rows, 1))
    _ = BLASLibrary.shared
  }

  /// Replaces `matrix` [m, n] by Q and sets `lower` [m, m] to L.
  public func factor(_ matrix: Matrix<Double>, into lower: Matrix<Double>) {
    let count = matrix.rows
    require(
      count <= rows && matrix.columns == columns && lower.rows == count && lower.columns == count,
      "expected up to \(rows) × \(columns), got \(count) × \(matrix.columns), L \(lower.rows)")
    guard count > 0 else { return }
    // LAPACK is column-major: our rows are its columns, and our L its R.
    var (n, m, stride, status) = (
      Int32(columns), Int32(count), Int32(matrix.stride), Int32(0)
    )
    var workSize = Int32(work.count)
    withPointers(to: matrix) {
      dgeqrf_(&n, &m, $0, &stride, &reflectors, &work, &workSize, &status)
    }
    require(status == 0, "expected dgeqrf status 0, got \(status)")
    lower.fill(0)
    for row in 0..<count {
      lower.rows(row..<row + 1).columns(0..<row + 1)
        .assign(matrix.rows(row..<row + 1).columns(0..<row + 1))
    }
    withPointers(to: matrix) {
      dorgqr_(&n, &m, &m, $0, &stride, reflectors, &work, &workSize, &status)
    }
    require(status == 0, "expected dorgqr status 0, got \(status)")
  }
}
