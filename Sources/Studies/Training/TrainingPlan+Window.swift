import UnrollText
import UnrollTraining

extension TrainingPlan {
  /// That a stream's rows are shorter than the window, so that no gradient reaches back over a whole
  /// one; nil where they are not.
  package var windowWarning: String? {
    guard task.isStream, case .windows(_, let depth) = settings.truncation else { return nil }
    let steps = task.timeSteps(in: .train, rows: settings.batch)
    guard steps < depth else { return nil }
    return "a row has \(NumberText.count(steps, "step")), fewer than the window's "
      + "\(NumberText.count(depth)); a smaller --batch makes rows longer"
  }
}
