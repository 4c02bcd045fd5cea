import Testing
import UnrollDenseMath

@testable import UnrollOptimization

/// The rules that clip parts of a gradient, or by what came before, against values worked out by
/// hand; `PyTorchTrainingTests` holds them against PyTorch and NumPy over whole runs.
@Suite struct ClipperTests {
  /// A matrix of two rows, a bias, and a readout.
  private var layout: ParameterLayout {
    var layout = ParameterLayout()
    layout.append("weight", 2, 2)
    layout.append("bias", 2)
    layout.append("head.weight", 1, 2)
    layout.append("head.bias", 1)
    return layout
  }

  private func parameters(_ values: [Double]) -> Parameters<Double> {
    let parameters = Parameters<Double>(layout)
    parameters.values.assign(values)
    return parameters
  }

  private func clip(
    _ clipping: Clipping, _ gradient: [Double], weights: [Double]? = nil
  ) -> (values: [Double], changed: Bool) {
    let gradient = parameters(gradient)
    let weights = weights.map(parameters) ?? Parameters(layout)
    let clipper = clipping.makeClipper(for: layout, chunk: layout.count, as: Double.self)
    let outcome = clipper.apply(to: gradient.values, weights: weights.values)
    return (gradient.values.values, outcome.changed)
  }

  @Test func aTensorIsClippedByItsOwnNorm() {
    // Norms 10, 5, 1, 0.5.
    let gradient = [1, 5, 5, 7, 3, -4, 0.6, -0.8, 0.5]
    let clipped = clip(.tensor(5), gradient)
    #expect(clipped.changed)
    #expect(clipped.values == [0.5, 2.5, 2.5, 3.5, 3, -4, 0.6, -0.8, 0.5])
    let short = clip(.tensor(10), gradient)
    #expect(!short.changed && short.values == gradient)
  }

  /// Rows and bias have weights of norm 5, 10 and 1e-4 (below ε); λ = 0.1 lets pass 0.5, 1 and 1e-4.
  @Test func unitsAreClippedByTheirWeights() {
    let weights = [3, 4, 6, -8, 0, 1e-4, 1, 1, 1]
    let clipped = clip(.agc(0.1), [30, 40, 0.3, -0.4, 3e-4, 4e-4, 7, 8, 9], weights: weights)
    #expect(clipped.changed)
    let expected = [0.3, 0.4, 0.3, -0.4, 6e-5, 8e-5, 7, 8, 9]
    for (x, y) in zip(clipped.values, expected) { #expect(abs(x - y) <= 1e-15 * abs(y)) }
    // Where the readout alone is too long, nothing is clipped.
    let readout = clip(.agc(0.1), [0, 0.5, 1, 0, 0, 0, 700, 800, 900], weights: weights)
    #expect(!readout.changed && readout.values == [0, 0.5, 1, 0, 0, 0, 700, 800, 900])
  }

  /// A matrix of one column is a vector: one unit, of weights with norm 5.
  @Test func aColumnIsOneUnit() {
    var layout = ParameterLayout()
    layout.append("weight", 2, 1)
    layout.append("head.weight", 1, 2)
    let gradient = Matrix<Double>(rows: 1, columns: 4, [3, 4, 1, 1])
    let clipper = Clipping.agc(0.5).makeClipper(for: layout, chunk: 4, as: Double.self)
    let outcome = clipper.apply(
      to: gradient, weights: Matrix(rows: 1, columns: 4, [5, 0, 1, 1]))
    #expect(outcome.changed && gradient.values == [1.5, 2, 1, 1])
  }

  /// Norms 4, 2, 3, 1, 10, 3 under the median: thresholds 4, 3, 3, 2.5, 3, 3.
  @Test func thePercentileIsOfAllNormsSoFar() {
    let clipper = Clipping.auto(50).makeClipper(for: layout, chunk: layout.count, as: Double.self)
    let weights = Parameters<Double>(layout)
    for (norm, clipped) in [(4.0, 4.0), (2, 2), (3, 3), (1, 1), (10, 3), (3, 3)] {
      let gradient = parameters([0, 0, norm, 0, 0, 0, 0, 0, 0])
      let outcome = clipper.apply(to: gradient.values, weights: weights.values)
      #expect(outcome == .init(norm: norm, changed: clipped < norm))
      #expect(abs(gradient.values[0, 2] - clipped) <= 1e-15 * norm)
      #expect(clipper.commonFactor == clipped / norm)
    }
    // What is not finite is no part of the history.
    let infinite = parameters([.infinity, 0, 0, 0, 0, 0, 0, 0, 0])
    _ = clipper.apply(to: infinite.values, weights: weights.values)
    #expect(clipper.history.sorted() == [1, 2, 3, 3, 4, 10])
  }

  /// Chunks cut units anywhere, and may be dealt with in any order.
  @Test(
    arguments: [Clipping.tensor(2), .agc(0.3), .value(0.5), .norm(3), .auto(20)],
    [1, 2, 3, 4, 7, 9, 20])
  func chunksComeInAnyOrder(_ clipping: Clipping, chunk: Int) {
    var random = RandomNumbers(seed: 5)
    let weights = parameters((0..<9).map { _ in random.normal() })
    let first = (0..<9).map { _ in random.normal() }
    let gradients = [first, first.map { 3 * $0 }]
    func run(chunk: Int, reversed: Bool) -> [Double] {
      let clipper = clipping.makeClipper(for: layout, chunk: chunk, as: Double.self)
      return gradients.flatMap { values in
        let gradient = parameters(values)
        let forward = Array(stride(from: 0, to: 9, by: chunk))
        let starts = reversed ? forward.reversed() : forward
        func part(_ matrix: Matrix<Double>, _ start: Int) -> Matrix<Double> {
          matrix.slice(start..<min(start + chunk, 9))
        }
        for start in starts {
          clipper.measure(
            start / chunk, gradient: part(gradient.values, start),
            weights: part(weights.values, start))
        }
        clipper.decide(norm: gradient.values.norm)
        for start in starts {
          _ = clipper.clip(start / chunk, gradient: part(gradient.values, start))
        }
        return gradient.values.values
      }
    }
    let result = run(chunk: chunk, reversed: false)
    #expect(result == run(chunk: chunk, reversed: true))
    #expect(result != gradients.flatMap { $0 }, "something is to be clipped")
    // In one chunk norms are put together in another order: a few roundings of 2⁻⁵³.
    for (x, y) in zip(result, run(chunk: 9, reversed: false)) {
      #expect(abs(x - y) <= 1e-15 * abs(y))
    }
  }
}
