import CUnrollOpenBLAS

extension Matrix where Element == Double {
  /// A random matrix with orthonormal rows or columns (whichever are fewer), uniform over all such
  /// (Haar measure): Q of a Gaussian matrix's QR, each column multiplied by the sign of R's
  /// diagonal element (Mezzadri 2007, *How to generate random matrices from the classical compact
  /// groups*).
  public static func randomOrthonormal(
    rows: Int, columns: Int, using random: inout RandomNumbers
  ) -> Matrix {
    let (tall, wide) = (max(rows, columns), min(rows, columns))
    let result = Matrix(rows: rows, columns: columns)
    guard wide > 0 else { return result }
    // LAPACK is column-major: row j of `factor` is column j of the tall matrix.
    let factor = Matrix(rows: wide, columns: tall)
    for row in 0..<wide {
      for column in 0..<tall { factor[row, column] = random.normal() }
    }
    _ = BLASLibrary.shared
    var (m, n, status) = (Int32(tall), Int32(wide), Int32(0))
    var reflectors = [Double](repeating: 0, count: wide)
    var workSize = Int32(max(wide * 64, 1))
    var work = [Double](repeating: 0, count: Int(workSize))
    dgeqrf_(&m, &n, factor.pointer, &m, &reflectors, &work, &workSize, &status)
    precondition(status == 0, "expected dgeqrf status 0, got \(status)")
    let signs = (0..<wide).map { factor[$0, $0] < 0 ? -1.0 : 1.0 }
    dorgqr_(&m, &n, &n, factor.pointer, &m, reflectors, &work, &workSize, &status)
    precondition(status == 0, "expected dorgqr status 0, got \(status)")
    for (row, sign) in signs.enumerated() where sign < 0 {
      factor.rows(row..<row + 1).scale(by: -1)
    }
    if rows >= columns { result.formTranspose(of: factor) } else { result.assign(factor) }
    return result
  }
}
