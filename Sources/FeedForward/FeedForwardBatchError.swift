import Foundation
import UnrollText

/// Arrays that are no batch for a network.
public struct FeedForwardBatchError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Problem: Error, Equatable, Sendable {
    /// The array's shape does not fit.
    case shape(array: String, accepted: String, got: [Int])
    /// There are no rows.
    case empty
    /// Integers where numbers enter the network, of which a row has `width`.
    case integers(width: Int)
    /// Neither targets nor a gradient.
    case noTargets(present: [String])
    /// Targets and a gradient.
    case both
    /// The gradient is zero everywhere.
    case noGradient
    /// A class that the network has no output for.
    case classOutOfRange(Int, accepted: ClosedRange<Int>)
    /// Classes for a network with one output.
    case classesOfOneOutput
  }

  /// The file.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  init(path: String, _ problem: Problem) { (self.path, self.problem) = (path, problem) }
}

extension FeedForwardBatchError: CustomStringConvertible, LocalizedError {
  /// What is wrong in which file, and what is accepted, on one line.
  public var description: String { "\(path.escaped): \(problem.words)" }

  /// ``description``.
  public var errorDescription: String? { description }
}

extension FeedForwardBatchError.Problem {
  fileprivate var words: String {
    switch self {
    case .shape(let array, let accepted, let got):
      "tensor \(array.quoted) has the shape \(got.shapeText); accepted: \(accepted)"
    case .empty: "tensor 'x' is empty; at least one row is needed"
    case .integers(let width):
      "tensor 'x' holds integers; accepted: floats [B, \(width)]; integers "
        + "enter as x.float(), classes as one-hot rows: "
        + "x = torch.nn.functional.one_hot(classes, I).float()"
    case .noTargets(let present):
      "no array 'y' with targets; present: \(present.quotedList); accepted in its place is 'g', the "
        + "gradient by the outputs (out.grad)"
    case .both:
      "tensors 'y' and 'g' exclude each other; accepted: targets 'y', or the gradient 'g' by the outputs"
    case .noGradient:
      "tensor 'g' is zero everywhere; accepted is a gradient: out.grad after out.retain_grad() and "
        + "loss.backward()"
    case .classOutOfRange(let value, let accepted):
      "tensor 'y' has the class \(value); accepted: \(accepted.lowerBound) to \(accepted.upperBound)"
    case .classesOfOneOutput:
      "tensor 'y' holds integers, which are classes, and the model has one output; accepted: floats "
        + "[B, 1] for the squared error, or 'g' (out.grad) for another loss, such as "
        + "BCEWithLogitsLoss"
    }
  }
}
