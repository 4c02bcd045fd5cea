import UnrollCommandLine
import UnrollText
import UnrollTraining

extension TrainingError: WordedError {
  package var exitStatus: ExitStatus {
    switch self {
    case .nonFinite: .nonFinite
    case .streamNeedsWindow, .tooLarge: .usage
    case .checkpointMismatch, .noTargets: .failed
    }
  }

  package var message: String {
    switch self {
    case .nonFinite(let step, let loss, let norm, let previous):
      "training became non-finite at step \(step): loss \(NumberText.significant(loss)), gradient "
        + "norm \(NumberText.significant(norm))"
        + (previous.map { ", \(NumberText.significant($0)) the step before" } ?? "")
        + "; a lower --learning-rate, --clip or --on-nonfinite skip may help"
    case .tooLarge(let bytes, let available):
      "these sizes need \(gigabytes(bytes)) of memory and the machine has \(gigabytes(available)); "
        + "accepted are a smaller --hidden, --batch, --length or window, or fewer --threads"
    case .streamNeedsWindow(let task):
      "--window full: \(task) is a stream without an end; must be K or K1:K2 steps"
    case .noTargets(let task):
      "\(task.escaped) has no targets: its sequences must have a step whose loss counts"
    case .checkpointMismatch(let path, let what, let saved, let given):
      "\(path.escaped): its \(what) is \(saved.quoted), here it is \(given.quoted); "
        + "a run is resumed under its own settings"
    }
  }

  private func gigabytes(_ bytes: Double) -> String {
    "\(NumberText.significant(bytes / 1e9)) GB"
  }
}
