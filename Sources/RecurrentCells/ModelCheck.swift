import UnrollDenseMath
import UnrollOptimization
import UnrollText

/// Puts a model's backpropagation through ``GradientCheck``: every parameter, number input and
/// state before the window, for any cell, your own included.
///
///     let model = RecurrentModel(cell: MyCell(), configuration)
///     let report = ModelCheck.run(model, model.initialParameters(.xavier, seed: 1), batch: batch)
///     require(report.worst < 1e-7)
public enum ModelCheck {
  /// Checks the gradient of one window's mean loss, with penalties.
  ///
  /// - Parameters:
  ///   - steps: the window, default the whole batch. Its loss is taken over `lossSteps`.
  ///   - state: the state carried into the window (h of each layer, then c of each layer), which is
  ///     held constant as truncation holds it, and checked as an input of its own; nil where the
  ///     window begins a sequence.
  ///   - loss: nil for the target's own, ``TargetKind/loss``. A loss with a kink is checked as if it
  ///     were smooth, so the outputs must keep away from it.
  public static func run(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    steps: Range<Int>? = nil, lossSteps: Range<Int>? = nil, state: [Matrix<Double>]? = nil,
    loss: (any Loss)? = nil, penalty: Penalty = Penalty()
  ) -> GradientCheck.Report {
    let window = CheckedWindow(
      model, parameters, batch: batch, steps: steps, lossSteps: lossSteps, state: state, loss: loss,
      penalty: penalty)
    _ = window.evaluate()
    return GradientCheck.run(window.variables(), loss: window.evaluate)
  }

  /// Compares the gradient of one window's mean loss in Float32 with that in Float64, both at the numbers
  /// rounded to Float32: finds a Float32 kernel that is wrong in places that central differences, which
  /// need Float64, do not see.
  ///
  /// - Parameters: as those of ``run(_:_:batch:steps:lossSteps:state:loss:penalty:)``.
  public static func comparePrecisions(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, batch: Batch<Double>,
    steps: Range<Int>? = nil, lossSteps: Range<Int>? = nil, state: [Matrix<Double>]? = nil,
    loss: (any Loss)? = nil, penalty: Penalty = Penalty()
  ) -> GradientCheck.Report {
    func window<Element: Scalar>(
      _ parameters: Parameters<Element>, _ batch: Batch<Element>, _ state: [Matrix<Element>]?
    ) -> (gradients: [GradientCheck.Gradient], pattern: UInt64) {
      let window = CheckedWindow(
        model, parameters, batch: batch, steps: steps, lossSteps: lossSteps, state: state,
        loss: loss, penalty: penalty)
      let pattern = window.evaluate().pattern
      return (window.gradients().map { ($0.name, $0.gradient.values) }, pattern)
    }
    let single = window(
      parameters.converted(to: Float.self), batch.converted(to: Float.self),
      state?.map { $0.converted(to: Float.self) })
    let double = window(
      parameters.roundedToFloat, batch.roundedToFloat, state?.map(\.roundedToFloat))
    return GradientCheck.compare(
      single.gradients, with: double.gradients, isOnSameSide: single.pattern == double.pattern)
  }
}

/// One window of a batch, whose loss and gradient are taken for a check.
private final class CheckedWindow<Element: Scalar> {
  private let model: RecurrentModel
  private let parameters: Parameters<Element>
  private let batch: Batch<Element>
  private let steps, lossSteps: Range<Int>
  private let state: [Matrix<Element>]?
  private let penalty: Penalty
  private let workspace: SequenceWorkspace<Element>
  private let weights: PackedParameters<Element>
  private let scale: Double

  init(
    _ model: RecurrentModel, _ parameters: Parameters<Element>, batch: Batch<Element>,
    steps: Range<Int>?, lossSteps: Range<Int>?, state: [Matrix<Element>]?, loss: (any Loss)?,
    penalty: Penalty
  ) {
    self.steps = steps ?? 0..<batch.shape.timeSteps
    self.lossSteps = lossSteps ?? self.steps
    (self.model, self.parameters, self.batch) = (model, parameters, batch)
    (self.state, self.penalty) = (state, penalty)
    workspace = SequenceWorkspace<Element>(
      model: model, capacity: self.steps.count, rows: batch.shape.rows, loss: loss)
    weights = PackedParameters(model, parameters)
    scale = 1 / Self.targetCount(batch, self.lossSteps)
  }

  /// The loss at the present values of parameters, inputs and state.
  func evaluate() -> GradientCheck.Evaluation {
    weights.refresh()
    if let state {
      workspace.carryState(after: 0)
      for (target, source) in zip(workspace.initialState, state) { target.assign(source) }
    } else {
      workspace.resetState(weights)
    }
    workspace.forward(weights, batch, steps: steps)
    let loss = workspace.loss(weights, batch, over: lossSteps, scale: scale).loss * scale
    var signs = KinkPattern()
    if penalty.l1 != 0 { signs.add(parameters.values) }
    return .init(
      loss: loss + penalty.loss(of: parameters),
      pattern: workspace.kinkPattern &* 31 &+ signs.hash)
  }

  /// The gradient after ``evaluate()``, by each parameter, number input and state before the window.
  func gradients() -> [(name: String, values: Matrix<Element>, gradient: Matrix<Element>)] {
    let gradients = Parameters<Element>(model.layout)
    let inputGradient = Matrix<Element>(
      rows: steps.count * batch.shape.rows, columns: model.configuration.input.width)
    let hasNumberInputs = batch.inputs.count > 0
    workspace.backward(
      weights, batch, into: gradients, inputGradient: hasNumberInputs ? inputGradient : nil)
    penalty.addGradient(of: parameters.values, to: gradients.values)

    var all = model.layout.entries.map { (name: $0.name, parameters[$0], gradients[$0]) }
    if hasNumberInputs {
      let rows = steps.lowerBound * batch.shape.rows..<steps.upperBound * batch.shape.rows
      all.append((name: "x", batch.inputs.rows(rows), inputGradient))
    }
    for (index, values) in (state ?? []).enumerated() {
      all.append(
        (name: "state \(index)", values, workspace.initialStateGradient[index].copy()))
    }
    return all.map { (name: $0.0, values: $0.1, gradient: $0.2) }
  }

  private static func targetCount(_ batch: Batch<Element>, _ steps: Range<Int>) -> Double {
    let range = batch.shape.supervised.clamped(to: steps)
    let first = (range.lowerBound - batch.shape.supervised.lowerBound) * batch.shape.rows
    let count = batch.lossMask.slice(first..<first + range.count * batch.shape.rows).absoluteSum
    require(count > 0, "expected targets in steps \(steps), got none")
    return count
  }
}

extension CheckedWindow<Double> {
  fileprivate func variables() -> [GradientCheck.Variable] {
    gradients().map { .init(name: $0.name, values: $0.values, gradient: $0.gradient) }
  }
}
