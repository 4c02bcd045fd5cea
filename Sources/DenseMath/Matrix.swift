import UnrollText

/// A row-major matrix over shared, aligned memory.
///
/// A `Matrix` is a *view*: copies of the value, and the parts made by ``rows(_:)`` and
/// ``columns(_:)``, refer to the same elements; ``copy()`` makes new ones. Element (r, c) lies at
/// `r · stride + c` from the view's start.
///
/// Matrices may be read from several threads at once; threads that write must own disjoint parts,
/// as workers that own rows of a batch do.
public struct Matrix<Element: Scalar>: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Distance between the starts of neighboring rows, in elements.
  public let stride: Int
  let buffer: AlignedBuffer<Element>
  let offset: Int

  /// A new matrix of zeros.
  public init(rows: Int, columns: Int) {
    require(
      rows >= 0 && columns >= 0, "expected sizes of at least 0, got \(rows) × \(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    require(!overflow, "expected a size that fits memory, got \(rows) × \(columns)")
    self.init(
      rows: rows, columns: columns, stride: columns, buffer: AlignedBuffer(count: count), offset: 0)
  }

  /// A new matrix with the given elements, row by row.
  public init(rows: Int, columns: Int, _ elements: [Double]) {
    self.init(rows: rows, columns: columns)
    assign(elements)
  }

  private init(rows: Int, columns: Int, stride: Int, buffer: AlignedBuffer<Element>, offset: Int) {
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.buffer = buffer
    self.offset = offset
  }

  /// The number of elements, rows · columns.
  public var count: Int { rows * columns }

  /// Whether the rows follow each other without a gap.
  public var isContiguous: Bool { stride == columns || rows <= 1 }

  /// Where the elements start. The address is good only while the matrix lives, so take it with
  /// `withPointers(to:)`.
  var pointer: UnsafeMutablePointer<Element> { buffer.base + offset }

  /// One element; traps outside the matrix. Loops over elements belong in a kernel.
  public subscript(row: Int, column: Int) -> Element {
    @_specialize(where Element == Float)
    get {
      checkIndex(row, column)
      return withPointers(to: self) { $0[row * stride + column] }
    }
    @_specialize(where Element == Float)
    nonmutating set {
      checkIndex(row, column)
      withPointers(to: self) { $0[row * stride + column] = newValue }
    }
  }

  private func checkIndex(_ row: Int, _ column: Int, function: StaticString = #function) {
    require(
      row >= 0 && row < rows && column >= 0 && column < columns, indexMessage(row, column),
      function: function)
  }

  /// Made out of line, which keeps the check small enough to be inlined into loops over elements.
  @inline(never)
  private func indexMessage(_ row: Int, _ column: Int) -> String {
    "expected an element of \(rows) × \(columns), got (\(row), \(column))"
  }
}

// MARK: - Parts

extension Matrix {
  /// The rows `range`, as a view.
  @_specialize(where Element == Float)
  public func rows(_ range: Range<Int>) -> Matrix {
    require(
      range.lowerBound >= 0 && range.upperBound <= rows,
      "expected rows in 0..<\(rows), got \(range)")
    return Matrix(
      rows: range.count, columns: columns, stride: stride, buffer: buffer,
      offset: offset + range.lowerBound * stride)
  }

  /// The columns `range`, as a view.
  @_specialize(where Element == Float)
  public func columns(_ range: Range<Int>) -> Matrix {
    require(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "expected columns in 0..<\(columns), got \(range)")
    return Matrix(
      rows: rows, columns: range.count, stride: stride, buffer: buffer,
      offset: offset + range.lowerBound)
  }

  /// Block `index` of equally high blocks of rows: time step `index` of a sequence [T·B, n] with
  /// `height` = B.
  @_specialize(where Element == Float)
  public func block(_ index: Int, height: Int) -> Matrix {
    rows(index * height..<(index + 1) * height)
  }

  /// The same elements under other sizes; the matrix must be contiguous.
  @_specialize(where Element == Float)
  public func reshaped(rows newRows: Int, columns newColumns: Int) -> Matrix {
    checkContiguous()
    require(
      newRows >= 0 && newColumns >= 0 && newRows * newColumns == count,
      "expected sizes of \(count) elements, got \(newRows) × \(newColumns)")
    return Matrix(
      rows: newRows, columns: newColumns, stride: newColumns, buffer: buffer, offset: offset)
  }

  /// Elements `range` of a contiguous matrix as one row.
  @_specialize(where Element == Float)
  public func slice(_ range: Range<Int>) -> Matrix {
    checkContiguous()
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "expected elements in 0..<\(count), got \(range)")
    return Matrix(
      rows: 1, columns: range.count, stride: range.count, buffer: buffer,
      offset: offset + range.lowerBound)
  }
}

// MARK: - Copying and converting

extension Matrix {
  /// A matrix of its own with the same elements.
  public func copy() -> Matrix {
    let result = Matrix(rows: rows, columns: columns)
    result.assign(self)
    return result
  }

  /// Copies the elements of `other`, which must have the same sizes.
  @_specialize(where Element == Float)
  public func assign(_ other: Matrix) {
    checkSameSize(other)
    forEachLine(with: other) { length, target, source in
      target.update(from: source, count: length)
    }
  }

  /// Copies `values` row by row, rounded to the element type.
  public func assign(_ values: [Double]) {
    require(values.count == count, "expected \(count) elements, got \(values.count)")
    values.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      withPointers(to: self) { target in
        for row in 0..<rows {
          Element.backend.fromDoubles(columns, start + row * columns, target + row * stride)
        }
      }
    }
  }

  /// Copies the elements of a Float64 matrix, rounded to the element type.
  @_specialize(where Element == Float)
  public func assign(rounding other: Matrix<Double>) {
    require(
      rows == other.rows && columns == other.columns,
      "expected \(rows) × \(columns), got \(other.rows) × \(other.columns)")
    withPointers(to: self, other) { target, source in
      for row in 0..<rows {
        Element.backend.fromDoubles(columns, source + row * other.stride, target + row * stride)
      }
    }
  }

  /// Sets every element.
  @_specialize(where Element == Float)
  public func fill(_ value: Element) {
    forEachLine { length, target in Element.backend.fill(length, value, target) }
  }

  /// The elements row by row, as they are.
  public var elements: [Element] {
    withPointers(to: self) { source in
      (0..<rows).flatMap { row in
        Array(UnsafeBufferPointer(start: source + row * stride, count: columns))
      }
    }
  }

  /// The elements row by row, as Float64.
  public var values: [Double] {
    // All empty arrays share one storage, whose count would be written.
    if count == 0 { return [] }
    return [Double](unsafeUninitializedCapacity: count) { target, filled in
      guard let start = target.baseAddress else { return }
      withPointers(to: self) { source in
        for row in 0..<rows {
          Element.backend.toDoubles(columns, source + row * stride, start + row * columns)
        }
      }
      filled = count
    }
  }
}

// MARK: - What operations share

extension Matrix {
  /// Calls `body` with the length and the start of each line: a contiguous matrix is a single one,
  /// any other has one for each row.
  @inline(__always)
  func forEachLine(_ body: (_ length: Int, UnsafeMutablePointer<Element>) -> Void) {
    let (lines, length) = isContiguous ? (1, count) : (rows, columns)
    withPointers(to: self) { start in
      for line in 0..<lines { body(length, start + line * stride) }
    }
  }

  /// Calls `body` with the length and the starts of the same line in both matrices, which have one
  /// size.
  @inline(__always)
  func forEachLine(
    with other: Matrix,
    _ body: (_ length: Int, UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>) -> Void
  ) {
    let (lines, length) = isContiguous && other.isContiguous ? (1, count) : (rows, columns)
    withPointers(to: self, other) { start, otherStart in
      for line in 0..<lines {
        body(length, start + line * stride, otherStart + line * other.stride)
      }
    }
  }

  /// - Parameters:
  ///   - name: what the operation calls `other`, where it takes several matrices.
  ///   - function: the operation.
  func checkSameSize(
    _ other: Matrix, as name: String = "", function: StaticString = #function
  ) {
    require(
      rows == other.rows && columns == other.columns,
      "expected \(name)\(name.isEmpty ? "" : " ")\(rows) × \(columns), "
        + "got \(other.rows) × \(other.columns)",
      function: function)
  }

  /// - Parameter function: the operation.
  func checkContiguous(function: StaticString = #function) {
    require(
      isContiguous,
      "expected a contiguous matrix, got \(rows) × \(columns) with stride \(stride); copy() makes one",
      function: function)
  }
}
