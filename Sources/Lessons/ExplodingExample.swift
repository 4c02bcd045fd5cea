import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollText
import UnrollTraining

/// A recurrent net with large weights on the adding problem, plain and with four remedies.
package enum ExplodingExample {
  package static let updates = 300
  package static let length = 60
  package static let deviation = 0.2

  package struct Run {
    package let label: String
    package let losses: [Double]
    package let norms: [Double]
    /// Whether the norms are those before clipping.
    package let isClipped: Bool
    /// Whether it broke off at a loss or gradient that is not finite.
    package let brokeOff: Bool
  }

  package static func report(seed: UInt64) throws -> DepthReport {
    let runs = try [
      run("plain", seed: seed) { _, _ in },
      run("clipped at norm 1", seed: seed) { _, settings in settings.clipping = .norm(1) },
      run("truncated to 5 steps", seed: seed) { _, settings in
        settings.truncation = .windows(period: 5, depth: 5)
      },
      run("L2 penalty, factor 10", seed: seed) { _, settings in
        settings.penalty = Penalty(l2: 10)
      },
      run("lstm instead", seed: seed) { specification, _ in
        specification = CellSpecification(.lstm)
      },
    ]
    let list = runs.map { run in
      "\(run.label): norm up to \(NumberText.scientific(run.norms.filter(\.isFinite).max() ?? .nan))"
        + (run.isClipped ? " before clipping" : "")
        + ", loss up to \(NumberText.significant(run.losses.filter(\.isFinite).max() ?? .nan)), at the "
        + "end \(NumberText.significant(run.losses.last ?? .nan))"
        + (run.brokeOff ? " (broke off after \(run.losses.count) updates)" : "")
    }
    return DepthReport(
      title: "Exploding gradients in a recurrent net",
      subtitle:
        "adding problem, T = \(length), H = 64, N(0, \(deviation)²) weights, gradient descent "
        + "η 0.02, \(updates) updates, seed \(seed)",
      seed: seed, stacks: [],
      text: "Loss (without the penalty) and gradient norm over \(updates) updates. "
        + list.joined(separator: "; ") + ".",
      facts: [
        "largest_norm": .array(runs.map { .number($0.norms.filter(\.isFinite).max() ?? .nan) }),
        "largest_loss": .array(runs.map { .number($0.losses.filter(\.isFinite).max() ?? .nan) }),
        "last_loss": .array(runs.map { .number($0.losses.last ?? .nan) }),
      ],
      panels: [
        .init(
          title: "loss", plainTitle: "loss", across: "update",
          lines: runs.map { .init(label: $0.label, values: $0.losses) },
          ceiling: DepthReport.ceiling(of: runs.map(\.losses))),
        .init(
          title: "global norm of the gradient, before clipping", plainTitle: "gradient norm",
          across: "update", lines: runs.map { .init(label: $0.label, values: $0.norms) }),
      ])
  }

  private static func run(
    _ label: String, seed: UInt64,
    changing change: (inout CellSpecification, inout TrainingSettings) -> Void
  ) throws -> Run {
    var specification = CellSpecification(.rnn)
    specification.initializer = .normal(deviation)
    var settings = TrainingSettings()
    settings.updates = updates
    settings.evaluateEvery = updates + 1
    settings.optimizer = .sgd
    settings.schedule = LearningRateSchedule(base: 0.02, horizon: updates)
    settings.clipping = .none
    change(&specification, &settings)
    let task = try AddingTask(length: length, seed: seed)
    let trainer = try Trainer<Float>(
      specification, ModelConfiguration(input: task.input, target: task.target, hidden: 64),
      task: task, settings: settings, seed: seed)
    var (losses, norms, brokeOff) = ([Double](), [Double](), false)
    do {
      for _ in 0..<updates {
        // The data's share of the loss: the penalty alone is hundreds at the start.
        let penalty = settings.penalty.loss(of: trainer.parameters)
        let record = try trainer.step()
        losses.append(record.loss - penalty)
        norms.append(record.gradientNorm)
      }
    } catch TrainingError.nonFinite {
      brokeOff = true
    }
    return Run(
      label: label, losses: losses, norms: norms, isClipped: settings.clipping != .none,
      brokeOff: brokeOff)
  }
}
