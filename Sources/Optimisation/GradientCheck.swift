import DenseMath
import Foundation

/// Compares an analytic gradient with central differences in Float64.
///
/// For each element θ of each variable, d ≈ (L(θ+s) − L(θ−s)) / 2s with the step
/// s = 6e-6 · max(1, |θ|), near the cube root of Float64's precision, where rounding and
/// truncation errors balance. The error is ‖d_approx − d‖ / (‖d_approx‖ + ‖d‖) over all elements
/// together; per variable 1e-6 of the whole gradient's norm is added below, so that a variable
/// whose gradient is nearly zero is not judged by its rounding alone.
///
/// Elements whose two evaluations lie on different sides of a kink (ReLU at 0, |θ| at 0) are left
/// out and counted: the loss tells by a ``Evaluation/pattern`` that differs.
///
/// The checker knows nothing of networks, so a cell or model of your own can be put through it:
///
///     let theta = Matrix<Double>(rows: 1, columns: 2, [1, 2])
///     let report = GradientCheck.run(
///       [.init(name: "theta", values: theta, gradient: Matrix(rows: 1, columns: 2, [2, 4]))]
///     ) { .init(loss: pow(theta.norm, 2)) }
///     report.relativeError  // about 1e-11
public enum GradientCheck {
  /// Something the loss depends on, with the gradient to be checked.
  public struct Variable: Sendable {
    public let name: String
    /// Changed during the check, and restored.
    public let values: Matrix<Double>
    public let gradient: Matrix<Double>

    public init(name: String, values: Matrix<Double>, gradient: Matrix<Double>) {
      precondition(
        values.rows == gradient.rows && values.columns == gradient.columns,
        "expected a gradient \(values.rows) × \(values.columns), got \(gradient.rows) × \(gradient.columns)"
      )
      self.name = name
      self.values = values
      self.gradient = gradient
    }
  }

  /// The loss at one point.
  public struct Evaluation: Sendable {
    public let loss: Double
    /// Any value that changes when the evaluation crosses a kink; constant for smooth losses.
    public let pattern: UInt64

    public init(loss: Double, pattern: UInt64 = 0) {
      self.loss = loss
      self.pattern = pattern
    }
  }

  public struct Report: Sendable {
    /// Over all variables together.
    public let relativeError: Double
    /// Variable by variable.
    public let errors: [(name: String, error: Double)]
    /// Elements compared, and elements left out at a kink.
    public let compared: Int
    public let leftOut: Int

    /// The largest of the whole error and each variable's.
    public var worst: Double { errors.map(\.error).reduce(relativeError, max) }
  }

  /// - Parameter loss: evaluates the loss at the variables' present values.
  public static func run(_ variables: [Variable], loss: () -> Evaluation) -> Report {
    var sums: [(name: String, difference: Double, approximate: Double, exact: Double)] = []
    var (compared, leftOut) = (0, 0)
    for variable in variables {
      var sum = (name: variable.name, difference: 0.0, approximate: 0.0, exact: 0.0)
      for row in 0..<variable.values.rows {
        for column in 0..<variable.values.columns {
          let exact = variable.gradient[row, column]
          guard let approximate = difference(of: variable.values, row, column, loss) else {
            leftOut += 1
            continue
          }
          compared += 1
          sum.difference += (approximate - exact) * (approximate - exact)
          sum.approximate += approximate * approximate
          sum.exact += exact * exact
        }
      }
      sums.append(sum)
    }
    func root(_ part: (Int) -> Double) -> Double {
      sums.indices.reduce(0) { $0 + part($1) }.squareRoot()
    }
    let wholeNorm = root { sums[$0].exact }
    let whole = ratio(
      root { sums[$0].difference }, root { sums[$0].approximate } + wholeNorm)
    let errors = sums.map { sum in
      (
        name: sum.name,
        error: ratio(
          sum.difference.squareRoot(),
          sum.approximate.squareRoot() + sum.exact.squareRoot() + 1e-6 * wholeNorm)
      )
    }
    return Report(relativeError: whole, errors: errors, compared: compared, leftOut: leftOut)
  }

  /// The central difference by one element, nil when it straddles a kink.
  private static func difference(
    of values: Matrix<Double>, _ row: Int, _ column: Int, _ loss: () -> Evaluation
  ) -> Double? {
    let value = values[row, column]
    defer { values[row, column] = value }
    let step = 6e-6 * max(1, abs(value))
    let (upper, lower) = (value + step, value - step)
    values[row, column] = upper
    let above = loss()
    values[row, column] = lower
    let below = loss()
    guard above.pattern == below.pattern else { return nil }
    return (above.loss - below.loss) / (upper - lower)
  }

  private static func ratio(_ difference: Double, _ size: Double) -> Double {
    // Two gradients that are both zero agree; one that is not finite never does.
    if difference == 0 { return 0 }
    let ratio = difference / size
    return ratio.isNaN ? .infinity : ratio
  }
}
