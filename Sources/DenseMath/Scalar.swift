import CUnrollOpenBLAS
import CUnrollVectorKernels

/// The element type of matrices: `Float` trains, `Double` measures.
///
/// Generic code works on whole arrays through ``Matrix``; a scalar type only says which library
/// routines to call. `Float` and `Double` are the two conforming types.
///
/// What training enters from another module is marked `@_specialize(where Element == Float)`: Swift
/// compiles it for Float32 as well. Without that it looks types up at run time, for about a quarter of
/// the time of a small model's update.
public protocol Scalar: BinaryFloatingPoint, LosslessStringConvertible, Sendable {
  /// The library routines for this type.
  static var backend: Backend<Self> { get }
  /// The vector kernels in use for this type.
  static var kernelTable: KernelTable { get }
}

/// The vector kernels for one element type.
public struct KernelTable: Sendable {
  nonisolated(unsafe) let pointer: UnsafePointer<unroll_kernels>
}

/// The library routines for one element type.
///
/// Pointers stay inside this module; ``Matrix`` checks sizes before each call.
public struct Backend<Element: Scalar>: Sendable {
  typealias Source = UnsafePointer<Element>
  typealias Target = UnsafeMutablePointer<Element>

  /// C = alpha op(A) op(B) + beta C, row-major.
  let gemm:
    @Sendable (
      _ transposeA: CBLAS_TRANSPOSE, _ transposeB: CBLAS_TRANSPOSE, _ m: Int32, _ n: Int32,
      _ k: Int32, _ alpha: Element, _ a: Source, _ lda: Int32, _ b: Source, _ ldb: Int32,
      _ beta: Element, _ c: Target, _ ldc: Int32
    ) -> Void
  /// y += alpha x
  let axpy: @Sendable (_ n: Int32, _ alpha: Element, _ x: Source, _ y: Target) -> Void
  /// x *= alpha
  let scale: @Sendable (_ n: Int32, _ alpha: Element, _ x: Target) -> Void
  /// Sum of |x_i|.
  let absoluteSum: @Sendable (_ n: Int32, _ x: Source) -> Double
  /// y = value
  let fill: @Sendable (_ n: Int, _ value: Element, _ y: Target) -> Void
  /// y = x, rounded to the element type. Concrete loops, because a generic one over two element
  /// types runs tens of times slower.
  let fromDoubles: @Sendable (_ n: Int, _ x: UnsafePointer<Double>, _ y: Target) -> Void
  /// y[i · stride] = x[i], rounded to the element type.
  let spreadDoubles:
    @Sendable (_ n: Int, _ x: UnsafePointer<Double>, _ y: Target, _ stride: Int) -> Void
  /// y = x, exactly.
  let toDoubles: @Sendable (_ n: Int, _ x: Source, _ y: UnsafeMutablePointer<Double>) -> Void
}

extension Float: Scalar {
  /// OpenBLAS's routines for Float32.
  public static let backend: Backend<Float> = {
    _ = BLASLibrary.shared
    return Backend(
      gemm: { cblas_sgemm(CblasRowMajor, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) },
      axpy: { cblas_saxpy($0, $1, $2, 1, $3, 1) },
      scale: { cblas_sscal($0, $1, $2, 1) },
      absoluteSum: { Double(cblas_sasum($0, $1, 1)) },
      fill: { n, value, y in y.update(repeating: value, count: n) },
      fromDoubles: { n, x, y in for i in 0..<n { y[i] = Float(x[i]) } },
      spreadDoubles: { n, x, y, stride in for i in 0..<n { y[i * stride] = Float(x[i]) } },
      toDoubles: { n, x, y in for i in 0..<n { y[i] = Double(x[i]) } })
  }()

  /// The vector kernels in use for Float32.
  public static let kernelTable = KernelTable(pointer: unroll_kernels_float())
}

extension Double: Scalar {
  /// OpenBLAS's routines for Float64.
  public static let backend: Backend<Double> = {
    _ = BLASLibrary.shared
    return Backend(
      gemm: { cblas_dgemm(CblasRowMajor, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) },
      axpy: { cblas_daxpy($0, $1, $2, 1, $3, 1) },
      scale: { cblas_dscal($0, $1, $2, 1) },
      absoluteSum: { cblas_dasum($0, $1, 1) },
      fill: { n, value, y in y.update(repeating: value, count: n) },
      fromDoubles: { n, x, y in y.update(from: x, count: n) },
      spreadDoubles: { n, x, y, stride in for i in 0..<n { y[i * stride] = x[i] } },
      toDoubles: { n, x, y in y.update(from: x, count: n) })
  }()

  /// The vector kernels in use for Float64.
  public static let kernelTable = KernelTable(pointer: unroll_kernels_double())
}
