import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// The Lyapunov exponents λ of a layer along given inputs, one for each direction: in the long run, a
/// step stretches the gradient by e^λ.
///
/// They are computed by QR along one input stream per row (Benettin et al. 1980), from the last step
/// to the first as in backpropagation: V J = L V′ from random orthonormal covectors V, and λ_i is the
/// mean of ln |L_ii|. The exponents are those of the forward direction. Steps are left out at both
/// ends: the last ones of the stream, during which V turns into place, and as many of the first, during
/// which the state leaves its start.
public struct LyapunovSpectrum: Sendable {
  /// An exponent's mean over rows.
  public struct Estimate: Sendable, Equatable {
    /// In ln per step; −∞ where some row loses the direction (``JacobianSpectrum`` says when).
    public let mean: Double
    /// The standard deviation over rows (n − 1 in the denominator); nil for one row, or for −∞.
    public let deviation: Double?
  }

  /// The layer, from 0 next to the input.
  public let layer: Int
  /// Left out at either end.
  public let warmUp: Int
  /// Counted: those of a stream without both ends.
  public let steps: Int
  /// The rows that were measured, each along its own stream.
  public let rows: Int
  /// Descending: all, or as many as were asked for.
  public let exponents: [Estimate]
  /// What the exponents, in the same order, were estimated at after fewer counted steps.
  public let running: [(step: Int, exponents: [Estimate])]
}

extension LyapunovSpectrum {
  /// The most entries of ``running``.
  public static let mostMarks = 200

  /// - Parameters:
  ///   - steps: of each row's stream; longer than the row's inputs, these are repeated end to end.
  ///   - warmUp: less than half of `steps`.
  ///   - count: how many exponents, the largest; nil for all. They cost as many covectors.
  ///   - threads: rows that are measured at once; the result does not depend on it.
  ///   - recompute: how states are kept where not all of a stream's are; nil keeps all. The result does
  ///     not depend on it.
  ///   - didStep: called after each step of each row, from any thread.
  /// - Returns: nil where a number is not finite.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    layer: Int = 0, steps: Int, warmUp: Int, count: Int? = nil, threads: Int = 1,
    recompute: RecomputePlan? = nil, didStep: @escaping @Sendable () -> Void = {}
  ) -> LyapunovSpectrum? {
    require(
      warmUp >= 0 && 2 * warmUp < steps, "expected a warm-up below half of \(steps), got \(warmUp)")
    let plan = RowPlan(
      layer: layer, steps: steps, warmUp: warmUp,
      count: min(count ?? model.stateSize, model.stateSize))
    // Safe, because the threads only read it, and the caller waits for them.
    nonisolated(unsafe) let batch = batch
    let found = Workers.map(batch.shape.rows, threads: threads) { row in
      plan.sums(model, parameters, batch: batch, row: row, recompute, didStep)
    }
    let rows = found.compactMap { $0 }
    guard rows.count == found.count, let last = plan.marks.last else { return nil }

    func estimates(_ mark: Int) -> [Estimate] {
      (0..<plan.count).map { index in
        Estimate(rows.map { $0[mark][index] / Double(plan.marks[mark]) })
      }
    }
    let whole = estimates(plan.marks.count - 1)
    let order = whole.indices.sorted { (whole[$1].mean, $0) < (whole[$0].mean, $1) }
    return LyapunovSpectrum(
      layer: layer, warmUp: warmUp, steps: last, rows: rows.count,
      exponents: order.map { whole[$0] },
      running: plan.marks.indices.map { mark in
        let estimates = estimates(mark)
        return (plan.marks[mark], order.map { estimates[$0] })
      })
  }
}

extension LyapunovSpectrum.Estimate {
  fileprivate init(_ values: [Double]) {
    mean = DecayCurve.mean(values)
    guard values.count > 1, mean > -.infinity else {
      deviation = nil
      return
    }
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    deviation = (squares / Double(values.count - 1)).squareRoot()
  }
}

/// What is done for one row, independent of all others.
private struct RowPlan: Sendable {
  let layer: Int
  let steps: Int
  let warmUp: Int
  let count: Int
  /// The counted steps after which sums are kept: all of them, or some at about equal distances.
  let marks: [Int]

  init(layer: Int, steps: Int, warmUp: Int, count: Int) {
    (self.layer, self.steps, self.warmUp, self.count) = (layer, steps, warmUp, count)
    let counted = steps - 2 * warmUp
    let most = LyapunovSpectrum.mostMarks
    marks =
      counted <= most
      ? Array(1...counted)
      : (1...most).map { Int((Double($0) * Double(counted) / Double(most)).rounded()) }
  }

  /// `sums[j][i]`: Σ ln |L_ii| over the first `marks[j]` counted steps; nil where a number is not
  /// finite.
  func sums(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>, row: Int,
    _ recompute: RecomputePlan?, _ didStep: () -> Void
  ) -> [[Double]]? {
    let stream = InputStream(
      model, parameters, batch: batch, row: row, steps: steps, recompute: recompute)
    var random = RandomNumbers(seed: 1, UInt64(row))
    let basis = CovectorBasis(
      .randomOrthonormal(rows: count, columns: model.stateSize, using: &random),
      StateVJP(stream.weights, layer: layer, covectors: count))
    var sums = Array(repeating: 0.0, count: count)
    // The exponent that each covector left stands for.
    var indices = Array(0..<count)
    var kept: [[Double]] = []
    for lag in 0..<steps - warmUp {
      guard let step = basis.pullBack(through: stream.transition(layer: layer, lag: lag)) else {
        return nil
      }
      didStep()
      let order = step.order.map { indices[$0] }
      indices = Array(order.prefix(basis.count))
      for lost in order.dropFirst(basis.count) { sums[lost] = -.infinity }
      guard lag >= warmUp else { continue }
      for (place, index) in indices.enumerated() {
        sums[index] += Foundation.log(abs(step.lower[place, place]))
      }
      if kept.count < marks.count, lag - warmUp + 1 == marks[kept.count] { kept.append(sums) }
    }
    return kept
  }
}
