import Foundation
import Testing

@testable import UnrollDenseMath

struct GradedSingularValuesTests {
  private func random(_ size: Int, seed: UInt64) -> Matrix<Double> {
    var numbers = RandomNumbers(seed: seed)
    return Matrix(rows: size, columns: size, (0..<size * size).map { _ in numbers.normal() })
  }

  /// LAPACK's, where the numbers fit Float64.
  @Test(arguments: [1, 2, 5, 30]) func theyAreLAPACKs(size: Int) throws {
    let matrix = random(size, seed: 5)
    let logs = (0..<size).map { Double($0 % 3) - 1 }
    let scaled = matrix.copy()
    for row in 0..<size { scaled.rows(row..<row + 1).scale(by: exp(logs[row])) }
    let wanted = try #require(scaled.singularValues).map { log($0) }
    let found = matrix.logSingularValues(scalingRowsBy: logs)
    #expect(found.count == size)
    // LAPACK's smallest is right to ε times the condition, some 1e4 here.
    for (got, wanted) in zip(found, wanted) { #expect(abs(got - wanted) < 1e-11) }
  }

  /// Over 2,000 orders of magnitude: the product of the first k is the volume of k rows, which a
  /// factorization in the order of their sizes gives.
  @Test func smallOnesAreRightBesideLargeOnes() {
    let size = 12
    let matrix = random(size, seed: 6)
    let logs = (0..<size).map { 2_500 - 400 * Double($0) }
    let (q, lower) = (matrix.copy(), Matrix<Double>(rows: size, columns: size))
    LQFactorization(rows: size, columns: size).factor(q, into: lower)
    let found = matrix.logSingularValues(scalingRowsBy: logs)
    for index in 0..<size {
      // Neighbors are e^400 apart, so that each value is its row's part beside the larger ones.
      #expect(abs(found[index] - logs[index] - log(abs(lower[index, index]))) < 1e-12)
    }
  }

  @Test func zeroRowsAreMinusInfinity() {
    let matrix = Matrix<Double>(rows: 3, columns: 3, [3, 4, 0, 0, 0, 0, 0, 0, 2])
    #expect(
      matrix.logSingularValues(scalingRowsBy: [0, 0, -.infinity])
        == [log(5), -.infinity, -.infinity])
  }
}
