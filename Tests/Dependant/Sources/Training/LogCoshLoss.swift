import Foundation
import UnrollKit

/// ln cosh of the error, mean over the outputs: squared error near 0, absolute error far away.
/// Its derivative is the tanh of the error.
public struct LogCoshLoss: Loss {
  public let name = "log-cosh"

  public init() {}

  public func accepts(_ target: TargetKind) -> Bool {
    if case .values = target { true } else { false }
  }

  public func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .values(let targets) = targets else { return }
    let share = 1 / Double(outputs.columns)
    for row in 0..<outputs.rows {
      for column in 0..<outputs.columns {
        let error = Double(outputs[row, column] - targets[row, column])
        rows.losses[row] += share * log(cosh(error))
        outputs[row, column] = weights[0, row] * Element(share * tanh(error))
      }
    }
  }
}
