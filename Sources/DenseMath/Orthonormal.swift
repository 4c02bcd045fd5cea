extension Matrix where Element == Double {
  /// A random matrix with orthonormal rows or columns (whichever are fewer), uniform over all such
  /// matrices (Haar measure).
  ///
  /// It is Q of a Gaussian matrix's QR factorization, each column multiplied by the sign of R's
  /// diagonal element (Mezzadri 2007, *How to generate random matrices from the classical compact
  /// groups*).
  public static func randomOrthonormal(
    rows: Int, columns: Int, using random: inout RandomNumbers
  ) -> Matrix {
    let (tall, wide) = (max(rows, columns), min(rows, columns))
    let result = Matrix(rows: rows, columns: columns)
    guard wide > 0 else { return result }
    // Row j of `factor` is column j of the tall matrix: its L Q is that matrix's Q R, transposed.
    let factor = Matrix(rows: wide, columns: tall)
    for row in 0..<wide {
      for column in 0..<tall { factor[row, column] = random.normal() }
    }
    let lower = Matrix(rows: wide, columns: wide)
    LQFactorization(rows: wide, columns: tall).factor(factor, into: lower)
    for row in 0..<wide where lower[row, row] < 0 {
      factor.rows(row..<row + 1).scale(by: -1)
    }
    if rows >= columns { result.formTranspose(of: factor) } else { result.assign(factor) }
    return result
  }
}
