import DenseMath
import FileFormats
import Foundation
import Optimisation
import RecurrentCells
import SequenceTasks
import Testing

@testable import Training

/// Whole training runs against PyTorch (Float64, tools/reference/make_goldens.py): 50 updates on the
/// same sequences in file order, with every optimiser, clipping rule and weight decay.
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
    let file = try golden(name.hasPrefix("gru") ? "runs-gru" : "runs")
    let run = try JSONValue(parsing: Data(file.metadata(name).utf8))
    let kind = try #require(CellKind(rawValue: run["cell"]?.string ?? ""))
    let model = RecurrentModel(
      CellSpecification(kind),
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 7))
    let parameters = Parameters<Double>(model.layout)
    let prefix = kind == .lstm ? "init" : "\(kind.rawValue)-init"
    for entry in model.layout.entries {
      parameters[entry].assign(try file.doubles("\(prefix)/\(entry.name)"))
    }
    let trainer = try Trainer(
      model: model, parameters: parameters,
      task: try ArraysTask(path: golden("inputs").path, shuffle: false, seed: 1),
      settings: try settings(run, threads: threads))
    let losses = try file.doubles("\(name)/losses")
    let norms = try file.doubles("\(name)/gradient_norms")
    for step in 0..<50 {
      let record = try trainer.step()
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
  }

  private func settings(_ run: JSONValue, threads: Int) throws -> TrainingSettings {
    var settings = TrainingSettings()
    func number(_ key: String, _ fallback: Double) -> Double { run[key]?.double ?? fallback }
    settings.batch = 4
    settings.threads = threads
    settings.steps = 50
    settings.optimizer = try #require(OptimizerKind(rawValue: run["optimizer"]?.string ?? ""))
    settings.clipping = try Clipping(try #require(run["clip"]?.string))
    settings.schedule = LearningRateSchedule(base: number("learning_rate", .nan), horizon: 50)
    settings.optimizerSettings.weightDecay = number("weight_decay", 0)
    settings.optimizerSettings.momentum = number("momentum", 0.9)
    settings.optimizerSettings.smoothing = number("alpha", 0.99)
    settings.optimizerSettings.epsilon = number("epsilon", 1e-8)
    return settings
  }
}

func golden(_ name: String) throws -> SafetensorsFile {
  let url = try #require(
    Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "safetensors"))
  return try SafetensorsFile(path: url.path)
}
