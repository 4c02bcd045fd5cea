import Foundation
import UnrollDenseMath
import UnrollRecurrentCells
import UnrollText

extension TrainingError: CustomStringConvertible, LocalizedError {
  /// What was wrong and what is accepted, in one line.
  public var description: String {
    switch self {
    case .nonFinite(let update, let loss, let norm, let previous)
    where loss.isFinite && norm.isFinite:
      "update \(update) would overflow the weights or the optimizer's state, and was undone: loss "
        + "\(NumberText.significant(loss)), gradient norm \(NumberText.significant(norm))"
        + (previous.map { ", \(NumberText.significant($0)) the update before" } ?? "")
    case .nonFinite(let update, let loss, let norm, let previous):
      "training became non-finite at update \(update): loss \(NumberText.significant(loss)), "
        + "gradient norm \(NumberText.significant(norm))"
        + (previous.map { ", \(NumberText.significant($0)) the update before" } ?? "")
    case .tooLarge(let bytes, let available):
      "these sizes need \(gigabytes(bytes)) of memory and "
        + "\(AvailableMemory.present.holder) \(gigabytes(available))"
    case .recomputeSize(let given, let least):
      "\(Recompute.memory(given)) is too little for these sizes; accepted is "
        + "\(Recompute.atLeast(least)) or more"
    case .dataLost(let error): error.description
    case .noTargets(let task):
      "\(task.escaped) has no targets: its sequences must have a step whose loss counts"
    case .streamNeedsWindow(let task):
      "\(task.escaped) is a stream without an end; its window must be K or K1:K2 steps"
    case .regularizerNeedsRNN(let regularizer, let cell):
      "the regularizer \(regularizer) is for the cell rnn, and the model's cell is \(cell.quoted)"
    case .tooFewRows(let batch, let ranks):
      "a batch of \(NumberText.count(batch, "row")) cannot be shared by \(ranks) ranks: each needs a row"
    case .checkpointVersion(let path, let saved, let accepted):
      "\(path.escaped) is a checkpoint of layout \(saved.quoted), written by another version; accepted "
        + "is layout \(accepted): train anew, or resume with the version that wrote it"
    case .checkpointMismatch(let path, let what, let saved, let given):
      "\(path.escaped): its \(what) is \(saved.quoted), here it is \(given.quoted); "
        + "a run is resumed under its own settings"
    }
  }

  public var errorDescription: String? { description }

  private func gigabytes(_ bytes: Double) -> String {
    "\(NumberText.significant(bytes / 1e9)) GB"
  }
}
