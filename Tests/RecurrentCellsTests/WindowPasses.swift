import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Two windows in a row, the second without the learned initial state, and everything they give.
struct WindowPasses<Element: Scalar> {
  typealias Result = (name: String, values: [Double])

  let model: RecurrentModel
  let weights: PackedParameters<Element>

  init(_ model: RecurrentModel, _ parameters: Parameters<Element>) {
    self.model = model
    weights = PackedParameters(model, parameters)
  }

  /// Fresh parameters, but for learned initial states, which start at zero.
  static func parameters(
    _ model: RecurrentModel, _ specification: CellSpecification
  ) -> Parameters<Element> {
    let parameters = model.initialParameters(specification, seed: 21, as: Element.self)
    for entry in model.layout.entries where entry.name.hasPrefix("initial") {
      parameters[entry].assign((0..<entry.range.count).map { 0.5 - Double($0 % 7) / 6 })
    }
    return parameters
  }

  /// Sequences numbered `rows`, the same for a number whatever others are beside it, with a target
  /// at every step but the first.
  static func batch(
    _ configuration: ModelConfiguration, steps: Int, rows: [Int]
  ) -> Batch<Element> {
    let batch = Batch<Element>(
      BatchShape(
        timeSteps: 2 * steps, rows: rows.count, input: configuration.input,
        target: configuration.target, supervised: 1..<2 * steps))
    for (place, row) in rows.enumerated() {
      var random = RandomNumbers(seed: 22, UInt64(row))
      for step in 0..<2 * steps {
        let index = step * rows.count + place
        switch configuration.input {
        case .values(let width):
          for column in 0..<width { batch.inputs[index, column] = Element(random.normal()) }
        case .classes(let count):
          batch.inputClasses[index] = Int32(random.integer(in: 0..<count))
        }
        for column in 0..<batch.targets.columns where step > 0 {
          batch.targets[index - rows.count, column] = Element(random.normal())
        }
      }
    }
    return batch
  }

  /// Hidden states, loss, and every gradient: by parameters, inputs, the states before, and what an
  /// observer sees of each step.
  ///
  /// - Parameter recompute: with a plan, the loss is taken with forward, and hidden states are left out.
  func results(_ batch: Batch<Element>, recompute: RecomputePlan? = nil) -> [Result] {
    let (steps, rows) = (batch.shape.timeSteps / 2, batch.shape.rows)
    let workspace = SequenceWorkspace<Element>(
      model: model, capacity: steps, rows: rows, recompute: recompute)
    let inputGradient = Matrix<Element>(rows: steps * rows, columns: batch.inputs.columns)
    var results: [Result] = []
    workspace.resetState(weights)
    for index in 0..<2 {
      if index > 0 { workspace.carryState() }
      let range = index * steps..<(index + 1) * steps
      let gradients = Parameters<Element>(model.layout)
      let observer = StepRecorder<Element>()
      let loss: LossSum
      if recompute == nil {
        workspace.forward(weights, batch, steps: range)
        loss = workspace.loss(weights, batch, over: range, scale: 1)
      } else {
        loss = workspace.forward(weights, batch, steps: range, lossOver: range, scale: 1)
      }
      workspace.backward(
        weights, batch, into: gradients,
        inputGradient: batch.inputs.count > 0 ? inputGradient : nil,
        observer: index == 0 ? observer : nil)
      func add(_ name: String, _ values: [Double]) { results.append(("\(name) \(index)", values)) }
      if recompute == nil { add("h", workspace.hidden.values) }
      add("loss", [loss.loss, loss.weightedLoss, Double(loss.hits), Double(loss.scored)])
      for entry in model.layout.entries { add(entry.name, gradients[entry].values) }
      add("x", inputGradient.values)
      for gradient in workspace.initialStateGradient { add("state before", gradient.values) }
      for (name, values) in observer.steps.sorted(by: { $0.key < $1.key }) { add(name, values) }
    }
    return results
  }
}

/// Keeps what an observer is shown.
private final class StepRecorder<Element: Scalar>: BackwardObserver {
  private(set) var steps: [String: [Double]] = [:]

  func observe(_ step: BackwardStep<Element>) {
    let place = "layer \(step.layer) step \(step.step)"
    steps["\(place) dh"] = step.hiddenGradient.values
    steps["\(place) dc"] = step.cellGradient?.values
    steps["\(place) gates"] = step.gates.values
    steps["\(place) deltas"] = step.gateGradients.values
  }
}
