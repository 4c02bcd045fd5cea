import Testing
import UnrollDenseMath
import UnrollOptimization

/// An optimizer as a contributor first writes it, in whole-array operations: Adagrad (Duchi et al.
/// 2011), v ← v + g², θ ← θ − η g / √v.
private final class Adagrad<Element: Scalar>: Optimizer {
  let name = "adagrad"
  let state: [(name: String, values: Matrix<Element>)]
  private let sum: Matrix<Element>
  private let square: Matrix<Element>

  init(count: Int) {
    sum = Matrix(rows: 1, columns: count)
    square = Matrix(rows: 1, columns: count)
    state = [("sum", sum)]
  }

  func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    let (sum, square) = (sum.slice(places), square.slice(places))
    square.assign(gradient)
    square.multiplyElements(by: gradient)
    sum.add(square)
    square.formSquareRoots(of: sum)
    let update = gradient.copy()
    update.divideElements(by: square)
    weights.add(update, scale: Element(-rate))
  }
}

@Suite struct OwnOptimizerTests {
  /// Against the equations in Float64, three updates; a few roundings of each element type.
  @Test func wholeArrayOperationsSuffice() {
    check(as: Float.self, tolerance: 1e-6)
    check(as: Double.self, tolerance: 1e-15)
  }

  private func check<Element: Scalar>(as type: Element.Type, tolerance: Double) {
    let count = 37
    var random = RandomNumbers(seed: 8)
    var (weights, sums) = (
      [Double](repeating: 1, count: count), [Double](repeating: 0, count: count)
    )
    let fast = Matrix<Element>(rows: 1, columns: count, weights)
    let optimizer = Adagrad<Element>(count: count)
    for step in 1...3 {
      let gradient = Matrix<Element>(
        rows: 1, columns: count, (0..<count).map { _ in random.uniform(0.5, 2) })
      optimizer.update(fast, gradient: gradient, rate: 0.1, step: step)
      for (index, g) in gradient.values.enumerated() {
        sums[index] += g * g
        weights[index] -= 0.1 * g / sums[index].squareRoot()
      }
    }
    for (x, y) in zip(fast.values, weights) { #expect(abs(x - y) <= tolerance, "\(x) and \(y)") }
  }
}
