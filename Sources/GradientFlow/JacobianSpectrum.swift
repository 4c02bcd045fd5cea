import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// The singular values of ∂s_T/∂s_{T−k} for one row and layer: by how much k steps stretch or shrink
/// a gradient, in each direction.
///
/// s is h, or (h, c) taken as independent, of one layer; its input is held fixed. T is the row's last
/// supervised step.
public struct JacobianSpectrum: Sendable {
  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The row of the batch whose states are followed.
  public let row: Int
  /// The lags k taken, ascending.
  public let lags: [Int]
  /// `logSingularValues[i]` holds ln σ at `lags[i]`, descending; −∞ for a direction that some step
  /// loses: one that it shrinks below rounding, √n·2⁻⁵¹ of the size of W_hh.
  public let logSingularValues: [[Double]]
}

extension JacobianSpectrum {
  /// - Parameters:
  ///   - row: the sequence of the batch whose states are followed.
  ///   - lags: from 1 to the row's steps. Others are left out, as are those beyond a step at which a
  ///     number is not finite.
  ///   - recompute: how states are kept where not all are; nil keeps all. The result does not depend on
  ///     it.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    layer: Int = 0, row: Int = 0, lags: [Int], recompute: RecomputePlan? = nil
  ) -> JacobianSpectrum {
    let stream = InputStream(model, parameters, batch: batch, row: row, recompute: recompute)
    let size = model.stateSize
    let product = GradedProduct(
      size: size, StateVJP(stream.weights, layer: layer, covectors: size))
    var found: [(lag: Int, logs: [Double])] = []
    let wanted = Set(lags)
    for lag in 0..<min(stream.steps, lags.max() ?? 0) {
      guard product.multiply(by: stream.transition(layer: layer, lag: lag)) else { break }
      if wanted.contains(lag + 1) { found.append((lag + 1, product.logSingularValues)) }
    }
    return JacobianSpectrum(
      layer: layer, row: row, lags: found.map(\.lag), logSingularValues: found.map(\.logs))
  }

  /// 1, 2, 5, 10, 20, 50, … up to `last`, and `last` itself.
  public static func lags(upTo last: Int) -> [Int] {
    guard last >= 1 else { return [] }
    var lags: [Int] = []
    var power = 1
    while power <= last {
      lags += [1, 2, 5].map { $0 * power }.filter { $0 <= last }
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { break }
      power = next
    }
    return lags.last == last ? lags : lags + [last]
  }
}
