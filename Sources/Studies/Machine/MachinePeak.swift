import UnrollDenseMath

/// The most arithmetic this machine does on some threads, in 10⁹ multiplications and additions a
/// second, each the best of a few repeats.
package struct MachinePeak: Sendable, Equatable {
  /// n of the [n, n] matrices of the product.
  package static let size = 2_048

  /// One product by BLAS, of which each thread forms some rows.
  package var product: Double
  /// Multiply-adds on registers alone.
  package var multiplyAdd: Double

  package static func measure<Element: Scalar>(
    _ type: Element.Type, threads: Int, size: Int = size
  ) -> MachinePeak {
    // More threads than cores take turns: no more arithmetic, but a long wait.
    let threads = min(threads, Workers.availableCores)
    return MachinePeak(
      product: product(type, threads: threads, size: size),
      multiplyAdd: multiplyAdd(type, threads: threads))
  }

  /// Of each figure the larger, because what else runs on the machine only ever lowers them.
  package func larger(_ other: MachinePeak) -> MachinePeak {
    MachinePeak(
      product: max(product, other.product), multiplyAdd: max(multiplyAdd, other.multiplyAdd))
  }

  private static func product<Element: Scalar>(
    _ type: Element.Type, threads: Int, size: Int
  ) -> Double {
    let matrices = (0..<3).map { _ in Matrix<Element>(rows: size, columns: size) }
    let (a, b, result) = (matrices[0], matrices[1], matrices[2])
    a.fill(0.5)
    b.fill(0.25)
    let count = min(threads, size)
    let product: Workers.Body = { worker in
      let rows = worker * size / count..<(worker + 1) * size / count
      result.rows(rows).formProduct(a.rows(rows), b)
    }
    let operations = 2 * Double(size) * Double(size) * Double(size)
    return operations / bestSeconds(of: product, threads: count) / 1e9
  }

  private static func multiplyAdd<Element: Scalar>(
    _ type: Element.Type, threads: Int
  ) -> Double {
    // Some 10 to 30 ms, so that waking the threads up does not count.
    let iterations = 1 << 22
    let operations = MultiplyAddPeak.run(type, iterations: iterations) * Double(threads)
    let seconds = bestSeconds(
      of: { _ in MultiplyAddPeak.run(type, iterations: iterations) }, threads: threads)
    return operations / seconds / 1e9
  }

  /// The best of at least three runs and about a quarter of a second, after one to warm up.
  private static func bestSeconds(of body: @escaping Workers.Body, threads: Int) -> Double {
    let workers = Workers(count: threads)
    workers.run(body)
    let start = ContinuousClock.now
    var best = Double.infinity
    var repeats = 0
    while repeats < 3 || (ContinuousClock.now - start).seconds < 0.25 {
      let begin = ContinuousClock.now
      workers.run(body)
      best = min(best, (ContinuousClock.now - begin).seconds)
      repeats += 1
    }
    return best
  }
}
