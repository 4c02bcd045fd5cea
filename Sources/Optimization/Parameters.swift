import UnrollDenseMath
import UnrollText

/// Parameters, or anything laid out like them: one flat row with named views.
public struct Parameters<Element: Scalar>: Sendable {
  /// Where each parameter lies.
  public let layout: ParameterLayout
  /// All elements, as one row [1, count].
  public let values: Matrix<Element>

  /// Zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    self.values = Matrix(rows: 1, columns: layout.count)
  }

  /// The parameter `name` as a view, a vector as one row.
  public subscript(name: String) -> Matrix<Element> {
    guard let entry = layout.entry(name) else {
      requirementFailed("expected one of \(layout.entries.map(\.name)), got \(name)")
    }
    return self[entry]
  }

  public subscript(entry: ParameterLayout.Entry) -> Matrix<Element> {
    @_specialize(where Element == Float)
    get {
      let columns = entry.shape.last ?? 1
      return values.slice(entry.range).reshaped(
        rows: columns == 0 ? 0 : entry.count / columns, columns: columns)
    }
  }

  /// The same numbers in memory of their own.
  public func copy() -> Parameters {
    let result = Parameters(layout)
    result.values.assign(values)
    return result
  }
}
