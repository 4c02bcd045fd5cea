import UnrollStudies
import UnrollTraining

/// Runs that ended when their task was solved.
enum SolvedEnds {
  static let note = "Runs ended when solved, so these losses are taken after different updates."

  /// What is to be known of the losses at the end of `runs`; nil where each made all of its updates.
  static func note(_ runs: [RunMeasures], in plan: TrainingPlan) -> String? {
    plan.settings.stopsWhenSolved && runs.contains { $0.outcome == .solved } ? note : nil
  }
}
