import Foundation
import UnrollKit

/// Nesterov's momentum: v ← μ v + g, θ ← θ − η (g + μ v).
final class Nesterov<Element: Scalar>: Optimizer {
  let name = "nesterov"
  let state: [(name: String, values: Matrix<Element>)]
  private let velocity: Matrix<Element>

  /// - Parameter count: the number of the model's parameters, all elements counted.
  init(count: Int) {
    velocity = Matrix(rows: 1, columns: count)
    state = [("velocity", velocity)]
  }

  func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    let velocity = velocity.slice(places)
    velocity.scale(by: 0.9)
    velocity.add(gradient)
    weights.add(gradient, scale: Element(-rate))
    weights.add(velocity, scale: Element(-0.9 * rate))
  }
}

/// Scales every gradient to the norm 1.
struct UnitNorm: ClippingRule {
  let name = "unit-norm"

  func makeClipper<Element: Scalar>(
    for layout: ParameterLayout, chunk: Int, as type: Element.Type
  ) -> any Clipper<Element> { UnitNormClipper<Element>() }
}

/// Unchecked: only `decide` writes, which is called while no other thread uses the clipper.
final class UnitNormClipper<Element: Scalar>: Clipper, @unchecked Sendable {
  private(set) var commonFactor: Double? = 1

  func decide(norm: Double) { commonFactor = norm > 0 ? 1 / norm : 1 }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool {
    guard let commonFactor, commonFactor != 1 else { return false }
    gradient.scale(by: Element(commonFactor))
    return true
  }
}

/// ln cosh of each error, summed over the outputs: squared near 0, absolute far away.
struct LogCosh: Loss {
  let name = "ln cosh"

  func accepts(_ target: TargetKind) -> Bool {
    if case .values = target { true } else { false }
  }

  func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .values(let targets) = targets else { return }
    for row in 0..<outputs.rows {
      for column in 0..<outputs.columns {
        let error = Double(outputs[row, column] - targets[row, column])
        rows.losses[row] += log(cosh(error))
        outputs[row, column] = weights[0, row] * Element(tanh(error))
      }
    }
  }
}

let task = try AddingTask(length: 10, seed: 1)
let model = RecurrentModel(
  cell: GRUCell(), ModelConfiguration(input: task.input, target: task.target, hidden: 16))

// The loss's gradient against central differences.
let start: Parameters<Double> = model.initialParameters(.xavier, seed: 1)
let report = ModelCheck.run(
  model, start, batch: try DecayData(task, rows: 4).batch(), loss: LogCosh())
print(report.worst < 1e-7 ? "the gradients agree" : "largest error \(report.worst)")

// Training with all three.
var settings = TrainingSettings()
settings.updates = 1_000
settings.schedule = LearningRateSchedule(base: 0.01, horizon: settings.updates)
let parameters: Parameters<Float> = model.initialParameters(.xavier, seed: 1)
let trainer = try Trainer(
  model: model, parameters: parameters, task: task, settings: settings,
  optimizer: Nesterov(count: parameters.layout.count), clipping: UnitNorm(), loss: LogCosh())
let before = try trainer.evaluate().loss
try trainer.run()
let after = trainer.totals.lastEvaluation?.loss ?? .nan
print(after < before / 5 ? "they learn" : "the loss goes from \(before) to \(after)")
