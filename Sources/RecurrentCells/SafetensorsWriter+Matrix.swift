import UnrollDenseMath
import UnrollFileFormats

extension SafetensorsWriter {
  /// Adds a matrix's elements under `shape`, in the matrix's own type.
  public mutating func append<Element: Scalar>(
    _ name: String, shape: [Int], _ matrix: Matrix<Element>
  ) {
    if let floats = matrix.elements as? [Float] {
      append(name, shape: shape, floats)
    } else {
      append(name, shape: shape, matrix.values)
    }
  }
}
