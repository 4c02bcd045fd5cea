import UnrollCommandLine
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

extension Arguments {
  /// How this command trains on `task`.
  ///
  /// - Throws: `UsageError` for a batch that the task's default window does not fit.
  func trainingSettings(for task: any SequenceTask) throws -> TrainingSettings {
    var settings = TrainingSettings()
    settings.batch = self[.batch]
    settings.updates = self[.steps]
    settings.truncation = truncation(isStream: task.isStream)
    if has(.clip), let rule: Clipping = self[optional: .clip] { settings.clipping = rule }
    settings.optimizer = try optimizerKind()
    settings.optimizerSettings = optimizerSettings
    settings.schedule = schedule
    if has(.precision), self[.precision] == "float", Float(self[.learningRate]) == 0 {
      throw rejection(of: .learningRate, accepted: "at least 1e-45 with --precision float")
    }
    settings.penalty = Penalty(l1: self[.l1], l2: self[.l2])
    settings.regularizer = self[optional: .regularize] ?? .none
    settings.nonFinite = self[.onNonfinite] == "skip" ? .skip : .stop
    settings.evaluateEvery = self[.evalEvery]
    settings.stopsWhenSolved = isSet(.stopWhenSolved)
    settings.solveAt = self[optional: .solveAt]
    if has(.solveEvery) { settings.solveEvery = self[optional: .solveEvery] }
    if has(.recompute), let recompute: Recompute = self[optional: .recompute] {
      settings.recompute = recompute
    }
    settings.threads = self[.threads]
    return settings
  }

  /// Where training cuts the gradient off: as `--window` says, or 100 steps back in a stream.
  func truncation(isStream: Bool) -> Truncation {
    if has(.window), let window: Truncation = self[optional: .window] { return window }
    return isStream ? .windows(period: 100, depth: 100) : .full
  }

  /// Refuses `--regularize` for a cell that it is not defined for.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireRegularizer(for cell: CellSpecification) throws {
    let term: Regularizer? = self[optional: .regularize]
    if (term ?? .none) != .none, cell.kind != .rnn {
      throw rejection(of: .regularize, accepted: "none with the cell \(cell.kind): it is for rnn")
    }
  }

  private func optimizerKind() throws -> OptimizerKind {
    guard let kind = OptimizerKind(rawValue: self[.optimizer]) else {
      let names = OptimizerKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw rejection(of: .optimizer, accepted: names)
    }
    return kind
  }

  private var optimizerSettings: OptimizerSettings {
    var settings = OptimizerSettings()
    settings.weightDecay = self[.weightDecay]
    settings.momentum = self[.momentum]
    settings.beta1 = self[.beta1]
    settings.beta2 = self[.beta2]
    settings.epsilon = self[.epsilon]
    settings.alpha = self[.rmspropDecay]
    return settings
  }

  private var schedule: LearningRateSchedule {
    let shape: LearningRateSchedule.Shape =
      switch self[.schedule] {
      case "step":
        .step(every: self[.scheduleEvery], factor: self[.scheduleFactor])
      case "cosine": .cosine
      default: .constant
      }
    return LearningRateSchedule(
      base: self[.learningRate], shape: shape, warmup: self[.warmup],
      horizon: self[.steps])
  }
}
