import DenseMath
import Optimisation
import RecurrentCells

/// The singular values of ∂s_T/∂s_{T−k} for one row and layer: by how much the k steps stretch or
/// shrink a gradient, in each direction.
public struct JacobianSpectrum: Sendable {
  public let layer: Int
  /// The lags k taken, ascending.
  public let lags: [Int]
  /// `logSingularValues[i]` holds ln σ at `lags[i]`, descending; −∞ for a value of zero.
  public let logSingularValues: [[Double]]
}

extension JacobianSpectrum {
  /// - Parameters:
  ///   - row: the sequence of the batch whose states are followed; T is the batch's last step.
  ///   - lags: from 1 to T; others are left out.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    layer: Int = 0, row: Int = 0, lags: [Int]
  ) -> JacobianSpectrum {
    var product = GradedProduct(size: model.stateSize)
    var found: [(lag: Int, logs: [Double])] = []
    let wanted = Set(lags)
    let transpose = Matrix<Double>(rows: model.stateSize, columns: model.stateSize)
    StateJacobians.forEach(
      model, parameters, batch: batch, layer: layer, rows: row..<row + 1
    ) { _, lag, jacobian in
      // (J_T … J_{T−k})ᵀ grows from the left.
      transpose.formTranspose(of: jacobian)
      product.multiply(fromLeft: transpose)
      if wanted.contains(lag) { found.append((lag, product.logSingularValues)) }
    }
    return JacobianSpectrum(
      layer: layer, lags: found.map(\.lag), logSingularValues: found.map(\.logs))
  }
}
