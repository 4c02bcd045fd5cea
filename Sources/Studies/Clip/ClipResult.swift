import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollTraining

/// What the runs of one group share, as texts.
package struct ClipSetting: Hashable, Sendable {
  package let cell: String
  package let threshold: String
  package let window: String
}

/// The mean norm of an unclipped pass.
package struct MeanNorm: Equatable, Sendable {
  /// nil when no norm was finite.
  package let norm: Double?
  /// The updates with a finite norm: fewer than asked for where training broke off.
  package let steps: Int
}

/// How a run of a comparison went: a row of `clip.csv`.
package struct ClipResult: Equatable, Sendable {
  /// What tells a run from the others.
  package struct Key: Hashable, Sendable {
    package let setting: ClipSetting
    package let seed: Int
  }

  package enum Outcome: String, Sendable, CaseIterable {
    case solved, unsolved
    /// Became non-finite, or ended above 10 times the baseline.
    case diverged
  }

  package let key: Key
  package let outcome: Outcome
  /// nil unless solved.
  package let updatesToSolve: Int?
  /// The test loss of the weights at the end.
  package let finalLoss: Double
  /// Share of the updates that clipping changed; nil where none was made.
  package let clippedFraction: Double?
  /// Norms are those before clipping, over the updates whose norm was finite.
  package let meanNorm: Double?
  package let maxNorm: Double
  package let seconds: Double
  /// Means over the updates where they were measured; nil without one.
  package let effectiveStep: Double?
  /// In degrees.
  package let clipAngle: Double?
  /// The mean norm in whose units the threshold is, nil for others.
  package let referenceNorm: Double?
  /// The updates over which that mean was taken; nil also where the file is of an earlier version.
  package let referenceSteps: Int?
}

extension ClipResult {
  /// - Parameters:
  ///   - totals: those of the finished run, its last test loss that of the weights at the end.
  ///   - effect: the mean of what clipping did.
  ///   - isFinite: whether the run went to its end without becoming non-finite.
  ///   - baseline: the task's.
  package init(
    key: Key, totals: TrainingTotals, effect: ClippingEffect? = nil, reference: MeanNorm? = nil,
    isFinite: Bool, baseline: Double
  ) {
    let loss = totals.lastTestLoss ?? .nan
    let isDiverged = !isFinite || !(loss <= 10 * baseline)
    self.init(
      key: key,
      outcome: isDiverged ? .diverged : totals.updatesToSolve == nil ? .unsolved : .solved,
      updatesToSolve: isDiverged ? nil : totals.updatesToSolve, finalLoss: loss,
      clippedFraction: totals.clippedFraction, meanNorm: totals.meanNorm,
      maxNorm: totals.largestNorm, seconds: totals.seconds, effectiveStep: effect?.factor,
      clipAngle: effect?.angle, referenceNorm: reference?.norm,
      referenceSteps: reference.flatMap { $0.norm == nil ? nil : $0.steps })
  }
}

// MARK: Rows of clip.csv

extension ClipResult {
  package static let columns =
    [
      "cell", "threshold", "seed", "outcome", "steps_to_solve", "final_loss", "clipped_fraction",
      "mean_norm", "max_norm", "seconds",
    ] + laterColumns

  /// Those that files of earlier versions may lack.
  package static let laterColumns = [
    "window", "effective_step", "clip_angle", "reference_norm", "reference_steps",
  ]

  /// The run under ``columns``.
  package var row: [CSVField] {
    [
      .text(key.setting.cell), .text(key.setting.threshold), .integer(key.seed),
      .text(outcome.rawValue), CSVField(updatesToSolve), .number(finalLoss),
      CSVField(clippedFraction), CSVField(meanNorm), .number(maxNorm), .number(seconds),
      .text(key.setting.window), CSVField(effectiveStep), CSVField(clipAngle),
      CSVField(referenceNorm), CSVField(referenceSteps),
    ]
  }

  /// The run that a row holds; nil where it cannot be read.
  ///
  /// - Parameter ownWindow: the window meant by a blank.
  package init?(row: [String], ownWindow: String) {
    guard row.count == Self.columns.count, let seed = Int(row[2]),
      let outcome = Outcome(rawValue: row[3]), let finalLoss = Double(row[5]),
      let maxNorm = Double(row[8]), let seconds = Double(row[9])
    else { return nil }
    let updatesToSolve = Int(row[4])
    guard (0...1_000_000_000).contains(updatesToSolve ?? 0) else { return nil }
    let window = row[10].isEmpty ? ownWindow : row[10]
    self.init(
      key: Key(setting: ClipSetting(cell: row[0], threshold: row[1], window: window), seed: seed),
      outcome: outcome, updatesToSolve: updatesToSolve, finalLoss: finalLoss,
      clippedFraction: Double(row[6]), meanNorm: Double(row[7]), maxNorm: maxNorm,
      seconds: seconds, effectiveStep: Double(row[11]), clipAngle: Double(row[12]),
      referenceNorm: Double(row[13]), referenceSteps: Int(row[14]))
  }
}
