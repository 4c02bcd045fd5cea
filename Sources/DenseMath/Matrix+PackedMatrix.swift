import CUnrollVectorKernels
import UnrollText

extension Matrix {
  /// self = op(a) · b, or self += op(a) · b with `adding`; op transposes for `.left`.
  ///
  /// The same as the product of plain matrices, but every sum is in the order of k, whatever
  /// the sizes: a row's result does not depend on the others.
  @_specialize(where Element == Float)
  public func formProduct(
    _ a: Matrix, _ b: PackedMatrix<Element>, transposing: Transposition = .none,
    adding: Bool = false
  ) {
    let (m, k) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    require(
      transposing != .right && m == rows && b.columns == columns && k == b.rows,
      "expected op(a) \(rows) × k and b k × \(columns), got \(m) × \(k) and \(b.rows) × \(b.columns)"
    )
    if k == 0 && !adding { fill(0) }
    let width = PackedMatrix<Element>.width
    withPointers(to: b.panels, self) { factor, target in
      multiply(
        a, transposing, factor, panel: k * width, row: width, addend: adding ? target : nil,
        stride: stride)
    }
  }

  /// self = a · b + `row` in every row.
  @_specialize(where Element == Float)
  public func formProduct(_ a: Matrix, _ b: PackedMatrix<Element>, plusRow row: Matrix) {
    require(
      a.rows == rows && b.columns == columns && a.columns == b.rows && row.count == columns
        && row.isContiguous,
      "expected a \(rows) × k, b k × \(columns) and a row, got \(a.rows) × \(a.columns), \(b.rows) × \(b.columns), \(row.count)"
    )
    if a.columns == 0 { return fillRows(row) }
    let width = PackedMatrix<Element>.width
    withPointers(to: b.panels, row) { factor, addend in
      multiply(
        a, .none, factor, panel: a.columns * width, row: width, addend: addend, stride: 0)
    }
  }

  /// self = addend + op(a) · b.
  ///
  /// - Parameters:
  ///   - panel: the elements from one panel of b to the next.
  ///   - row: the elements from one row of a panel to the next.
  ///   - addend: nil adds nothing.
  ///   - addendStride: the elements from one row of the addend to the next; 0 repeats one row.
  private func multiply(
    _ a: Matrix, _ transposing: Transposition, _ b: UnsafePointer<Element>, panel: Int, row: Int,
    addend: UnsafePointer<Element>?, stride addendStride: Int
  ) {
    let (m, k) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    let (step, inner) = transposing == .left ? (1, a.stride) : (a.stride, 1)
    withPointers(to: a, self) { left, target in
      Element.kernelTable.pointer.pointee.product(
        m, columns, k, left, step, inner, b, panel, row, addend, addendStride, target, stride)
    }
  }

  /// self = op(a) · b, or self += op(a) · b, with `b` read where it lies instead of packed.
  ///
  /// Faster where `a` has few columns (few rows under `.left`). `b` is read in whole vectors, so it
  /// must come from ``init(rows:paddedColumns:)``.
  @_specialize(where Element == Float)
  public func formSkinnyProduct(
    _ a: Matrix, _ b: Matrix, transposing: Transposition = .none, adding: Bool = false
  ) {
    let (m, k) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    require(
      transposing != .right && m == rows && b.columns == columns && k == b.rows,
      "expected op(a) \(rows) × k and b k × \(columns), got \(m) × \(k) and \(b.rows) × \(b.columns)"
    )
    let kernels = Element.kernelTable.pointer.pointee
    let read = (columns + kernels.vector_width - 1) / kernels.vector_width * kernels.vector_width
    require(
      b.offset + (k - 1) * b.stride + read <= b.buffer.count,
      "expected b with padded columns, got \(b.rows) × \(b.columns) with stride \(b.stride)")
    if k == 0 && !adding { fill(0) }
    withPointers(to: b, self) { factor, target in
      multiply(
        a, transposing, factor, panel: PackedMatrix<Element>.width, row: b.stride,
        addend: adding ? target : nil, stride: stride)
    }
  }

  /// A matrix of zeros with room after each row, so that whole vectors can be read, and so that rows
  /// a power of two apart do not compete for the same places in the caches.
  public init(rows: Int, paddedColumns columns: Int) {
    let padding = AlignedBuffer<Element>.alignment / MemoryLayout<Element>.stride
    let padded = (columns + padding - 1) / padding * padding + padding
    self = Matrix(rows: rows, columns: padded).columns(0..<columns)
  }
}
