import UnrollOptimization
import UnrollSequenceTasks

extension TrainingSettings {
  /// The settings with what no number of a run on `task` depends on at its default: numbers that the
  /// optimizer does not read, a schedule that never leaves the base rate, looks for a criterion that the
  /// task does not have, threads and recomputation. Runs of equal effective settings, from the same weights
  /// on the same data with as many threads, are equal to the bit.
  public func effective(for task: any SequenceTask) -> TrainingSettings {
    let defaults = TrainingSettings()
    var settings = self
    settings.optimizerSettings = optimizer.reading(optimizerSettings)
    settings.schedule = schedule.effective(updates: updates)
    (settings.threads, settings.recompute) = (defaults.threads, defaults.recompute)
    if criterion(for: task) == nil {
      (settings.solveEvery, settings.stopsWhenSolved) = (nil, false)
    }
    if solveAt != nil, criterion(for: task) == task.criterion { settings.solveAt = nil }
    return settings
  }
}

extension LearningRateSchedule {
  /// A schedule with the same rates over `updates`.
  fileprivate func effective(updates: Int) -> LearningRateSchedule {
    var schedule = self
    if case .step(let every, let factor) = shape, factor == 1 || every >= updates {
      schedule.shape = .constant
    }
    // Only the cosine has one.
    if schedule.shape != .cosine { schedule.horizon = 0 }
    return schedule
  }
}
