import UnrollDenseMath

/// How fast this machine multiplies square matrices on one thread.
package struct ProductSpeed: Sendable {
  /// n of the [n, n] matrices.
  package let size: Int
  /// 10⁹ multiplications and additions a second, of the best repeat.
  package let gigaflops: Double

  /// Multiplies once to warm up, then at least twice and until `seconds` have passed.
  package static func measure<Element: Scalar>(
    _ type: Element.Type, size: Int = 384, seconds: Double = 0.01
  ) -> ProductSpeed {
    let (a, b) = (
      Matrix<Element>(rows: size, columns: size), Matrix<Element>(rows: size, columns: size)
    )
    let product = Matrix<Element>(rows: size, columns: size)
    a.fill(0.5)
    b.fill(0.25)
    product.formProduct(a, b)
    let start = ContinuousClock.now
    var best = Double.infinity
    var repeats = 0
    while repeats < 2 || (ContinuousClock.now - start).seconds < seconds {
      let begin = ContinuousClock.now
      product.formProduct(a, b)
      best = min(best, (ContinuousClock.now - begin).seconds)
      repeats += 1
    }
    let operations = 2 * Double(size) * Double(size) * Double(size)
    return ProductSpeed(size: size, gigaflops: operations / best / 1e9)
  }
}
