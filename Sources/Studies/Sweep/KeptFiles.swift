import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

/// What a sweep keeps of each run beside its row: files in the folder `runs/ID`.
public enum KeptFiles: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// `metrics.csv`, as `unroll train` writes it.
  case metrics
  /// That, and the weights at the end and at the lowest validation loss.
  case models
}

/// Writes what is kept of one run.
struct RunKeeper {
  let kept: KeptFiles
  /// The settings that vary, where runs are recorded for TensorBoard; nil where they are not.
  let events: [EventSetting]?
  let folder: String
  /// What the models keep of the run.
  let metadata: () -> [String: String]

  /// The log of a run's updates, whose times `seconds` tells; nil where none is kept.
  ///
  /// - Throws: `FileError`.
  func makeLog(seconds: @escaping () -> Double) throws -> MetricsLog? {
    guard kept != .none else { return nil }
    try OutputFolder.create(folder)
    return MetricsLog(
      try CSVLog(path: "\(folder)/metrics.csv", columns: MetricsLog.columns), seconds: seconds)
  }

  /// The record of a run for TensorBoard; nil where none is kept. That of an earlier try at the run, which
  /// was interrupted, is removed.
  ///
  /// - Throws: `FileError`.
  func makeEvents(of run: SweepRun, _ plan: TrainingPlan) throws -> SweptRunEvents? {
    EventLog.removeAll(in: folder)
    guard let events else { return nil }
    try OutputFolder.create(folder)
    return try SweptRunEvents(of: run, plan, settings: events, log: EventLog(in: folder))
  }

  /// - Throws: `FileError`.
  func saveModels<Element>(of trainer: Trainer<Element>, _ plan: TrainingPlan) throws {
    guard kept == .models else { return }
    let metadata = plan.modelMetadata.merging(metadata()) { own, _ in own }
    for (parameters, name) in [(trainer.parameters, "model"), (trainer.best, "best")] {
      guard let parameters, parameters.values.isFinite else { continue }
      try ModelFile.write(
        parameters, specification: plan.specification, configuration: plan.configuration,
        metadata: metadata, to: "\(folder)/\(name).safetensors")
    }
  }
}
