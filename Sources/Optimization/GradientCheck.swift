import Foundation
import UnrollDenseMath
import UnrollText

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
    /// Its name in the report.
    public let name: String
    /// Changed during the check, and restored.
    public let values: Matrix<Double>
    /// The analytic gradient, in the shape of ``values``.
    public let gradient: Matrix<Double>

    /// A variable with its analytic gradient.
    ///
    /// - Precondition: `values` and `gradient` have one shape.
    public init(name: String, values: Matrix<Double>, gradient: Matrix<Double>) {
      require(
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
    /// The loss L.
    public let loss: Double
    /// Any value that changes when the evaluation crosses a kink; constant for smooth losses.
    public let pattern: UInt64

    /// The loss, and which side of its kinks it was evaluated on.
    public init(loss: Double, pattern: UInt64 = 0) {
      self.loss = loss
      self.pattern = pattern
    }
  }

  /// How far the analytic gradient is from the differences.
  public struct Report: Sendable {
    /// Over all variables together.
    public let relativeError: Double
    /// Variable by variable.
    public let errors: [(name: String, error: Double)]
    /// The number of elements compared.
    public let compared: Int
    /// The number of elements left out at a kink.
    public let leftOut: Int
    /// The error that rounding of the loss alone may cause, at one unit in the last place of
    /// max(1, |L|) a difference: where this comes near the error that is accepted, the check says
    /// little, and another point with larger gradients is a better one.
    public let rounding: Double

    /// The largest of the whole error and each variable's.
    public var worst: Double { errors.map(\.error).reduce(relativeError, max) }
  }

  /// A gradient by one variable, row-major, with the variable's name.
  public typealias Gradient = (name: String, values: [Double])

  /// Compares two gradients of one loss, such as those of two precisions, by the same errors as
  /// ``run(_:step:loss:)``.
  ///
  /// - Parameter isOnSameSide: whether both were taken on the same side of every kink. Where they were
  ///   not, all elements are left out, and ``Report/rounding`` is infinite.
  public static func compare(
    _ gradients: [Gradient], with exact: [Gradient], isOnSameSide: Bool = true
  ) -> Report {
    require(
      gradients.map(\.name) == exact.map(\.name),
      "expected gradients by \(exact.map(\.name)), got \(gradients.map(\.name))")
    let count = exact.reduce(0) { $0 + $1.values.count }
    guard isOnSameSide else {
      return Report(
        relativeError: 0, errors: [], compared: 0, leftOut: count, rounding: .infinity)
    }
    let sums = zip(gradients, exact).map { gradient, exact in
      var sum = Sum(name: exact.name)
      for (value, exact) in zip(gradient.values, exact.values) {
        sum.add(Quotient(value: value, rounding: 0), exact: exact)
      }
      return sum
    }
    return report(on: sums, compared: count, leftOut: 0)
  }

  /// The step where none is given, for |θ| ≤ 1.
  public static var standardStep: Double { 6e-6 }

  /// - Parameters:
  ///   - step: s for |θ| ≤ 1; a larger |θ| multiplies it.
  ///   - loss: evaluates the loss at the variables' present values.
  public static func run(
    _ variables: [Variable], step: Double = standardStep, loss: () -> Evaluation
  ) -> Report {
    var sums: [Sum] = []
    var (compared, leftOut) = (0, 0)
    for variable in variables {
      var sum = Sum(name: variable.name)
      for row in 0..<variable.values.rows {
        for column in 0..<variable.values.columns {
          let exact = variable.gradient[row, column]
          guard let quotient = difference(of: variable.values, row, column, step, loss)
          else {
            leftOut += 1
            continue
          }
          compared += 1
          sum.add(quotient, exact: exact)
        }
      }
      sums.append(sum)
    }
    return report(on: sums, compared: compared, leftOut: leftOut)
  }

  private static func report(on sums: [Sum], compared: Int, leftOut: Int) -> Report {
    let whole = sums.reduce(into: Sum(name: "")) { $0.add($1) }
    let floor = 1e-6 * whole.exact.squareRoot()
    return Report(
      relativeError: whole.share(of: whole.error),
      errors: sums.map {
        (name: $0.name, error: $0.share(of: $0.error, floor: floor))
      }, compared: compared, leftOut: leftOut,
      rounding: sums.map { $0.share(of: $0.rounding, floor: floor) }
        .reduce(whole.share(of: whole.rounding), max))
  }

  /// (L(θ+s) − L(θ−s)) / 2s, and what the rounding of L is worth in it.
  private struct Quotient {
    let value: Double
    let rounding: Double
  }

  /// Sums of squares over elements.
  private struct Sum {
    let name: String
    var error = 0.0
    var approximate = 0.0
    var exact = 0.0
    var rounding = 0.0

    init(name: String) { self.name = name }

    mutating func add(_ quotient: Quotient, exact: Double) {
      error += (quotient.value - exact) * (quotient.value - exact)
      approximate += quotient.value * quotient.value
      self.exact += exact * exact
      // An element that has no part in the loss changes no digit of it.
      if quotient.value != 0 || exact != 0 { rounding += quotient.rounding * quotient.rounding }
    }

    mutating func add(_ other: Sum) {
      error += other.error
      approximate += other.approximate
      exact += other.exact
      rounding += other.rounding
    }

    /// The root of `squares` as a share of ‖d_approx‖ + ‖d‖ + floor.
    func share(of squares: Double, floor: Double = 0) -> Double {
      // Two gradients that are both zero agree; one that is not finite never does.
      if squares == 0 { return 0 }
      let share =
        squares.squareRoot() / (approximate.squareRoot() + exact.squareRoot() + floor)
      return share.isNaN ? .infinity : share
    }
  }

  /// The central difference by one element, nil when it straddles a kink.
  private static func difference(
    of values: Matrix<Double>, _ row: Int, _ column: Int, _ step: Double,
    _ loss: () -> Evaluation
  ) -> Quotient? {
    let value = values[row, column]
    defer { values[row, column] = value }
    let step = step * max(1, abs(value))
    let (upper, lower) = (value + step, value - step)
    values[row, column] = upper
    let above = loss()
    values[row, column] = lower
    let below = loss()
    guard above.pattern == below.pattern else { return nil }
    return Quotient(
      value: (above.loss - below.loss) / (upper - lower),
      rounding: max(1, abs(above.loss)).ulp / (upper - lower))
  }
}
