import Testing

@testable import UnrollDenseMath

/// Products of matrices with panels, as the rest of the program calls them.
@Suite struct PackedMatrixTests {
  private func numbers<Element: Scalar>(
    _ rows: Int, _ columns: Int, _ random: inout RandomNumbers
  ) -> Matrix<Element> {
    let whole = Matrix<Element>(rows: rows + 1, paddedColumns: columns + 2)
    whole.assign((0..<whole.count).map { _ in Double(random.integer(in: -8..<9)) })
    return whole.rows(1..<rows + 1).columns(2..<columns + 2)
  }

  /// Whole numbers up to 8: every sum is exact.
  @Test(arguments: [Transposition.none, .left], [false, true])
  func matchesTheDefinition(_ transposing: Transposition, adding: Bool) {
    check(transposing, adding, as: Float.self)
    check(transposing, adding, as: Double.self)
  }

  private func check<Element: Scalar>(
    _ transposing: Transposition, _ adding: Bool, as type: Element.Type
  ) {
    var random = RandomNumbers(seed: 1)
    for (m, n, k) in [(1, 1, 1), (3, 5, 0), (1, 33, 65), (17, 1, 5), (17, 70, 33), (7, 250, 20)] {
      let a: Matrix<Element> =
        transposing == .left ? numbers(k, m, &random) : numbers(m, k, &random)
      let b: Matrix<Element> = numbers(k, n, &random)
      let (plain, panelled, skinny): (Matrix<Element>, Matrix<Element>, Matrix<Element>)
      plain = numbers(m, n, &random)
      (panelled, skinny) = (plain.copy(), plain.copy())
      plain.formProductByDefinition(a, b, transposing: transposing, adding: adding)
      let panels = PackedMatrix<Element>(rows: k + 3, columns: n)
      panels.assign(b)
      panelled.formProduct(a, panels, transposing: transposing, adding: adding)
      #expect(panelled.elements == plain.elements, "\(m) × \(n) × \(k)")
      skinny.formSkinnyProduct(a, b, transposing: transposing, adding: adding)
      #expect(skinny.elements == plain.elements, "skinny \(m) × \(n) × \(k)")
    }
  }

  /// A row added to every row, and strips: of 300 × 600 elements only some rows stay in the cache.
  @Test func startsFromARow() {
    func check<Element: Scalar>(_: Element.Type) {
      var random = RandomNumbers(seed: 3)
      for (m, n, k) in [(3, 5, 0), (7, 70, 33), (300, 9, 600)] {
        let (a, b): (Matrix<Element>, Matrix<Element>)
        (a, b) = (numbers(m, k, &random), numbers(k, n, &random))
        let row: Matrix<Element> = numbers(1, n, &random)
        let panels = PackedMatrix<Element>(rows: k, columns: n)
        panels.assign(b)
        let result: Matrix<Element> = numbers(m, n, &random)
        result.formProduct(a, panels, plusRow: row)
        let plain = Matrix<Element>(rows: m, columns: n)
        plain.fillRows(row)
        plain.formProductByDefinition(a, b, adding: true)
        #expect(result.elements == plain.elements, "\(m) × \(n) × \(k)")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// However many share the work, and more than there are panels.
  @Test(arguments: [false, true]) func partsMakeUpTheWhole(transposed: Bool) {
    func check<Element: Scalar>(_: Element.Type) {
      var random = RandomNumbers(seed: 2)
      for (k, n) in [(1, 1), (33, 65), (5, 250)] {
        let b: Matrix<Element> =
          transposed ? numbers(n, k, &random) : numbers(k, n, &random)
        let whole = PackedMatrix<Element>(rows: k, columns: n)
        whole.assign(b, transposed: transposed)
        let count = (n + PackedMatrix<Element>.width - 1) / PackedMatrix<Element>.width
        for parts in [2, 3, count + 2] {
          let shared = PackedMatrix<Element>(rows: k, columns: n)
          for part in (0..<parts).reversed() {
            shared.assign(b, transposed: transposed, part: part, of: parts)
          }
          #expect(
            (0..<count * k * PackedMatrix<Element>.width).allSatisfy {
              shared.pointer[$0] == whole.pointer[$0]
            }, "\(k) × \(n) in \(parts) parts")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func sizesThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      let panels = PackedMatrix<Float>(rows: 4, columns: 5)
      Matrix<Float>(rows: 2, columns: 5).formProduct(Matrix(rows: 2, columns: 3), panels)
    }
    await #expect(processExitsWith: .failure) {
      PackedMatrix<Float>(rows: 4, columns: 5).assign(Matrix(rows: 5, columns: 5))
    }
    // Without room behind the last row, whole vectors would be read beyond the end.
    await #expect(processExitsWith: .failure) {
      Matrix<Float>(rows: 2, columns: 5).formSkinnyProduct(
        Matrix(rows: 2, columns: 3), Matrix(rows: 3, columns: 5))
    }
  }
}
