import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// What truncated backpropagation leaves out: the gradient of the loss at the last step, cut after K
/// steps, against the whole one on the same batch under the same weights.
///
/// The forward pass is whole in both; the cut gradient takes the state before the last K steps for a
/// constant. The loss is the mean over rows, each at its own last supervised step; or the one whose
/// gradient a batch has (`Batch.stateGradients`), of which a cut also leaves out what enters before.
public struct TruncationBias: Sendable, Equatable {
  /// K.
  public let steps: Int
  /// A parameter's name, or `all` for the gradient as a whole.
  public let parameter: String
  /// The cosine of the angle between g_K and g; nil where one of them is zero.
  public let cosine: Double?
  /// ‖g_K‖/‖g‖; nil where g is zero.
  public let normRatio: Double?
  /// ‖g_K − g‖/‖g‖; nil where g is zero.
  public let relativeBias: Double?
  /// The relative bias that the decay curve predicts: Σ_{k≥K} g(k)/Σ_k g(k) over the path
  /// `state` of the parameter's layer, for `all` of all layers together; 0 for the readout; nil where
  /// there is no such curve.
  public let predictedBias: Double?
}

extension TruncationBias {
  /// The biases of every parameter, then of all, for each of `cuts` in turn; a cut of T or more
  /// leaves nothing out.
  ///
  /// - Parameters:
  ///   - curves: of the same model and batch, for the prediction.
  ///   - recompute: whether all states are kept in memory; no number depends on it.
  public static func measure(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>, cuts: [Int],
    curves: [DecayCurve], recompute: Recompute = .auto
  ) -> [TruncationBias] {
    if cuts.isEmpty { return [] }
    let pass = TruncatedPass(model, parameters, batch, recompute)
    let whole = pass.gradient(after: batch.shape.timeSteps)
    return cuts.flatMap { cut in
      let short = pass.gradient(after: cut)
      let entries = model.layout.entries.map { ($0.name, short[$0], whole[$0]) }
      return (entries + [("all", short.values, whole.values)]).map { name, short, whole in
        TruncationBias(
          steps: cut, parameter: name, short, whole,
          predicted: predictedBias(of: name, after: cut, curves))
      }
    }
  }

  private init(
    steps: Int, parameter: String, _ short: Matrix<Double>, _ whole: Matrix<Double>,
    predicted: Double?
  ) {
    let (shortNorm, wholeNorm) = (short.norm, whole.norm)
    let difference = short.copy()
    difference.add(whole, scale: -1)
    self.steps = steps
    self.parameter = parameter
    cosine =
      shortNorm > 0 && wholeNorm > 0
      ? zip(short.values, whole.values).reduce(0) { $0 + $1.0 / shortNorm * ($1.1 / wholeNorm) }
      : nil
    normRatio = wholeNorm > 0 ? shortNorm / wholeNorm : nil
    relativeBias = wholeNorm > 0 ? difference.norm / wholeNorm : nil
    predictedBias = predicted
  }

  private static func predictedBias(
    of name: String, after cut: Int, _ curves: [DecayCurve]
  ) -> Double? {
    if name.hasPrefix("head.") { return 0 }
    let states = curves.filter {
      $0.path == .state && $0.entry != .lastOfSeveral
        && (name == "all" || name.hasSuffix("_l\($0.layer)"))
    }
    let sum = states.flatMap(\.means).reduce(0, +)
    guard sum > 0, sum.isFinite else { return nil }
    return states.flatMap { $0.means.dropFirst(cut) }.reduce(0, +) / sum
  }
}

/// Gradients of one batch's loss at the last step, each cut after some steps.
private struct TruncatedPass {
  let model: RecurrentModel
  let parameters: PackedParameters<Double>
  private let workspace: SequenceWorkspace<Double>
  private let measured: MeasuredBatch
  /// The batch measured; a copy where it has been given gradients, which each cut sets anew.
  private let batch: Batch<Double>

  init(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, _ batch: Batch<Double>,
    _ recompute: Recompute
  ) {
    self.model = model
    self.parameters = PackedParameters(model, parameters)
    workspace = SequenceWorkspace(
      model: model, capacity: batch.shape.timeSteps, rows: batch.shape.rows,
      supervisedCapacity: batch.shape.supervised.count,
      recompute: MeasurementSize(model, batch.shape).choice(recompute).plans[0])
    measured = MeasuredBatch(batch, .last)
    self.batch =
      batch.stateGradients == nil
      ? measured.batch : measured.batch.copy(ofRows: 0..<batch.shape.rows)
  }

  /// ∂L/∂θ where the state before each row's last `cut` steps is a constant.
  func gradient(after cut: Int) -> Parameters<Double> {
    let result = Parameters<Double>(model.layout)
    // Rows that end together are cut together; the others' weights at that step are 0.
    for last in Set(measured.rows.lastSteps.map(\.step)).sorted() {
      batch.stateGradients = measured.batch.stateGradients?.ofRows(endingAt: last)
      let start = max(last + 1 - cut, 0)
      workspace.resetState(parameters, to: batch)
      if start > 0 {
        workspace.forward(parameters, batch, steps: 0..<start)
        workspace.carryState()
      }
      let steps = start..<last + 1
      _ = workspace.forward(
        parameters, batch, steps: steps, lossOver: last..<last + 1, scale: measured.shareOfRow)
      workspace.backward(parameters, batch, into: result)
    }
    return result
  }
}
