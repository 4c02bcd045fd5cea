import Testing
import UnrollDenseMath

/// Operations on views whose rows have gaps, as a gate's block of columns has, against the same
/// operations on copies without gaps. All numbers are small multiples of ½, so that every sum is exact.
@Suite struct GappedViewTests {
  @Test func elementsAreThoseOfACopyAndTheRestIsLeftAlone() {
    check(as: Float.self)
    check(as: Double.self)
  }

  private func check<Element: Scalar>(as type: Element.Type) {
    let operations: [(name: String, apply: (Matrix<Element>, Matrix<Element>) -> Void)] = [
      ("assign", { $0.assign($1) }),
      ("assign values", { a, _ in a.assign((0..<a.count).map(Double.init)) }),
      ("assign rounding", { a, b in a.assign(rounding: Matrix(rows: 3, columns: 5, b.values)) }),
      ("fill", { a, _ in a.fill(3) }),
      ("scale", { a, _ in a.scale(by: -0.5) }),
      ("add", { $0.add($1) }),
      ("add scaled", { $0.add($1, scale: -0.5) }),
      ("addElements", { $0.addElements(of: $1) }),
      ("multiplyElements", { $0.multiplyElements(by: $1) }),
      ("divideElements", { $0.divideElements(by: $1) }),
      ("formSquareRoots", { $0.formSquareRoots(of: $1) }),
      ("addSign", { $0.addSign(of: $1, scale: 2) }),
      ("clamp", { a, _ in _ = a.clamp(to: 1) }),
      ("apply", { $0.apply(.sigmoid, to: $1) }),
      (
        "applyDerivative",
        { $0.applyDerivative(of: .tanh, preActivations: $1, outputs: $1, gradient: $1) }
      ),
      ("fillRows", { $0.fillRows($1.rows(1..<2)) }),
      ("addRows", { $0.addRows(of: $1, at: [2, 0, 2]) }),
      ("scatterAddRows", { $0.scatterAddRows($1, at: [2, 0, 2]) }),
    ]
    for (name, apply) in operations {
      for (gapsInTarget, gapsInSource) in [(true, true), (true, false), (false, true)] {
        let (target, source) = (part(1, as: type), part(2, as: type))
        let (expected, operand) = (target.view.copy(), source.view.copy())
        let found = gapsInTarget ? target.view : target.view.copy()
        apply(expected, operand)
        apply(found, gapsInSource ? source.view : operand)
        #expect(found.values == expected.values, "\(name) \(type) \(gapsInTarget) \(gapsInSource)")
        #expect(outside(target.whole) == outside(part(1, as: type).whole), "\(name) \(type)")
        #expect(source.whole.values == part(2, as: type).whole.values, "\(name) \(type)")
      }
    }
  }

  @Test func numbersAreThoseOfACopy() {
    checkNumbers(as: Float.self)
    checkNumbers(as: Double.self)
  }

  private func checkNumbers<Element: Scalar>(as type: Element.Type) {
    let (a, b) = (part(1, as: type).view, part(2, as: type).view)
    let (copy, other) = (a.copy(), b.copy())
    #expect(a.dot(b) == copy.dot(other) && a.dot(other) == copy.dot(b))
    #expect(a.absoluteSum == copy.absoluteSum)
    #expect(a.slopeGradient(b) == copy.slopeGradient(other))
    // A rounding for each row.
    #expect(abs(a.norm / copy.norm - 1) < 1e-15)
    #expect(a.isFinite)
    a[1, 4] = .infinity
    #expect(!a.isFinite && a.norm == .infinity)
    let sums = Matrix<Element>(rows: 1, columns: 5)
    sums.addColumnSums(of: b)
    #expect(
      sums.values == (0..<5).map { column in (0..<3).reduce(0) { $0 + Double(b[$1, column]) } })
  }

  /// The norm of a view neither over- nor underflows where its elements do not.
  @Test(arguments: [1e200, 1e-200]) func theNormIsScaled(_ size: Double) {
    let whole = Matrix<Double>(rows: 2, columns: 3, [3, 0, 1, 0, 4, 1].map { $0 * size })
    #expect(abs(whole.columns(0..<2).norm / (5 * size) - 1) < 1e-15)
  }

  /// A block of columns in a wider matrix, and that matrix. Elements outside the block are infinite,
  /// so that none of them can enter a number unseen.
  private func part<Element: Scalar>(
    _ seed: Int, as type: Element.Type
  ) -> (whole: Matrix<Element>, view: Matrix<Element>) {
    let whole = Matrix<Element>(rows: 3, columns: 16)
    whole.fill(.infinity)
    let view = whole.columns(5..<10)
    view.assign(
      (0..<15).map { Double(1 + ($0 * (3 + seed) + seed) % 13) * ($0 % 2 == 0 ? 0.5 : 1) })
    return (whole, view)
  }

  private func outside<Element: Scalar>(_ whole: Matrix<Element>) -> [Double] {
    whole.columns(0..<5).values + whole.columns(10..<16).values
  }
}
