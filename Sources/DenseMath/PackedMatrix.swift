import UnrollText

/// The right factor of a product [K × N], laid out once for many products with it.
///
/// Columns lie in panels a few vectors wide, row by row, so that a product reads it front to back.
/// BLAS lays a factor out anew at every call, which costs as much as the product itself where the
/// other factor has few rows: a batch's, against the same weights at every time step.
///
/// Sendable under the rule of ``Matrix``: threads may read it at once, and those that share an
/// ``assign(_:transposed:part:of:)`` write disjoint panels. `rows` changes only when a single thread
/// assigns the whole matrix, which then must be alone.
public final class PackedMatrix<Element: Scalar>: @unchecked Sendable {
  /// K of the matrix packed last.
  public private(set) var rows: Int
  /// N.
  public let columns: Int
  private let capacity: Int
  /// The panels one after the other, as one row.
  let panels: Matrix<Element>

  /// A packed matrix of zeros.
  ///
  /// - Parameter rows: the most rows it can hold.
  public init(rows: Int, columns: Int) {
    require(
      rows >= 0 && columns >= 0, "expected sizes of at least 0, got \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    capacity = rows
    panels = Matrix(rows: 1, columns: rows * Self.count(of: columns) * Self.width)
  }

  /// The columns of a panel.
  static var width: Int { Element.kernelTable.pointer.pointee.panel_width }

  private static func count(of columns: Int) -> Int { (columns + width - 1) / width }

  /// Where the panels start; good only while the matrix lives.
  var pointer: UnsafeMutablePointer<Element> { panels.pointer }

  /// Packs `matrix` [K × N], or `matrix`ᵀ.
  ///
  /// - Parameters:
  ///   - part, parts: lay out this part of the panels only, so that several threads can share the
  ///     work; K must then be the capacity.
  @_specialize(where Element == Float)
  public func assign(
    _ matrix: Matrix<Element>, transposed: Bool = false, part: Int = 0, of parts: Int = 1
  ) {
    let (k, n) = transposed ? (matrix.columns, matrix.rows) : (matrix.rows, matrix.columns)
    require(
      n == columns && (parts == 1 ? k <= capacity : k == rows),
      "expected \(capacity) × \(columns), got \(k) × \(n)")
    if parts == 1 { rows = k }
    let count = Self.count(of: columns)
    let first = part * count / parts
    let columns = first * Self.width..<min((part + 1) * count / parts * Self.width, columns)
    guard !columns.isEmpty else { return }
    let strides = transposed ? (k: 1, n: matrix.stride) : (k: matrix.stride, n: 1)
    withPointers(to: matrix, panels) { source, target in
      Element.kernelTable.pointer.pointee.lay_out_panels(
        k, columns.count, source + columns.lowerBound * strides.n, strides.k, strides.n,
        target + columns.lowerBound * k)
    }
  }
}
