import UnrollGradientFlow
import UnrollRecurrentCells
import UnrollSequenceTasks

/// Why a saved model cannot be used as asked.
package enum SavedModelError: Error, Equatable {
  /// A checkpoint, which resumes a run, where a model is accepted.
  case checkpoint(path: String)
  /// The model has other inputs or outputs than the task.
  case otherSizes(path: String, task: String, needed: Sizes, got: Sizes)
  /// The sequences of the file `inputs` have another width than the model's inputs.
  case otherWidth(path: String, inputs: String, needed: Int, got: Int)
  /// The data that the model was trained on are no longer where they were.
  case dataMissing(path: String, option: TaskOption, data: String)
  /// The file holds no vocabulary, without which classes are not characters.
  case noVocabulary(path: String, task: String?)
  /// A character model where numbers come out.
  case characterModel(path: String)
  /// No `--model`, and no run under `runs/` whose model could be used.
  case noRun(command: String)
  /// Nothing says what the model is to be run on.
  case nothingToPredict(path: String, task: String?)

  /// What enters and leaves a model at each step.
  package struct Sizes: Equatable {
    package let input: InputKind
    package let target: TargetKind

    package init(_ input: InputKind, _ target: TargetKind) {
      self.input = input
      self.target = target
    }
  }
}
