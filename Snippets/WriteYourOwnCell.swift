import UnrollKit

/// The leaky integrator:
///
///     a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh
///     h_t = (1 − α) h_{t−1} + α tanh a_t
struct LeakyIntegrator: Cell {
  let leak: Double
  let name = "leaky-integrator"
  let gates = 1
  var constants: String { "leak=\(leak)" }

  func forward<Element>(_ step: CellStep<Element>) {
    step.gates.formProduct(
      step.previousHidden, step.recurrentWeight, transposing: .right, adding: true)
    step.hidden.apply(.tanh, to: step.gates)
    step.gates.assign(step.hidden)
    step.hidden.scale(by: Element(leak))
    step.hidden.add(step.previousHidden, scale: Element(1 - leak))
  }

  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    gradient.gates.applyDerivative(
      of: .tanh, preActivations: step.gates, outputs: step.gates, gradient: gradient.hidden)
    gradient.gates.scale(by: Element(leak))
    gradient.clipPreactivations()
    gradient.previousHidden.formProduct(gradient.gates, step.recurrentWeight, adding: true)
    gradient.previousHidden.add(gradient.hidden, scale: Element(1 - leak))
  }
}

let task = try AddingTask(length: 20, seed: 1)
let model = RecurrentModel(
  cell: LeakyIntegrator(leak: 0.3),
  ModelConfiguration(input: task.input, target: task.target, hidden: 32))

// Every gradient against central differences.
let batch = Batch<Double>(task.batchShape(steps: 20, rows: 4))
task.fill(batch, from: BatchLocation(split: .train, sequence: 0, rows: 4))
let report = ModelCheck.run(model, model.initialParameters(.xavier, seed: 1), batch: batch)
print(report.worst < 1e-7 ? "the gradients agree" : "largest error \(report.worst)")

// Training.
var settings = TrainingSettings()
settings.updates = 1_000
settings.schedule = LearningRateSchedule(base: 0.005, horizon: settings.updates)
let trainer = try Trainer<Float>(
  model: model, parameters: model.initialParameters(.xavier, seed: 1), task: task,
  settings: settings)
try trainer.run()
let loss = trainer.totals.lastEvaluation?.loss ?? .nan
print(loss < task.baselineLoss / 2 ? "it learns" : "it does not learn: loss \(loss)")

// Saving.
let path = "leaky.safetensors"
try ModelFile.write(trainer.parameters, model: model, to: path)
let saved = try SavedModel(path: path, cells: [LeakyIntegrator(leak: 0.3)])
let evaluation = try Evaluation(of: saved, on: task, rows: 20, threads: 1, as: Float.self)
print(evaluation.loss < task.baselineLoss / 2 ? "so does the file" : "loss \(evaluation.loss)")
do {
  _ = try SavedModel(path: path, cells: [LeakyIntegrator(leak: 0.5)])
} catch {
  print(error)
}
