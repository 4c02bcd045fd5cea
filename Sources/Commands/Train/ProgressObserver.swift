import UnrollCommandLine
import UnrollTraining

/// Shows a training on the terminal.
final class ProgressObserver: TrainingObserver {
  let line: ProgressLine

  init(_ line: ProgressLine) { self.line = line }

  func didUpdate(_ record: UpdateRecord) {
    line.update(
      step: record.update, loss: record.loss, gradientNorm: record.gradientNorm,
      clipped: record.clipped)
  }

  func didEvaluate(_ record: EvaluationRecord, isBest: Bool) {
    // The loss on the training data is beside it already.
    if record.split == .validation { line.evaluated(validationLoss: record.loss) }
  }
}
