import DenseMath
import Foundation
import Optimisation
import RecurrentCells

/// The Lyapunov exponents of a layer along given inputs: by which factor e^λ a step stretches the
/// gradient in the long run, in each direction.
///
/// By QR along one input stream per row (Benettin et al. 1980), as backpropagation goes, from the
/// last step to the first: Q R = Jᵀ Q′, and λ_i is the mean of ln |R_ii|. The exponents are those of
/// the forward direction. The first `warmUp` steps on the way back let Q turn into place and are not
/// counted; nor are the sequence's own first `warmUp` steps, over which the state leaves zero.
public struct LyapunovSpectrum: Sendable {
  public let layer: Int
  public let warmUp: Int
  /// The mean over rows, descending, per step; −∞ where a direction is lost altogether.
  public let exponents: [Double]
  /// The largest exponent after 1, 2, 3, … counted steps: how it converges.
  public let convergence: [Double]
}

extension LyapunovSpectrum {
  /// - Parameter warmUp: less than half of the batch's steps.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    layer: Int = 0, warmUp: Int
  ) -> LyapunovSpectrum {
    let (size, rows, steps) = (model.stateSize, batch.shape.rows, batch.shape.steps)
    precondition(
      warmUp >= 0 && 2 * warmUp < steps, "expected a warm-up below half of \(steps), got \(warmUp)")
    var bases = [Matrix<Double>?](repeating: nil, count: rows)
    var sums = Array(repeating: 0.0, count: size)
    var convergence: [Double] = []
    let product = Matrix<Double>(rows: size, columns: size)
    StateJacobians.forEach(
      model, parameters, batch: batch, layer: layer, rows: 0..<rows
    ) { row, lag, jacobian in
      if let basis = bases[row] {
        product.formProduct(jacobian, basis, transposing: .left)
      } else {
        product.formTranspose(of: jacobian)
      }
      let (q, r) = product.orthogonalFactors()
      bases[row] = q
      guard lag > warmUp, lag <= steps - warmUp else { return }
      for index in 0..<size { sums[index] += log(abs(r[index, index])) / Double(rows) }
      if row == rows - 1 { convergence.append((sums.max() ?? 0) / Double(lag - warmUp)) }
    }
    let counted = Double(steps - 2 * warmUp)
    return LyapunovSpectrum(
      layer: layer, warmUp: warmUp, exponents: sums.map { $0 / counted }.sorted(by: >),
      convergence: convergence)
  }
}
