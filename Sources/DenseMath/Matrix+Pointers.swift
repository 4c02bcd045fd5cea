import UnrollText

// Swift may release an object right after its last use, and a call on a bare address does not use
// the object that owns the memory. These functions use it again after the call. They neither
// retain nor allocate.

/// Calls `body` with the start of the elements, which live until it returns.
@inline(__always)
func withPointers<A, Result>(
  to a: Matrix<A>, _ body: (UnsafeMutablePointer<A>) -> Result
) -> Result {
  let result = body(a.pointer)
  extendLifetime(a)
  return result
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<A, B, Result>(
  to a: Matrix<A>, _ b: Matrix<B>,
  _ body: (UnsafeMutablePointer<A>, UnsafeMutablePointer<B>) -> Result
) -> Result {
  withPointers(to: a) { a in withPointers(to: b) { b in body(a, b) } }
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<A, B, C, Result>(
  to a: Matrix<A>, _ b: Matrix<B>, _ c: Matrix<C>,
  _ body: (UnsafeMutablePointer<A>, UnsafeMutablePointer<B>, UnsafeMutablePointer<C>) -> Result
) -> Result {
  withPointers(to: a, b) { a, b in withPointers(to: c) { c in body(a, b, c) } }
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<A, B, C, D, Result>(
  to a: Matrix<A>, _ b: Matrix<B>, _ c: Matrix<C>, _ d: Matrix<D>,
  _ body: (
    UnsafeMutablePointer<A>, UnsafeMutablePointer<B>, UnsafeMutablePointer<C>,
    UnsafeMutablePointer<D>
  ) -> Result
) -> Result {
  withPointers(to: a, b, c) { a, b, c in withPointers(to: d) { d in body(a, b, c, d) } }
}

extension Matrix {
  /// Calls `body` with the elements of a matrix whose rows follow each other without a gap, for calls
  /// of other libraries.
  package func withElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Element>) -> Result
  ) -> Result {
    require(isContiguous, "expected rows without a gap between them")
    return withPointers(to: self) { body(UnsafeMutableBufferPointer(start: $0, count: count)) }
  }
}
