import UnrollDenseMath
import UnrollFileFormats
import UnrollStudies

extension ClipResult {
  /// The run in `summary.json`, under the names of ``columns``.
  package func json(withWindow: Bool) -> JSONValue {
    var object: JSONObject = [
      "cell": .string(key.setting.cell), "threshold": .string(key.setting.threshold),
      "seed": .integer(key.seed), "outcome": .string(outcome.rawValue),
      "steps_to_solve": JSONValue(updatesToSolve), "final_loss": .number(finalLoss),
      "clipped_fraction": JSONValue(clippedFraction), "mean_norm": JSONValue(meanNorm),
      "max_norm": .number(maxNorm), "seconds": .number(seconds),
      "effective_step": JSONValue(effectiveStep), "clip_angle": JSONValue(clipAngle),
      "reference_norm": JSONValue(referenceNorm),
      "reference_steps": JSONValue(referenceSteps),
    ]
    if withWindow { object["window"] = .string(key.setting.window) }
    return .object(object)
  }
}

extension ClipGroup {
  /// The group in `summary.json`.
  package func json(withWindow: Bool) -> JSONValue {
    var object: JSONObject = [
      "cell": .string(setting.cell), "threshold": .string(setting.threshold),
      "solved": JSONValue(solved), "unsolved": .integer(unsolved), "diverged": .integer(diverged),
      "median_steps_to_solve": JSONValue(medianUpdatesToSolve),
      "clipped_fraction": JSONValue(clippedFraction),
      "median_final_loss": JSONValue(medianFinalLoss),
      "median_mean_norm": JSONValue(medianMeanNorm),
      "effective_step": JSONValue(effectiveStep), "clip_angle": JSONValue(clipAngle),
      "median_reference_norm": JSONValue(medianReferenceNorm),
    ]
    if withWindow { object["window"] = .string(setting.window) }
    return .object(object)
  }
}
