import UnrollSequenceTasks
import UnrollText

extension SolveCriterion {
  /// When a task is solved, on the data of `split`: `validation loss below 0.01`.
  func words(on split: Split) -> String {
    switch self {
    case .lossBelow(let limit): "\(split.lossName) below \(limit.plainText)"
    case .accuracyAtLeast(let share): "\(split) accuracy of at least \(share.plainText)"
    }
  }
}
