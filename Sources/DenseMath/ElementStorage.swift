/// Whatever owns elements in memory that C code reads and writes.
protocol ElementStorage<Element> {
  associatedtype Element: Scalar

  /// Where the elements start. The address is good only while the storage lives, so take it with
  /// `withPointers(to:)`.
  var pointer: UnsafeMutablePointer<Element> { get }
}

// Swift may release an object right after its last use, and a call on a bare address does not use
// the object that owns the memory. These functions use it again after the call. They are inlined and
// retain nothing, so they cost nothing.

/// Calls `body` with the start of the elements, which live until it returns.
@inline(__always)
func withPointers<A: ElementStorage, Result>(
  to a: A, _ body: (UnsafeMutablePointer<A.Element>) -> Result
) -> Result {
  defer { extendLifetime(a) }
  return body(a.pointer)
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<A: ElementStorage, B: ElementStorage, Result>(
  to a: A, _ b: B,
  _ body: (UnsafeMutablePointer<A.Element>, UnsafeMutablePointer<B.Element>) -> Result
) -> Result {
  withPointers(to: a) { a in withPointers(to: b) { b in body(a, b) } }
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<A: ElementStorage, B: ElementStorage, C: ElementStorage, Result>(
  to a: A, _ b: B, _ c: C,
  _ body: (
    UnsafeMutablePointer<A.Element>, UnsafeMutablePointer<B.Element>,
    UnsafeMutablePointer<C.Element>
  ) -> Result
) -> Result {
  withPointers(to: a, b) { a, b in withPointers(to: c) { c in body(a, b, c) } }
}

/// Calls `body` with the starts of the elements, which live until it returns.
@inline(__always)
func withPointers<
  A: ElementStorage, B: ElementStorage, C: ElementStorage, D: ElementStorage, Result
>(
  to a: A, _ b: B, _ c: C, _ d: D,
  _ body: (
    UnsafeMutablePointer<A.Element>, UnsafeMutablePointer<B.Element>,
    UnsafeMutablePointer<C.Element>, UnsafeMutablePointer<D.Element>
  ) -> Result
) -> Result {
  withPointers(to: a, b, c) { a, b, c in withPointers(to: d) { d in body(a, b, c, d) } }
}
