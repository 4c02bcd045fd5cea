import Foundation
import Testing

@testable import UnrollDenseMath

/// The matrix entry point; the kernel's accuracy over all exponents stands in VectorMathTests.
@Suite struct MatrixExponentialTests {
  /// 4 ulp of a result below e³ in Float64.
  @Test func everyElementIsTaken() {
    let values = (0..<33).map { Double($0) / 8 - 1 }
    let result = Matrix<Double>(rows: 3, columns: 11)
    result.formExponential(Matrix(rows: 3, columns: 11, values))
    for (x, y) in zip(result.values, values.map { exp($0) }) { #expect(abs(x - y) <= 4 * y.ulp) }
  }
}
