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
  @_specialize(where Element == Float)
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

  /// self += scale · other, element by element; rows may have gaps.
  @_specialize(where Element == Float)
  public func add(_ other: Matrix, scale: Element = 1) {
    checkSameSize(other)
    forEachLine(with: other) { length, target, source in
      Element.backend.axpy(blasSize(length), scale, source, target)
    }
  }

  /// self *= factor; rows may have gaps.
  @_specialize(where Element == Float)
  public func scale(by factor: Element) {
    forEachLine { length, target in Element.backend.scale(blasSize(length), factor, target) }
  }

  /// The sum of the elements' absolute values; rows may have gaps.
  public var absoluteSum: Double {
    @_specialize(where Element == Float)
    get {
      var sum = 0.0
      forEachLine { length, source in sum += Element.backend.absoluteSum(blasSize(length), source) }
      return sum
    }
  }
}

/// A size as BLAS takes it.
private func blasSize(_ value: Int, function: StaticString = #function) -> Int32 {
  require(
    value <= Int(Int32.max), "expected a size below 2³¹, got \(value)", function: function)
  return Int32(value)
}
