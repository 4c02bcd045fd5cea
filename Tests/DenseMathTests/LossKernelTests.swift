import CUnrollVectorKernels
import Foundation
import Testing

/// Softmax cross-entropy and squared error, their gradients and their masks.
@Suite struct LossKernelTests {
  /// Weights that hold a masked row wherever there is more than one.
  static func weights<Element: KernelElement>(_ rows: Int) -> [Element] {
    (0..<rows).map { [0.5, 0, 1][$0 % 3] }
  }

  struct SoftmaxResult<Element: KernelElement> {
    var gradient: GuardedMatrix<Element>
    var losses: [Double]
    var hits: [UInt8]
  }

  static func softmax<Element: KernelElement>(
    _ kernels: unroll_kernels, _ logits: GuardedMatrix<Element>, _ target: [Int32],
    _ weights: [Element]
  ) -> SoftmaxResult<Element> {
    let rows = logits.rows
    var result = SoftmaxResult<Element>(
      gradient: .output(rows, logits.columns), losses: Array(repeating: -99, count: rows),
      hits: Array(repeating: 99, count: rows))
    kernels.softmax_cross_entropy(
      rows, logits.columns, logits.storage, logits.stride, target, weights,
      &result.gradient.storage, result.gradient.stride, &result.losses, &result.hits)
    return result
  }

  @Test(
    arguments: KernelVariant.supported,
    KernelShape.all + [600, 5003].map { KernelShape(rows: 3, columns: $0) })
  func softmaxCrossEntropy(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 21)
      let (rows, columns) = (shape.rows, shape.columns)
      let logits = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-6...6) }
      let weights: [Element] = Self.weights(rows)
      // A masked row's target may be anything.
      let target = weights.map { weight in
        weight == 0 ? -1 : Int32.random(in: 0..<Int32(columns), using: &random)
      }
      let result = Self.softmax(kernels, logits, target, weights)

      let sums = (0..<rows).map { r in
        (0..<columns).reduce(0) { $0 + exp(logits.double(r, $1)) }
      }
      for r in 0..<rows {
        let expected =
          weights[r] == 0 ? 0 : log(sums[r]) - logits.double(r, Int(target[r]))
        // The exponentials are of the element type, each a few ulps off (12 by the shift).
        #expect(abs(result.losses[r] - expected) <= 16 * Double(Element.ulpOfOne))
        let largest = (0..<columns).map { logits[r, $0] }.max()
        let hit = target[r] >= 0 && logits[r, Int(target[r])] == largest
        #expect(result.hits[r] == (hit ? 1 : 0))
      }
      result.gradient.expectClose(ulps: 16, "gradient") { r, j in
        let share = exp(logits.double(r, j)) / sums[r]
        return Double(weights[r]) * (share - (j == Int(target[r]) ? 1 : 0))
      }

      var losses = [Double](repeating: -99, count: rows)
      var hits = [UInt8](repeating: 99, count: rows)
      kernels.softmax_cross_entropy(
        rows, columns, logits.storage, logits.stride, target, weights, nil, 0, &losses, &hits)
      #expect(losses == result.losses)
      #expect(hits == result.hits)

      var inPlace = logits.asOutput()
      inPlace.storage.withUnsafeMutableBytes {
        kernels.softmax_cross_entropy(
          rows, columns, $0.baseAddress, logits.stride, target, weights, $0.baseAddress,
          logits.stride, &losses, &hits)
      }
      #expect(inPlace.storage == result.gradient.storage)
      #expect(losses == result.losses)
      #expect(hits == result.hits)
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported)
  func softmaxOfFarApartLogits(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      let rows: [[Element]] = [
        [10_000, -10_000, 0], [-.infinity, 2, 2], [.nan, 0, 0], [-20_000, -20_000, -20_000],
      ]
      let logits = GuardedMatrix<Element>.input(4, 3) { Double(rows[$0][$1]) }
      let result = Self.softmax(kernels, logits, [1, 2, 1, 0], [1, 1, 1, 1])
      #expect(result.losses[0] == 20_000)
      #expect((0..<3).map { result.gradient[0, $0] } == [1, -1, 0])
      #expect(result.hits[0] == 0)
      #expect(abs(result.losses[1] - log(2)) < 1e-15)
      #expect((0..<3).map { result.gradient[1, $0] } == [0, 0.5, -0.5])
      #expect(result.hits[1] == 0, "the first of equal logits wins")
      #expect(result.losses[2].isNaN)
      #expect((0..<3).allSatisfy { result.gradient[2, $0].isNaN })
      #expect(abs(result.losses[3] - log(3)) < 1e-15)
      #expect(result.hits[3] == 1)
    }
    try check(variant.element, variant.kernels())
  }

  @Test(arguments: KernelVariant.supported, KernelShape.all)
  func squaredError(_ variant: KernelVariant, _ shape: KernelShape) throws {
    func check<Element: KernelElement>(_: Element.Type, _ kernels: unroll_kernels) {
      var random = KernelRandom(seed: 22)
      let (rows, columns) = (shape.rows, shape.columns)
      let weights: [Element] = Self.weights(rows)
      // A masked row may hold anything.
      let y = GuardedMatrix<Element>.input(rows, columns) { r, _ in
        weights[r] == 0 ? .nan : random.uniform(-2...2)
      }
      let target = GuardedMatrix<Element>.input(rows, columns) { _, _ in random.uniform(-2...2) }
      var losses = [Double](repeating: -99, count: rows)
      var gradient = GuardedMatrix<Element>.output(rows, columns)
      kernels.squared_error(
        rows, columns, y.storage, y.stride, target.storage, target.stride, weights,
        &gradient.storage, gradient.stride, &losses)

      for r in 0..<rows {
        let squares = (0..<columns).map { j in
          let error = y.double(r, j) - target.double(r, j)
          return error * error
        }
        let expected = weights[r] == 0 ? 0 : squares.reduce(0, +) / Double(columns)
        // Both sums are in double; their order differs.
        #expect(abs(losses[r] - expected) <= 1e-14 * expected, "row \(r)")
      }
      gradient.expectClose(ulps: 4, "gradient") { r, j in
        weights[r] == 0
          ? 0 : Double(weights[r]) * 2 * (y.double(r, j) - target.double(r, j)) / Double(columns)
      }

      var again = losses.map { _ in -99.0 }
      kernels.squared_error(
        rows, columns, y.storage, y.stride, target.storage, target.stride, weights, nil, 0,
        &again)
      #expect(again == losses)
      var inPlace = y.asOutput()
      inPlace.storage.withUnsafeMutableBytes {
        kernels.squared_error(
          rows, columns, $0.baseAddress, y.stride, target.storage, target.stride, weights,
          $0.baseAddress, y.stride, &again)
      }
      #expect(again == losses)
      #expect(inPlace.storage == gradient.storage)
    }
    try check(variant.element, variant.kernels())
  }
}
