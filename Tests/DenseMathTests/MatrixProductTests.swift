import Testing

@testable import UnrollDenseMath

/// BLAS against the plain definition, on odd sizes, with gaps between rows.
///
/// Both sum k ≤ 250 products of magnitude about 1: rounding stays below k units in the last place
/// of a sum of magnitude √k.
@Suite struct MatrixProductTests {
  @Test(arguments: Transposition.allCases, [false, true])
  func matchesTheDefinition(_ transposing: Transposition, adding: Bool) {
    check(transposing, adding, as: Float.self, tolerance: 250 * 1.2e-7)
    check(transposing, adding, as: Double.self, tolerance: 250 * 2.3e-16)
  }

  private func check<Element: Scalar>(
    _ transposing: Transposition, _ adding: Bool, as type: Element.Type, tolerance: Double
  ) {
    var random = RandomNumbers(seed: 1)
    for (m, n, k) in [(1, 1, 1), (3, 5, 0), (1, 33, 250), (17, 1, 5), (17, 33, 250), (3, 250, 33)] {
      func part(_ rows: Int, _ columns: Int) -> Matrix<Element> {
        let whole = Matrix<Element>(rows: rows + 1, columns: columns + 3)
        whole.assign((0..<whole.count).map { _ in random.normal() })
        return whole.rows(1..<rows + 1).columns(2..<columns + 2)
      }
      let a = transposing == .left ? part(k, m) : part(m, k)
      let b = transposing == .right ? part(n, k) : part(k, n)
      let fast = part(m, n)
      let plain = fast.copy()
      fast.formProduct(a, b, transposing: transposing, adding: adding)
      plain.formProductByDefinition(a, b, transposing: transposing, adding: adding)
      let size = max(Double(k).squareRoot(), 1)
      for (x, y) in zip(fast.values, plain.values) {
        #expect(abs(x - y) <= tolerance * size, "\(m) × \(n) × \(k): \(x) and \(y)")
      }
    }
  }

  @Test func sizesThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      let (a, b) = (Matrix<Float>(rows: 2, columns: 3), Matrix<Float>(rows: 4, columns: 5))
      Matrix<Float>(rows: 2, columns: 5).formProduct(a, b)
    }
  }

  @Test func viewsShareAndCopiesDoNot() {
    let whole = Matrix<Double>(rows: 4, columns: 3, (0..<12).map(Double.init))
    let part = whole.rows(1..<3).columns(1..<3)
    let copy = part.copy()
    part[0, 0] = 100
    #expect(whole[1, 1] == 100)
    #expect(copy.values == [4, 5, 7, 8])
    #expect(whole.block(1, height: 2).values == [6, 7, 8, 9, 10, 11])
  }

  @Test func misjudgedKernelsAreCorrected() {
    let none = CPUFeatures(avx2: false, avx512: false)
    let avx2 = CPUFeatures(avx2: true, avx512: false)
    let avx512 = CPUFeatures(avx2: true, avx512: true)
    #expect(BLASLibrary.betterKernels(than: "Prescott", features: avx512) == "SkylakeX")
    #expect(BLASLibrary.betterKernels(than: "Haswell", features: avx512) == "SkylakeX")
    #expect(BLASLibrary.betterKernels(than: "Prescott", features: avx2) == "Haswell")
    #expect(BLASLibrary.betterKernels(than: "Cooperlake", features: avx512) == nil)
    #expect(BLASLibrary.betterKernels(than: "Zen", features: avx2) == nil)
    #expect(BLASLibrary.betterKernels(than: "Prescott", features: none) == nil)
  }
}
