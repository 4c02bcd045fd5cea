import Foundation
import UnrollRecurrentCells
import UnrollText

/// Why a saved model cannot be used as asked.
public enum SavedModelError: Error, Equatable {
  /// The file is a checkpoint, which resumes a run, where a model is accepted.
  case checkpoint(path: String)
  /// The model has other inputs or outputs than the task.
  case otherSizes(path: String, task: String, needed: Sizes, got: Sizes)
  /// The sequences of the file `inputs` have another width than the model's inputs.
  case otherWidth(path: String, inputs: String, needed: Int, got: Int)

  /// What enters and leaves a model at each step.
  public struct Sizes: Equatable, Sendable {
    /// What enters.
    public let input: InputKind
    /// What is learned.
    public let target: TargetKind

    /// The sizes of a model with these inputs and targets.
    public init(_ input: InputKind, _ target: TargetKind) {
      self.input = input
      self.target = target
    }
  }
}

extension SavedModelError: CustomStringConvertible, LocalizedError {
  /// What is wrong and what is accepted, on one line.
  public var description: String {
    switch self {
    case .checkpoint(let path):
      "\(path.escaped) is a checkpoint, which resumes a run; accepted is the model.safetensors or "
        + "best.safetensors beside it"
    case .otherSizes(let path, let task, let needed, let got):
      "\(path.escaped) has \(got); the task \(task.quoted) needs \(needed)"
    case .otherWidth(let path, let inputs, let needed, let got):
      "\(inputs.escaped): tensor 'x' has \(NumberText.count(got, "number")) a step; \(path.escaped) takes \(needed)"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}

extension SavedModelError.Sizes: CustomStringConvertible {
  /// For example `2 numbers in and 10 classes out`.
  public var description: String {
    let inputs = Self.words(input.width, areNumbers: input == .values(input.width))
    let outputs = Self.words(target.width, areNumbers: target == .values(target.width))
    return "\(inputs) in and \(outputs) out"
  }

  private static func words(_ count: Int, areNumbers: Bool) -> String {
    areNumbers ? NumberText.count(count, "number") : NumberText.count(count, "class", "classes")
  }
}
