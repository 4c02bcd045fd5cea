import Foundation
import UnrollKit

/// Waves in noise, slow ones of class 0 and fast ones of class 1.
struct WavesTask: SequenceTask {
  let parts: [Split: [(values: [Double], label: Int)]]

  let name = "waves"
  let input = InputKind.values(1)
  let target = TargetKind.classes(2)
  let baselineLoss = log(2.0)
  let criterion: SolveCriterion? = .accuracyAtLeast(0.9)

  func timeSteps(in split: Split, rows: Int) -> Int { examples(split)[0].values.count }

  func sequenceCount(in split: Split) -> Int? { examples(split).count }

  func examples(_ split: Split) -> [(values: [Double], label: Int)] { parts[split] ?? [] }

  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let examples = examples(location.split)
    for row in 0..<batch.shape.rows {
      let example = examples[(location.sequence + row) % examples.count]
      for (step, value) in example.values.enumerated() {
        batch.inputs(step: step, row: row)[0, 0] = Element(value)
      }
      batch.setTargetClass(example.label, step: example.values.count - 1, row: row)
    }
  }
}

// Your arrays go here.
var random = RandomNumbers(seed: 1)
let examples = (0..<1_400).map { index in
  let label = index % 2
  let phase = random.uniform(0, 2 * .pi)
  let values = (0..<40).map { step in
    sin(phase + Double(step) * (label == 0 ? 0.2 : 0.3)) + 0.5 * random.normal()
  }
  return (values: values, label: label)
}
let task = WavesTask(parts: [
  .train: Array(examples[..<1_000]), .validation: Array(examples[1_000..<1_200]),
  .test: Array(examples[1_200...]),
])

let specification = CellSpecification(.lstm)
let configuration = ModelConfiguration(input: task.input, target: task.target, hidden: 32)
var settings = TrainingSettings()
settings.updates = 1_000
settings.schedule = LearningRateSchedule(base: 0.005, horizon: settings.updates)
settings.stopsWhenSolved = true

let trainer = try Trainer<Float>(
  specification, configuration, task: task, settings: settings, seed: 1)
try trainer.run()
print(trainer.isSolved ? "solved after \(trainer.totals.updates) updates" : "not solved")

let path = "waves.safetensors"
try ModelFile.write(
  trainer.parameters, specification: specification, configuration: configuration, metadata: [:],
  to: path)
let model = try SavedModel(path: path)
print(try Evaluation(of: model, on: task, rows: 20, threads: 1, as: Float.self).text)
