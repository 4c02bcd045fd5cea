import UnrollFileFormats

/// What the runs of a ``ClipGroup`` share, as the texts of `clip.csv`.
public struct ClipSetting: Hashable, Sendable {
  /// The cell's label.
  public let cell: String
  /// The text of a ``ClipThreshold``: `norm:1`.
  public let threshold: String
  /// The text of a `Truncation`: `full`, `5`.
  public let window: String

  /// The texts of a cell, a threshold and a window.
  public init(cell: String, threshold: String, window: String) {
    self.cell = cell
    self.threshold = threshold
    self.window = window
  }

  var sweepSetting: SweepSetting { SweepSetting([cell, threshold, window]) }
}

/// How a run of a comparison went: a row of `clip.csv`.
public struct ClipResult: Equatable, Sendable {
  /// What distinguishes a run from the others of its comparison.
  public struct Key: Hashable, Sendable {
    /// What the run shares with those of other seeds.
    public let setting: ClipSetting
    /// The run's seed.
    public let seed: Int

    /// The run of `setting` under `seed`.
    public init(setting: ClipSetting, seed: Int) {
      self.setting = setting
      self.seed = seed
    }

    /// The run as messages name it: `lstm norm:1 full, seed 2`.
    var text: String { setting.sweepSetting.values.joined(separator: " ") + ", seed \(seed)" }

    /// The run's name for the engine.
    var name: String {
      (setting.sweepSetting.values + ["\(seed)"]).joined(separator: "\n")
    }
  }

  /// How a run ended.
  public typealias Outcome = RunVerdict

  /// Which run it is.
  public let key: Key
  /// How the run ended.
  public let outcome: Outcome
  /// The number of updates to the solution; nil unless solved.
  public let updatesToSolve: Int?
  /// The validation loss of the weights at the end, or their loss on the training data of a task without
  /// validation data. The test data are left alone, because a comparison is there to choose by.
  public let finalLoss: Double
  /// The share of the updates that clipping changed; nil where none was made.
  public let clippedFraction: Double?
  /// The mean of the gradient's global norm before clipping, over the updates where it was finite.
  public let meanNorm: Double?
  /// The largest of these norms.
  public let maxNorm: Double
  /// How long the run took.
  public let seconds: Double
  /// The mean of ‖clipped‖/‖unclipped‖ over the updates where it was measured; nil without one.
  public let effectiveStep: Double?
  /// The mean angle between the clipped and the unclipped gradient, in degrees, over the same updates.
  public let clipAngle: Double?
  /// The mean norm that the threshold is a multiple of; nil for other thresholds.
  public let referenceNorm: Double?
  /// The number of updates over which that mean was taken; nil also for results read from a file of an
  /// earlier version.
  public let referenceSteps: Int?
  /// Under what the run was computed; nil for results of earlier versions, and of no file.
  public var origin: ResultOrigin?
}

extension ClipResult {
  /// The result of a run that has ended.
  ///
  /// - Parameter reference: the mean norm that the threshold is a multiple of.
  public init(key: Key, _ run: RunMeasures, reference: MeanNorm? = nil) {
    self.init(
      key: key, outcome: run.outcome, updatesToSolve: run.updatesToSolve, finalLoss: run.finalLoss,
      clippedFraction: run.clippedFraction, meanNorm: run.meanNorm, maxNorm: run.maxNorm,
      seconds: run.seconds, effectiveStep: run.effectiveStep, clipAngle: run.clipAngle,
      referenceNorm: reference?.norm,
      referenceSteps: reference.flatMap { $0.norm == nil ? nil : $0.steps })
  }
}

// MARK: Rows of clip.csv

extension ClipResult {
  /// The columns of `clip.csv`.
  package static let columns =
    [
      "cell", "threshold", "seed", "outcome", "steps_to_solve", "final_loss", "clipped_fraction",
      "mean_norm", "max_norm", "seconds",
    ] + laterColumns

  /// The columns that files of earlier versions may lack.
  package static let laterColumns =
    [
      "window", "effective_step", "clip_angle", "reference_norm", "reference_steps",
    ] + ResultOrigin.columns

  /// The run as a row of ``columns``.
  package var row: [CSVField] {
    [
      .text(key.setting.cell), .text(key.setting.threshold), .integer(key.seed),
      .text(outcome.rawValue), CSVField(updatesToSolve), .number(finalLoss),
      CSVField(clippedFraction), CSVField(meanNorm), .number(maxNorm), .number(seconds),
      .text(key.setting.window), CSVField(effectiveStep), CSVField(clipAngle),
      CSVField(referenceNorm), CSVField(referenceSteps),
    ] + (origin?.fields ?? ResultOrigin.columns.map { _ in .blank })
  }

  /// The run that a row holds; nil where the row cannot be read.
  ///
  /// - Parameter ownWindow: the window of a row that names none.
  package init?(row: [String], ownWindow: String) {
    guard row.count == Self.columns.count, let seed = Int(row[2]),
      let outcome = Outcome(rawValue: row[3]), let finalLoss = CSVNumber.written(row[5]),
      let maxNorm = CSVNumber.written(row[8]), let seconds = CSVNumber.written(row[9])
    else { return nil }
    let updatesToSolve = Int(row[4])
    guard (0...1_000_000_000).contains(updatesToSolve ?? 0) else { return nil }
    let window = row[10].isEmpty ? ownWindow : row[10]
    self.init(
      key: Key(setting: ClipSetting(cell: row[0], threshold: row[1], window: window), seed: seed),
      outcome: outcome, updatesToSolve: updatesToSolve, finalLoss: finalLoss,
      clippedFraction: CSVNumber.written(row[6]), meanNorm: CSVNumber.written(row[7]),
      maxNorm: maxNorm,
      seconds: seconds, effectiveStep: CSVNumber.written(row[11]),
      clipAngle: CSVNumber.written(row[12]),
      referenceNorm: CSVNumber.written(row[13]), referenceSteps: Int(row[14]),
      origin: ResultOrigin(fields: row[15...]))
  }
}
