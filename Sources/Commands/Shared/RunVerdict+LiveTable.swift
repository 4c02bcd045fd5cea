import UnrollCommandLine
import UnrollStudies
import UnrollText

extension RunVerdict {
  /// What a live table says of a run that has ended so.
  ///
  /// - Parameter hasCriterion: whether its task can be solved; otherwise the run has finished.
  func shown(hasCriterion: Bool) -> (text: String, verdict: LiveTable.Verdict) {
    switch self {
    case .solved: (rawValue, .good)
    case .unsolved: hasCriterion ? (rawValue, .fair) : ("finished", .good)
    case .diverged: (rawValue, .bad)
    }
  }
}

extension RunMeasures {
  /// The loss at the end as a live table shows it.
  static func shown(_ loss: Double) -> String {
    loss.isFinite ? "loss \(NumberText.significant(loss))" : "not finite"
  }
}
