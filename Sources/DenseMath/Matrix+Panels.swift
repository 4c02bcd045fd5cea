import CVectorKernels

extension Matrix {
  /// self = op(a) · b, or self += op(a) · b with `adding`; op transposes for `.left`.
  ///
  /// The same as the product of plain matrices, but every sum is in the order of k, whatever
  /// the sizes: a row's result does not depend on the others.
  public func formProduct(
    _ a: Matrix, _ b: Panels<Element>, transposing: Transposition = .none, adding: Bool = false
  ) {
    let (m, k) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(
      transposing != .right && m == rows && b.columns == columns && k == b.rows,
      "expected op(a) \(rows) × k and b k × \(columns), got \(m) × \(k) and \(b.rows) × \(b.columns)"
    )
    if k == 0 && !adding { fill(0) }
    Element.backend.kernels.pointee.product(
      m, columns, k, a.pointer, transposing == .left ? 1 : a.stride,
      transposing == .left ? a.stride : 1, b.pointer, k * Panels<Element>.width,
      Panels<Element>.width, adding, pointer, stride)
  }

  /// self = op(a) · b, or self += op(a) · b, for an `a` of so few columns (rows under `.left`) that
  /// laying `b` out would not pay: b is read as it lies, in whole vectors, and must come from
  /// ``init(rows:paddedColumns:)``.
  public func formSkinnyProduct(
    _ a: Matrix, _ b: Matrix, transposing: Transposition = .none, adding: Bool = false
  ) {
    let (m, k) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(
      transposing != .right && m == rows && b.columns == columns && k == b.rows,
      "expected op(a) \(rows) × k and b k × \(columns), got \(m) × \(k) and \(b.rows) × \(b.columns)"
    )
    let kernels = Element.backend.kernels.pointee
    let read = (columns + kernels.vector_width - 1) / kernels.vector_width * kernels.vector_width
    precondition(
      b.offset + (k - 1) * b.stride + read <= b.buffer.count, "expected b with padded columns")
    if k == 0 && !adding { fill(0) }
    kernels.product(
      m, columns, k, a.pointer, transposing == .left ? 1 : a.stride,
      transposing == .left ? a.stride : 1, b.pointer, Panels<Element>.width, b.stride, adding,
      pointer, stride)
  }

  /// Zeros, whose rows have room behind them: whole vectors can be read, and rows at a power of two
  /// apart do not compete for the same places in the caches.
  public init(rows: Int, paddedColumns columns: Int) {
    let padding = AlignedBuffer<Element>.alignment / MemoryLayout<Element>.stride
    let padded = (columns + padding - 1) / padding * padding + padding
    self = Matrix(rows: rows, columns: padded).columns(0..<columns)
  }
}
