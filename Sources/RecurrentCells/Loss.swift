import UnrollDenseMath

/// What a model's outputs are judged by: a value and its gradient for each row, a row being one
/// sequence at one step.
///
/// The built-in losses are ``SquaredError`` and ``SoftmaxCrossEntropy``; ``TargetKind/loss`` says
/// which of them a target has by default. `Trainer`, `Evaluator`, ``SequenceWorkspace`` and
/// ``ModelCheck`` take a loss of your own as well, here the absolute error:
///
///     struct AbsoluteError: Loss {
///       let name = "absolute error"
///
///       func accepts(_ target: TargetKind) -> Bool {
///         if case .values = target { true } else { false }
///       }
///
///       func evaluate<Element: Scalar>(
///         _ outputs: Matrix<Element>, against targets: LossTargets<Element>,
///         weights: Matrix<Element>, into rows: inout RowLosses
///       ) {
///         guard case .values(let targets) = targets else { return }
///         for row in 0..<outputs.rows {
///           for column in 0..<outputs.columns {
///             let error = outputs[row, column] - targets[row, column]
///             rows.losses[row] += Double(abs(error))
///             outputs[row, column] = error > 0 ? weights[0, row] : -weights[0, row]
///           }
///         }
///       }
///     }
///
/// A loop over elements in generic code is slow: for long runs, write a loss in whole-array
/// operations of `Matrix`. ``ModelCheck`` tells whether its gradient is right.
public protocol Loss: Sendable {
  /// For people and checkpoints: `squared error`. A run is only resumed under a loss of the same
  /// name.
  var name: String { get }
  /// Whether the loss also says which answers are right, so that there is an accuracy; false by
  /// default.
  var countsHits: Bool { get }
  /// Whether models with this target can be trained on the loss.
  func accepts(_ target: TargetKind) -> Bool
  /// Takes the loss ℓ_r of each row r and replaces the outputs by its gradient.
  ///
  /// A row of weight 0 has no target. Its outputs become 0 like any other row's, being multiplied by
  /// the weight; its loss and hit are not looked at.
  ///
  /// - Parameters:
  ///   - outputs: [R, O], replaced by w_r · ∂ℓ_r/∂outputs_r.
  ///   - targets: what each row should be.
  ///   - weights: w [1, R].
  ///   - rows: set to ℓ_r, without its weight, and to the hits where the loss counts them. All are 0
  ///     before.
  func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses)
}

extension Loss {
  public var countsHits: Bool { false }
}

/// What R rows of outputs should be.
public enum LossTargets<Element: Scalar> {
  /// Numbers [R, O].
  case values(Matrix<Element>)
  /// The right class of each row, in 0..<O.
  case classes(ArraySlice<Int32>)
}

/// A ``Loss`` row by row. There may be room for more rows than were asked for.
public struct RowLosses: Sendable {
  /// ℓ of each row.
  public var losses: [Double]
  /// 1 for each row whose answer is right; empty where the loss does not count them.
  public var hits: [UInt8]

  /// Zeros for `rows` rows.
  public init(rows: Int, countsHits: Bool) {
    losses = Array(repeating: 0, count: rows)
    hits = Array(repeating: 0, count: countsHits ? rows : 0)
  }

  /// Sets the first `rows` rows to zero.
  mutating func reset(_ rows: Int) {
    for row in 0..<rows { losses[row] = 0 }
    if !hits.isEmpty { for row in 0..<rows { hits[row] = 0 } }
  }
}

/// A loss summed over rows.
public struct LossSum: Sendable, Equatable {
  /// Over the rows with a weight, each counted once.
  public var loss = 0.0
  /// Over the same rows, each times its weight and the scale asked for: what `backward` differentiates.
  public var weightedLoss = 0.0
  /// Right answers over scored steps; 0 where the loss does not count them.
  public var hits = 0
  /// Answers that could have been right.
  public var scored = 0

  /// Zero.
  public init() {}

  /// The share of answers that are right; nil without any.
  public var accuracy: Double? { scored > 0 ? Double(hits) / Double(scored) : nil }

  /// Adds the sums and counts of `other`.
  public static func += (sum: inout LossSum, other: LossSum) {
    sum.loss += other.loss
    sum.weightedLoss += other.weightedLoss
    sum.hits += other.hits
    sum.scored += other.scored
  }
}
