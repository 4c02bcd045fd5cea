import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

extension Arguments {
  /// How this command trains on `task`.
  ///
  /// - Throws: `UsageError` for a batch that the task's default window does not fit.
  func trainingSettings(for task: any SequenceTask) throws -> TrainingSettings {
    var settings = TrainingSettings()
    settings.batch = integer("batch")
    settings.updates = integer("steps")
    settings.truncation = task.isStream ? .windows(period: 100, depth: 100) : .full
    if has("window"), let window: Truncation = optionalValue("window") {
      settings.truncation = window
    }
    if has("clip"), let rule: Clipping = optionalValue("clip") { settings.clipping = rule }
    settings.optimizer = try optimizerKind()
    settings.optimizerSettings = optimizerSettings
    settings.schedule = schedule
    settings.penalty = Penalty(l1: real("l1"), l2: real("l2"))
    settings.regularizer = optionalValue("regularize") ?? .none
    settings.nonFinite = choice("on-nonfinite") == "skip" ? .skip : .stop
    settings.evaluateEvery = integer("eval-every")
    settings.stopsWhenSolved = isSet("stop-when-solved")
    settings.solveAt = optionalReal("solve-at")
    settings.threads = integer("threads")
    return settings
  }

  /// Refuses `--regularize` for a cell that it is not defined for.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireRegularizer(for cell: CellSpecification) throws {
    let term: Regularizer? = optionalValue("regularize")
    if (term ?? .none) != .none, cell.kind != .rnn {
      throw rejection(of: "regularize", accepted: "none with the cell \(cell.kind): it is for rnn")
    }
  }

  private func optimizerKind() throws -> OptimizerKind {
    guard let kind = OptimizerKind(rawValue: choice("optimizer")) else {
      let names = OptimizerKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw rejection(of: "optimizer", accepted: names)
    }
    return kind
  }

  private var optimizerSettings: OptimizerSettings {
    var settings = OptimizerSettings()
    settings.weightDecay = real("weight-decay")
    settings.momentum = real("momentum")
    settings.beta1 = real("beta1")
    settings.beta2 = real("beta2")
    settings.epsilon = real("epsilon")
    settings.alpha = real("rmsprop-decay")
    return settings
  }

  private var schedule: LearningRateSchedule {
    let shape: LearningRateSchedule.Shape =
      switch choice("schedule") {
      case "step":
        .step(every: integer("schedule-every"), factor: real("schedule-factor"))
      case "cosine": .cosine
      default: .constant
      }
    return LearningRateSchedule(
      base: real("learning-rate"), shape: shape, warmup: integer("warmup"),
      horizon: integer("steps"))
  }
}
