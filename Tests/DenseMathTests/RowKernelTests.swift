import CUnrollVectorKernels
import Foundation
import Testing

/// Filling, summing, gathering, scattering, transposing and measuring rows.
@Suite struct RowKernelTests {
  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func fillAddAndMultiply(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 11)
      let (rows, columns) = (shape.rows, shape.columns)
      let a = (0..<columns).map { _ in Element(random.uniform(-2...2)) }
      let b = (0..<columns).map { _ in Element(random.uniform(-2...2)) }
      let x = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      let y = GuardedMatrix<Element>.output(rows, columns) { _, _ in random.uniform(-2...2) }

      var filled = y
      kernels.fill_rows(rows, columns, a, b, &filled.storage, filled.stride)
      filled.expectClose(ulps: 0, "a + b") { Double(a[$1] + b[$1]) }
      kernels.fill_rows(rows, columns, a, nil, &filled.storage, filled.stride)
      filled.expectClose(ulps: 0, "a") { Double(a[$1]) }

      var sum = y
      kernels.add(rows, columns, x.storage, x.stride, &sum.storage, sum.stride)
      sum.expectClose(ulps: 0, "y + x") { Double(y[$0, $1] + x[$0, $1]) }
      var product = y
      kernels.multiply(rows, columns, x.storage, x.stride, &product.storage, product.stride)
      product.expectClose(ulps: 0, "y x") { Double(y[$0, $1] * x[$0, $1]) }
      var quotient = y
      kernels.divide(rows, columns, x.storage, x.stride, &quotient.storage, quotient.stride)
      quotient.expectClose(ulps: 0, "y / x") { Double(y[$0, $1] / x[$0, $1]) }
      let squares = GuardedMatrix<Element>.input(rows, columns) { Double(x[$0, $1] * x[$0, $1]) }
      var root = y
      kernels.square_root(
        rows, columns, squares.storage, squares.stride, &root.storage, root.stride)
      root.expectClose(ulps: 0, "root") { Double(squares[$0, $1].squareRoot()) }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func columnSums(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 12)
      let (rows, columns) = (shape.rows, shape.columns)
      let x = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      let before = GuardedMatrix<Element>.output(1, columns) { _, _ in random.uniform(-2...2) }
      var sums = before
      kernels.add_column_sums(rows, columns, x.storage, x.stride, &sums.storage)
      // As many roundings of sums of up to 2 (rows + 1).
      sums.expectClose(ulps: Double((rows + 1) * (rows + 1)), "column sums") { _, j in
        (0..<rows).reduce(before.double(0, j)) { $0 + x.double($1, j) }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func gatherAndScatter(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 13)
      let (rows, columns) = (shape.rows, shape.columns)
      // Fewer table rows than rows: indices repeat.
      let entries = 5
      let index = (0..<rows).map { _ in Int32.random(in: 0..<Int32(entries), using: &random) }

      let table = GuardedMatrix<Element>.input(entries, columns) { _, _ in
        random.uniform(-2...2)
      }
      let y = GuardedMatrix<Element>.output(rows, columns) { _, _ in random.uniform(-2...2) }
      var gathered = y
      kernels.gather_add_rows(
        rows, columns, index, table.storage, table.stride, &gathered.storage, gathered.stride)
      gathered.expectClose(ulps: 0, "gathered") { r, j in
        Double(y[r, j] + table[Int(index[r]), j])
      }

      let x = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      let start = table.asOutput()
      var scattered = start
      kernels.scatter_add_rows(
        rows, columns, index, x.storage, x.stride, &scattered.storage, scattered.stride)
      // In the order of the rows, so the same bits.
      scattered.expectClose(ulps: 0, "scattered") { entry, j in
        Double(
          (0..<rows).reduce(start[entry, j]) { sum, r in
            Int(index[r]) == entry ? sum + x[r, j] : sum
          })
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func transpose(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let (rows, columns) = (shape.rows, shape.columns)
      let x = GuardedMatrix<Element>.input(rows, columns) { r, j in Double(r * columns + j) }
      var y = GuardedMatrix<Element>.output(columns, rows)
      kernels.transpose(rows, columns, x.storage, x.stride, &y.storage, y.stride)
      y.expectClose(ulps: 0, "transposed") { x.double($1, $0) }
    }
    try check(variant.element, variant.kernels())
  }

  /// Rows scaled by powers of two to both ends of the range have norms scaled as exactly.
  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func rowNorms(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 14)
      let (rows, columns) = (shape.rows, shape.columns)
      let least = Int(Element.leastNonzeroMagnitude.exponent)
      let greatest = Int(Element.greatestFiniteMagnitude.exponent)
      for exponent in [least + 20, least / 2, 0, greatest / 2, greatest - 8] {
        let scale = Element(sign: .plus, exponent: Element.Exponent(exponent), significand: 1)
        let x = GuardedMatrix<Element>.input(rows, columns) { _, _ in
          Double(scale * Element(random.uniform(-2...2)))
        }
        var norms = [Double](repeating: -99, count: rows)
        kernels.row_norms(rows, columns, x.storage, x.stride, &norms)
        for r in 0..<rows {
          let squares = (0..<columns).map { j in
            let value = x.double(r, j) / Double(scale)
            return value * value
          }
          let expected = Double(scale) * squares.reduce(0, +).squareRoot()
          // Relative rounding of sums in another order; absolute where the norm is subnormal.
          let bound = 1e-14 * expected + Double.leastNonzeroMagnitude
          #expect(abs(norms[r] - expected) <= bound, "2^\(exponent), row \(r)")
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func rowNormsOfSpecialRows(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      for columns in [1, 5, 16, 33] {
        for place in 0..<columns {
          func norm(_ special: Element, rest: Element = 0) -> Double {
            var row = [Element](repeating: rest, count: columns)
            row[place] = special
            var norm = -99.0
            kernels.row_norms(1, columns, row, columns, &norm)
            return norm
          }
          #expect(norm(0) == 0)
          #expect(norm(.leastNonzeroMagnitude) == Double(Element.leastNonzeroMagnitude))
          #expect(norm(-.greatestFiniteMagnitude) == Double(Element.greatestFiniteMagnitude))
          #expect(norm(-.infinity, rest: 1) == .infinity)
          #expect(norm(.nan, rest: 1).isNaN)
        }
      }
      var none = -99.0
      kernels.row_norms(1, 0, [Element](), 1, &none)
      #expect(none == 0)
    }
    try check(variant.element, variant.kernels())
  }

  /// Sums of float products in double: as many roundings of 2⁻⁵³ as terms.
  @Test(arguments: KernelVariant.supported, [0, 1, 7, 33, 1000])
  func dotProducts(_ variant: KernelVariant, _ count: Int) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 17)
      let x = (0..<count).map { _ in Element(random.uniform(-2...2)) }
      let y = (0..<count).map { _ in Element(random.uniform(-2...2)) }
      let expected = zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let size = zip(x, y).reduce(0) { $0 + abs(Double($1.0) * Double($1.1)) }
      let error = abs(kernels.dot(count, x, y) - expected)
      #expect(error <= Double(count) * 0x1p-53 * size, "\(error) of \(size)")
    }
    try check(variant.element, variant.kernels())
  }
}
