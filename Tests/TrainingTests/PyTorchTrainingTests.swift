import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// Whole training runs against PyTorch (Float64, tools/reference/make_goldens.py): 50 updates on the
/// same sequences in file order, with every optimizer, clipping rule and weight decay.
///
/// Final weights within 1e-10 of the largest weight: 50 updates amplify rounding of 2e-16 by far
/// less (perturbing the first weights by 2e-16 moves the last by at most 1e-15).
@Suite struct PyTorchTrainingTests {
  static let cases = [
    "sgd", "sgd-weight-decay", "momentum", "momentum-weight-decay", "rmsprop", "adam",
    "adam-weight-decay", "adamw", "sgd-clip-norm", "sgd-clip-norm-sometimes",
    "sgd-clip-norm-weight-decay", "adam-clip-norm", "sgd-clip-value", "adam-clip-value", "rnn-adam",
    "gru-adam", "gru-adamw-clip-norm", "gru-momentum-clip-value",
  ]

  @Test(arguments: cases, [1, 2]) func endsAtTheSameWeights(_ name: String, threads: Int) throws {
    try check(name, in: golden(name.hasPrefix("gru") ? "runs-gru" : "runs"), threads: threads)
  }

  /// The rules of clipping beyond norm and value, with what each does to the gradient as a whole.
  static let clippingCases = [
    "sgd-clip-tensor", "adam-clip-tensor", "sgd-clip-auto", "adam-clip-auto", "gru-clip-auto",
    "sgd-clip-agc", "adam-clip-agc", "gru-clip-agc", "rnn-clip-state", "lstm-clip-state",
    "lstm-clip-state-sometimes", "gru-clip-state",
  ]

  @Test(arguments: clippingCases, [1, 2, 3]) func clipsLikewise(_ name: String, threads: Int) throws
  {
    let file = try golden("runs-clipping")
    let records = try check(name, in: file, threads: threads, measuresClipping: true)
    let factors = try file.doubles("\(name)/factors")
    let angles = try file.doubles("\(name)/angles")
    let interval = name.contains("state") ? ClippingEffect.stateInterval : 1
    for (index, record) in records.enumerated() {
      #expect((record.clippingEffect != nil) == ((index + 1) % interval == 0))
      guard let effect = record.clippingEffect else { continue }
      #expect(abs(effect.factor - factors[index]) <= 1e-10, "factor \(index)")
      // Degrees; acos near 1 makes 1e-6 of a rounding of 2⁻⁵³.
      #expect(abs(effect.angle - angles[index]) <= 1e-5, "angle \(index)")
      #expect(record.clipped == (effect != .unchanged))
    }
  }

  @discardableResult
  private func check(
    _ name: String, in file: SafetensorsFile, threads: Int, measuresClipping: Bool = false
  ) throws -> [UpdateRecord] {
    let run = try JSONValue(parsing: Data(file.metadata(name).utf8))
    let kind = try #require(CellKind.builtIn.first { $0.name == run["cell"]?.string })
    let model = RecurrentModel(
      CellSpecification(kind),
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 7))
    let parameters = Parameters<Double>(model.layout)
    let prefix = kind == .lstm ? "init" : "\(kind.name)-init"
    for entry in model.layout.entries {
      parameters[entry].assign(try file.doubles("\(prefix)/\(entry.name)"))
    }
    var settings = try settings(run, threads: threads)
    settings.measuresClipping = measuresClipping
    let trainer = try Trainer(
      model: model, parameters: parameters,
      task: try ArraysTask(path: golden("inputs").path, shuffle: false, seed: 1),
      settings: settings)
    let losses = try file.doubles("\(name)/losses")
    let norms = try file.doubles("\(name)/gradient_norms")
    var records: [UpdateRecord] = []
    for step in 0..<50 {
      let record = try trainer.step()
      records.append(record)
      #expect(abs(record.loss - losses[step]) <= 1e-12 * max(1, losses[step]), "loss \(step)")
      #expect(abs(record.gradientNorm - norms[step]) <= 1e-10, "norm \(step)")
    }
    for entry in model.layout.entries {
      let wanted = try file.doubles("\(name)/\(entry.name)")
      let size = wanted.map(abs).max() ?? 0
      for (x, y) in zip(parameters[entry].values, wanted) {
        #expect(abs(x - y) <= 1e-10 * size, "\(name) \(entry.name): \(x) and \(y)")
      }
    }
    return records
  }

  private func settings(_ run: JSONValue, threads: Int) throws -> TrainingSettings {
    var settings = TrainingSettings()
    func number(_ key: String, _ fallback: Double) -> Double { run[key]?.double ?? fallback }
    settings.batch = 4
    settings.threads = threads
    settings.updates = 50
    settings.optimizer = try #require(OptimizerKind(rawValue: run["optimizer"]?.string ?? ""))
    settings.clipping = try Clipping(try #require(run["clip"]?.string))
    settings.schedule = LearningRateSchedule(base: number("learning_rate", .nan), horizon: 50)
    settings.optimizerSettings.weightDecay = number("weight_decay", 0)
    settings.optimizerSettings.momentum = number("momentum", 0.9)
    settings.optimizerSettings.alpha = number("alpha", 0.99)
    settings.optimizerSettings.epsilon = number("epsilon", 1e-8)
    return settings
  }
}

func golden(_ name: String) throws -> SafetensorsFile {
  let url = try #require(
    Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "safetensors"))
  return try SafetensorsFile(path: url.path)
}
