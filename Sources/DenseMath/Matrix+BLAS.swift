import CUnrollOpenBLAS
import UnrollText

/// Which factor of a product enters transposed.
public enum Transposition: Sendable, CaseIterable {
  /// Neither factor.
  case none
  /// The first factor.
  case left
  /// The second factor.
  case right
}

extension Matrix {
  /// self = op(a) · op(b), or self += op(a) · op(b) with `adding`; op transposes the factor named.
  ///
  /// Sizes: op(a) is rows × k and op(b) k × columns. `self` must not overlap `a` or `b`.
  public func formProduct(
    _ a: Matrix, _ b: Matrix, transposing: Transposition = .none, adding: Bool = false
  ) {
    let (m, inner) = transposing == .left ? (a.columns, a.rows) : (a.rows, a.columns)
    let (k, n) = transposing == .right ? (b.columns, b.rows) : (b.rows, b.columns)
    require(
      m == rows && n == columns && inner == k,
      "expected op(a) \(rows) × k and op(b) k × \(columns), got \(m) × \(inner) and \(k) × \(n)")
    if count == 0 { return }
    if k == 0 {
      if !adding { fill(0) }
      return
    }
    withPointers(to: a, b, self) { left, right, product in
      Element.backend.gemm(
        transposing == .left ? CblasTrans : CblasNoTrans,
        transposing == .right ? CblasTrans : CblasNoTrans, blasSize(m), blasSize(n), blasSize(k), 1,
        left, blasSize(a.stride), right, blasSize(b.stride), adding ? 1 : 0, product,
        blasSize(stride))
    }
  }

  /// self += scale · other, for contiguous matrices of one size.
  public func add(_ other: Matrix, scale: Element = 1) {
    checkSameSize(other)
    checkContiguous()
    other.checkContiguous()
    withPointers(to: other, self) { Element.backend.axpy(blasSize(count), scale, $0, $1) }
  }

  /// self *= factor; rows may have gaps.
  public func scale(by factor: Element) {
    let (lines, length) = isContiguous ? (1, count) : (rows, columns)
    withPointers(to: self) { target in
      for line in 0..<lines {
        Element.backend.scale(blasSize(length), factor, target + line * stride)
      }
    }
  }

  /// The sum of the elements' absolute values, for a contiguous matrix.
  public var absoluteSum: Double {
    checkContiguous()
    return withPointers(to: self) { Element.backend.absoluteSum(blasSize(count), $0) }
  }

  func checkContiguous() {
    require(
      isContiguous, "expected a contiguous matrix, got \(rows) × \(columns) with stride \(stride)")
  }
}

/// A size as BLAS takes it.
private func blasSize(_ value: Int) -> Int32 {
  require(value <= Int(Int32.max), "expected a size below 2³¹, got \(value)")
  return Int32(value)
}
