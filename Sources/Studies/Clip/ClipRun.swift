import UnrollOptimization
import UnrollRecurrentCells
import UnrollTraining

/// One training run of a ``ClipStudy``: what it changes in the comparison's training plan.
public struct ClipRun: Sendable {
  /// The cell's label in tables and figures.
  public let cell: String
  /// The cell, and how its weights are initialized.
  public let specification: CellSpecification
  /// The clipping threshold.
  public let threshold: ClipThreshold
  /// The window of truncated backpropagation.
  public let truncation: Truncation
  /// Determines the initial weights.
  public let seed: Int

  /// A run of one cell, under one threshold, window and seed.
  public init(
    cell: String, specification: CellSpecification, threshold: ClipThreshold,
    truncation: Truncation = .full, seed: Int
  ) {
    self.cell = cell
    self.specification = specification
    self.threshold = threshold
    self.truncation = truncation
    self.seed = seed
  }

  /// What distinguishes the run from the others.
  public var key: ClipResult.Key {
    ClipResult.Key(
      setting: ClipSetting(
        cell: cell, threshold: threshold.description, window: truncation.description),
      seed: seed)
  }

  /// The same run without clipping, whose mean norm is the unit of ``ClipThreshold/meanNorms(_:)``.
  public var unclipped: ClipRun {
    ClipRun(
      cell: cell, specification: specification, threshold: .rule(.none), truncation: truncation,
      seed: seed)
  }

  /// The run as the engine takes it: `plan` with the run's own window, ending when the task is solved.
  func sweepRun(plan: @escaping @Sendable (ClipRun) throws -> TrainingPlan) -> SweepRun {
    SweepRun(
      id: key.name, setting: key.setting.sweepSetting, seed: seed, threshold: threshold,
      unclippedPass: unclipped.key.name
    ) {
      var adapted = try plan(self)
      adapted.settings.truncation = self.truncation
      adapted.settings.stopsWhenSolved = true
      return adapted
    }
  }
}
