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
    let steps = steps ?? 0..<batch.shape.timeSteps
    let lossSteps = lossSteps ?? steps
    let workspace = SequenceWorkspace<Double>(
      model: model, capacity: steps.count, rows: batch.shape.rows, loss: loss)
    let scale = 1 / targetCount(batch, lossSteps)
    let weights = PackedParameters(model, parameters)

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

    let gradients = Parameters<Double>(model.layout)
    let inputGradient = Matrix<Double>(
      rows: steps.count * batch.shape.rows, columns: model.configuration.input.width)
    let hasNumberInputs = batch.inputs.count > 0
    _ = evaluate()
    workspace.backward(
      weights, batch, into: gradients, inputGradient: hasNumberInputs ? inputGradient : nil)
    penalty.addGradient(of: parameters.values, to: gradients.values)

    var variables = model.layout.entries.map { entry in
      GradientCheck.Variable(
        name: entry.name, values: parameters[entry], gradient: gradients[entry])
    }
    if hasNumberInputs {
      let rows = steps.lowerBound * batch.shape.rows..<steps.upperBound * batch.shape.rows
      variables.append(.init(name: "x", values: batch.inputs.rows(rows), gradient: inputGradient))
    }
    for (index, values) in (state ?? []).enumerated() {
      variables.append(
        .init(
          name: "state \(index)", values: values,
          gradient: workspace.initialStateGradient[index].copy()))
    }
    return GradientCheck.run(variables, loss: evaluate)
  }

  private static func targetCount(_ batch: Batch<Double>, _ steps: Range<Int>) -> Double {
    let range = batch.shape.supervised.clamped(to: steps)
    let first = (range.lowerBound - batch.shape.supervised.lowerBound) * batch.shape.rows
    let count = batch.lossMask.slice(first..<first + range.count * batch.shape.rows).absoluteSum
    require(count > 0, "expected targets in steps \(steps), got none")
    return count
  }
}
