import Testing

@testable import UnrollDenseMath

struct LQFactorizationTests {
  private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
    var numbers = RandomNumbers(seed: seed)
    let result = Matrix<Double>(rows: rows, columns: columns)
    for row in 0..<rows { for column in 0..<columns { result[row, column] = numbers.normal() } }
    return result
  }

  @Test(arguments: [(1, 1), (3, 3), (2, 7), (40, 100)])
  func theProductIsTheMatrixAndRowsAreOrthonormal(rows: Int, columns: Int) {
    let matrix = random(rows, columns, seed: 3)
    let (q, lower) = (matrix.copy(), Matrix<Double>(rows: rows, columns: rows))
    // Working memory may be larger than the matrix.
    let factorization = LQFactorization(rows: min(rows + 2, columns), columns: columns)
    lower.fill(.nan)
    factorization.factor(q, into: lower)
    let (product, gram) = (matrix.copy(), lower.copy())
    product.formProduct(lower, q)
    gram.formProduct(q, q, transposing: .right)
    // Elements of size 1, sums of up to 100 of them.
    for (got, wanted) in zip(product.values, matrix.values) { #expect(abs(got - wanted) < 1e-13) }
    for row in 0..<rows {
      for column in 0..<rows {
        #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 1e-14)
        #expect(column <= row || lower[row, column] == 0)
      }
    }
  }

  @Test func nothingIsDoneWithoutRows() {
    LQFactorization(rows: 0, columns: 3)
      .factor(Matrix(rows: 0, columns: 3), into: Matrix(rows: 0, columns: 0))
  }
}
