import CUnrollVectorKernels
import Testing
import UnrollDenseMath

/// Products whose right factor lies in panels, and the laying out of panels, in every table.
@Suite struct ProductKernelTests {
  /// C [rows, columns] = A [rows, inner] B.
  struct Shape: Sendable, CustomTestStringConvertible {
    let rows, columns, inner: Int

    var testDescription: String { "\(rows) x \(columns) x \(inner)" }

    /// Around the blocks of 6 rows, the panels of 4 to 64 columns and the runs of 512 sums; every
    /// two sizes meet once.
    static let all = [1, 3, 6, 7, 17].enumerated().flatMap { i, rows in
      [1, 5, 16, 33, 64, 65, 250].enumerated().map { j, columns in
        Shape(rows: rows, columns: columns, inner: [1, 5, 33, 250, 600][(i + j) % 5])
      }
    }
  }

  /// How a right factor k × n lies in memory.
  struct RightFactor<Element: KernelElement> {
    let storage: [Element]
    let panel, row: Int

    /// In the table's panels, made from the matrix or from its transpose; both must be the same.
    static func panels(
      _ b: Matrix<Double>, _ kernels: unroll_kernels
    ) -> (RightFactor, isSameTransposed: Bool) {
      let (k, n, width) = (b.rows, b.columns, kernels.panel_width)
      var storage = [Element](repeating: .nan, count: (n + width - 1) / width * width * k)
      var again = storage
      let plain = GuardedMatrix<Element>.input(k, n) { b[$0, $1] }
      let transposed = GuardedMatrix<Element>.input(n, k) { b[$1, $0] }
      kernels.lay_out_panels(k, n, plain.storage, plain.stride, 1, &storage)
      kernels.lay_out_panels(k, n, transposed.storage, 1, transposed.stride, &again)
      return (RightFactor(storage: storage, panel: k * width, row: width), storage == again)
    }

    /// Row after row with room for whole vectors, NaN in it.
    static func strided(_ b: Matrix<Double>, _ kernels: unroll_kernels) -> RightFactor {
      let lanes = kernels.vector_width
      let stride = (b.columns + lanes - 1) / lanes * lanes + 3
      var storage = [Element](repeating: .nan, count: b.rows * stride)
      for r in 0..<b.rows {
        for j in 0..<b.columns { storage[r * stride + j] = Element(b[r, j]) }
      }
      return RightFactor(storage: storage, panel: kernels.panel_width, row: stride)
    }
  }

  /// Sets or adds to C, which holds `before`.
  static func product<Element: KernelElement>(
    _ a: Matrix<Double>, transposed: Bool, _ b: RightFactor<Element>, adding: Bool,
    before: Matrix<Double>, _ kernels: unroll_kernels
  ) -> GuardedMatrix<Element> {
    var c = GuardedMatrix<Element>.output(before.rows, before.columns) { before[$0, $1] }
    let left =
      transposed
      ? GuardedMatrix<Element>.input(a.columns, a.rows) { a[$1, $0] }
      : GuardedMatrix<Element>.input(a.rows, a.columns) { a[$0, $1] }
    let stride = c.stride
    c.storage.withUnsafeMutableBufferPointer { c in
      kernels.product(
        a.rows, before.columns, a.columns, left.storage, transposed ? 1 : left.stride,
        transposed ? left.stride : 1, b.storage, b.panel, b.row, adding ? c.baseAddress : nil,
        stride, c.baseAddress, stride)
    }
    return c
  }

  /// Whole numbers up to 8: every sum of up to 600 products is exact, in any order.
  @Test(arguments: Shape.all) func exactOnWholeNumbers(_ shape: Shape) throws {
    var random = KernelRandom(seed: 11)
    func numbers(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns,
        (0..<rows * columns).map { _ in Double(random.next() % 17) - 8 })
    }
    let a = numbers(shape.rows, shape.inner)
    let b = numbers(shape.inner, shape.columns)
    let before = numbers(shape.rows, shape.columns)
    let wanted = before.copy()
    wanted.formProductByDefinition(a, b)
    let sum = before.copy()
    sum.add(wanted)

    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels, _ name: String) {
      let (panels, isSameTransposed) = RightFactor<Element>.panels(b, kernels)
      #expect(isSameTransposed, "\(name): panels of the transpose")
      for (form, right) in [("panels", panels), ("strided", .strided(b, kernels))] {
        for (transposed, adding) in [(false, false), (false, true), (true, false), (true, true)] {
          let c = Self.product(
            a, transposed: transposed, right, adding: adding, before: before, kernels)
          let expected = adding ? sum : wanted
          c.expectClose(ulps: 0, "\(name), \(form), transposed \(transposed), adding \(adding)") {
            expected[$0, $1]
          }
        }
      }
    }
    for variant in KernelVariant.supported {
      try check(variant.element, variant.kernels(), variant.testDescription)
    }
  }

  /// A row's sums have one order, whatever rows are beside it and however the factors lie.
  ///
  /// Against the definition: partial sums of k = 600 products of numbers in ±1 are of the order of
  /// √k/3; their roundings add up like a random walk, to about k/8 units of 1. Eight times that.
  @Test(arguments: KernelVariant.supported) func orderOfSums(_ variant: KernelVariant) throws {
    let (rows, columns, inner) = (17, 65, 600)
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 12)
      func numbers(_ rows: Int, _ columns: Int) -> Matrix<Double> {
        Matrix(
          rows: rows, columns: columns,
          (0..<rows * columns).map { _ in Double(Element(random.uniform(-1...1))) })
      }
      let (a, b) = (numbers(rows, inner), numbers(inner, columns))
      let before = numbers(rows, columns)
      let (panels, _) = RightFactor<Element>.panels(b, kernels)
      for adding in [false, true] {
        func product(_ right: RightFactor<Element>, transposed: Bool) -> GuardedMatrix<Element> {
          Self.product(a, transposed: transposed, right, adding: adding, before: before, kernels)
        }
        let whole = product(panels, transposed: false)
        let wanted = before.copy()
        wanted.formProductByDefinition(a, b, adding: adding)
        whole.expectClose(ulps: 600, "adding \(adding)") { wanted[$0, $1] }
        #expect(product(panels, transposed: true).storage == whole.storage)
        #expect(product(.strided(b, kernels), transposed: false).storage == whole.storage)
        for row in 0..<rows {
          let alone = Self.product(
            a.rows(row..<row + 1), transposed: false, panels, adding: adding,
            before: before.rows(row..<row + 1), kernels)
          #expect((0..<columns).allSatisfy { alone[0, $0] == whole[row, $0] }, "row \(row)")
        }
      }
    }
    try check(variant.element, variant.kernels())
  }

  /// Panel p holds the columns from p · width, row by row; what is left of the last is zero.
  @Test(arguments: KernelVariant.supported) func panelsArePaddedWithZeros(
    _ variant: KernelVariant
  ) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let width = kernels.panel_width
      for (k, n) in [(1, 1), (5, 16), (33, 33), (17, 64), (16, 65), (3, 250)] {
        let b = Matrix<Double>(rows: k, columns: n, (1...k * n).map(Double.init))
        let (panels, isSameTransposed) = RightFactor<Element>.panels(b, kernels)
        var expected: [Element] = []
        for left in stride(from: 0, to: n, by: width) {
          for i in 0..<k {
            for j in left..<left + width { expected.append(j < n ? Element(b[i, j]) : 0) }
          }
        }
        #expect(panels.storage == expected, "\(k) x \(n)")
        #expect(isSameTransposed, "\(k) x \(n)")
      }
    }
    try check(variant.element, variant.kernels())
  }
}
