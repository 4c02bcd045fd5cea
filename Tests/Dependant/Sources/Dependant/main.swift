// Uses Unroll as a package that depends on it does: every part is the package's own. Ends with status 1
// at the first thing that is not as it should be.

import Foundation
import Training
import UnrollKit

func expect(_ condition: Bool, _ what: String) {
  print(condition ? "ok      \(what)" : "FAILED  \(what)")
  if !condition { exit(1) }
}

let folder = FileManager.default.temporaryDirectory.appending(path: "dependant-\(UUID())").path
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: folder) }

let task = RunningMeanTask(length: 12)
let configuration = ModelConfiguration(input: task.input, target: task.target, hidden: 8)
let model = RecurrentModel(cell: LeakyCell(leak: 0.4), configuration)
let start: Parameters<Double> = model.initialParameters(.pytorch, seed: 3)

// The cell and the loss against central differences.
let batch = Batch<Double>(task.batchShape(steps: 12, rows: 3))
task.fill(batch, from: BatchLocation(split: .train, sequence: 0, rows: 3))
let report = ModelCheck.run(model, start.copy(), batch: batch, loss: LogCoshLoss())
expect(report.worst < 1e-7, "the cell's and the loss's gradients: error \(report.worst)")

// Training with the package's own optimizer, clipping rule and loss, and a resumed run.
func makeTrainer() throws -> Trainer<Double> {
  var settings = TrainingSettings()
  settings.updates = 300
  settings.evaluateEvery = 100
  settings.threads = 2
  settings.schedule = LearningRateSchedule(base: 0.003, horizon: 300)
  return try Trainer(
    model: model, parameters: start.copy(), task: task, settings: settings,
    optimizer: SignMomentum(count: model.layout.count), clipping: LargestNormRule(),
    loss: LogCoshLoss())
}

let trainer = try makeTrainer()
let before = try trainer.evaluate().loss
try trainer.run()
let after = trainer.totals.lastEvaluation?.loss ?? .nan
expect(after < before / 5, "training: the loss goes from \(before) to \(after)")
expect(
  trainer.totals.clipped > 0, "the clipping rule has clipped \(trainer.totals.clipped) updates")

let checkpoint = folder + "/checkpoint.safetensors"
let interrupted = try makeTrainer()
try interrupted.evaluate()
try interrupted.run(until: { interrupted.totals.updates == 130 })
try interrupted.saveCheckpoint(to: checkpoint, metadata: [:])
let resumed = try makeTrainer()
try resumed.restore(from: SafetensorsFile(path: checkpoint))
try resumed.run()
expect(
  resumed.parameters.values.elements == trainer.parameters.values.elements,
  "a resumed run ends with the same bits")

// The instrument on the package's own cell.
let meter = DecayMeter(model, batch: batch)
let curves = meter.curves(under: trainer.parameters)
let fit = DecayFit(curves[0])
expect(curves[0].count == 12, "a decay curve: \(fit.rate ?? .nan) a step, \(fit.verdict)")
