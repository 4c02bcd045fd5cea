import CUnrollVectorKernels
import UnrollText

/// Multiply-adds on registers alone: the most arithmetic that the vector kernels in use can do.
public enum MultiplyAddPeak {
  /// Makes `iterations` rounds over independent vector registers on the calling thread.
  ///
  /// - Returns: the number of floating-point operations made, two a multiply-add.
  @discardableResult
  public static func run<Element: Scalar>(_ type: Element.Type, iterations: Int) -> Double {
    require(iterations >= 0, "expected at least 0 iterations, got \(iterations)")
    let total = Matrix<Element>(rows: 1, columns: 1)
    return withPointers(to: total) {
      Element.kernelTable.pointer.pointee.multiply_add_peak(iterations, $0)
    }
  }
}
