import CUnrollVectorKernels
import Foundation
import UnrollText

extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  /// Sets every row to `first`, or to `first` + `second`; both are rows [1, columns].
  @_specialize(where Element == Float)
  public func fillRows(_ first: Matrix, plus second: Matrix? = nil) {
    checkRow(first)
    guard let second else {
      return withPointers(to: first, self) { kernels.fill_rows(rows, columns, $0, nil, $1, stride) }
    }
    checkRow(second)
    withPointers(to: first, second, self) { kernels.fill_rows(rows, columns, $0, $1, $2, stride) }
  }

  /// Adds the sum of `matrix`'s rows to this row [1, columns].
  @_specialize(where Element == Float)
  public func addColumnSums(of matrix: Matrix) {
    matrix.checkRow(self)
    withPointers(to: matrix, self) {
      kernels.add_column_sums(matrix.rows, matrix.columns, $0, matrix.stride, $1)
    }
  }

  /// self[r] += table[indices[r]] for each row r: the product of one-hot rows with a table.
  @_specialize(where Element == Float)
  public func addRows(of table: Matrix, at indices: ArraySlice<Int32>) {
    checkIndices(indices, table: table, rows: rows)
    require(
      table.columns == columns, "expected \(columns) columns, got \(table.columns)")
    indices.withUnsafeBufferPointer { index in
      guard let start = index.baseAddress else { return }
      withPointers(to: table, self) {
        kernels.gather_add_rows(rows, columns, start, $0, table.stride, $1, stride)
      }
    }
  }

  /// self[indices[r]] += source[r] for each row r of `source`, in order.
  @_specialize(where Element == Float)
  public func scatterAddRows(_ source: Matrix, at indices: ArraySlice<Int32>) {
    checkIndices(indices, table: self, rows: source.rows)
    require(source.columns == columns, "expected \(columns) columns, got \(source.columns)")
    indices.withUnsafeBufferPointer { index in
      guard let start = index.baseAddress else { return }
      withPointers(to: source, self) {
        kernels.scatter_add_rows(source.rows, columns, start, $0, source.stride, $1, stride)
      }
    }
  }

  /// self = sourceᵀ.
  public func formTranspose(of source: Matrix) {
    require(
      rows == source.columns && columns == source.rows,
      "expected \(columns) × \(rows), got \(source.rows) × \(source.columns)")
    withPointers(to: source, self) {
      kernels.transpose(source.rows, source.columns, $0, source.stride, $1, stride)
    }
  }

  /// self += other, element by element; rows may have gaps.
  @_specialize(where Element == Float)
  public func addElements(of other: Matrix) {
    checkSameSize(other)
    withPointers(to: other, self) {
      kernels.add(rows, columns, $0, other.stride, $1, stride)
    }
  }

  /// self ⊙= other, element by element; rows may have gaps.
  @_specialize(where Element == Float)
  public func multiplyElements(by other: Matrix) {
    checkSameSize(other)
    withPointers(to: other, self) {
      kernels.multiply(rows, columns, $0, other.stride, $1, stride)
    }
  }

  /// self ⊘= other, element by element; rows may have gaps.
  public func divideElements(by other: Matrix) {
    checkSameSize(other)
    withPointers(to: other, self) {
      kernels.divide(rows, columns, $0, other.stride, $1, stride)
    }
  }

  /// self = √other, element by element; rows may have gaps.
  public func formSquareRoots(of other: Matrix) {
    checkSameSize(other)
    withPointers(to: other, self) {
      kernels.square_root(rows, columns, $0, other.stride, $1, stride)
    }
  }

  /// Writes each row's Euclidean norm to `norms`, scaled so that no square under- or overflows.
  @_specialize(where Element == Float)
  public func rowNorms(into norms: inout [Double]) {
    require(norms.count == rows, "expected room for \(rows) norms, got \(norms.count)")
    norms.withUnsafeMutableBufferPointer { target in
      guard let start = target.baseAddress else { return }
      withPointers(to: self) { kernels.row_norms(rows, columns, $0, stride, start) }
    }
  }

  /// The Euclidean norm of the elements, scaled likewise; rows may have gaps.
  public var norm: Double {
    @_specialize(where Element == Float)
    get {
      var result = 0.0
      forEachLine { length, source in
        var norm = 0.0
        kernels.row_norms(1, length, source, max(length, 1), &norm)
        result = hypot(result, norm)
      }
      return result
    }
  }

  /// Σ self ⊙ other in Float64; rows may have gaps. Products of Float64 elements are taken as they
  /// are, so that they may under- or overflow.
  @_specialize(where Element == Float)
  public func dot(_ other: Matrix) -> Double {
    checkSameSize(other)
    var sum = 0.0
    forEachLine(with: other) { length, a, b in sum += kernels.dot(length, a, b) }
    return sum
  }

  /// Clamps the elements to ±limit; true when one changed. Rows may have gaps.
  public func clamp(to limit: Double) -> Bool {
    var isChanged = false
    forEachLine { length, target in
      if kernels.clamp(length, limit, target) { isChanged = true }
    }
    return isChanged
  }

  /// self += scale · sign(other), element by element; rows may have gaps.
  public func addSign(of other: Matrix, scale: Double) {
    checkSameSize(other)
    forEachLine(with: other) { length, target, source in
      kernels.add_sign(length, scale, source, target)
    }
  }

  /// Whether every element is finite; rows may have gaps.
  public var isFinite: Bool {
    isBelow(powerOfTwo: Int(Element.greatestFiniteMagnitude.exponent) + 1)
  }

  /// Whether |x| < 2ᵏ for every element x, so that none is NaN; rows may have gaps.
  ///
  /// - Precondition: 0 ≤ k, and 2ᵏ⁻¹ is finite.
  public func isBelow(powerOfTwo k: Int) -> Bool {
    require(
      (0...Int(Element.greatestFiniteMagnitude.exponent) + 1).contains(k),
      "expected an exponent of \(Element.self), got \(k)")
    var result = true
    forEachLine { length, source in
      if !kernels.all_below(length, UInt32(k), source) { result = false }
    }
    return result
  }

  private func checkRow(_ row: Matrix, function: StaticString = #function) {
    row.checkContiguous(function: function)
    require(
      row.count == columns,
      "expected a row of \(columns) elements, got \(row.rows) × \(row.columns)",
      function: function)
  }

  private func checkIndices(
    _ indices: ArraySlice<Int32>, table: Matrix, rows: Int, function: StaticString = #function
  ) {
    require(
      indices.count == rows, "expected \(rows) indices, got \(indices.count)", function: function)
    for index in indices {
      require(
        index >= 0 && Int(index) < table.rows,
        "expected indices in 0..<\(table.rows), got \(index)", function: function)
    }
  }
}
