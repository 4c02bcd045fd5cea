import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

/// How far a model's outputs are from those that another program, such as PyTorch, computed with it: so
/// that a model that is read otherwise than it was meant does not pass for itself.
///
/// A difference is |a − b| over the largest |b|, of all outputs b expected. Sequences of different
/// lengths are compared up to their last steps.
public struct OutputComparison: Sendable {
  /// The largest difference accepted: a hundred times what Float32 rounds in a long sequence.
  public static let tolerance = 1e-4

  /// The largest difference.
  public let difference: Double

  /// Runs `model` over the batch and compares.
  ///
  /// - Throws: ``OutputMismatch`` for a larger difference, and for outputs of another shape.
  public init(
    of model: RecurrentModel, _ parameters: Parameters<Double>, on batch: Batch<Double>,
    lastSteps: [Int], expected: ExpectedOutputs
  ) throws(OutputMismatch) {
    let (steps, rows) = (batch.shape.timeSteps, batch.shape.rows)
    let configuration = model.configuration
    let width = configuration.hasReadout ? configuration.target.width : configuration.hidden
    let (shape, values) = (expected.values.shape, expected.values.elements)
    let isByStep = shape.count == 3
    guard
      isByStep
        ? shape[0] >= steps && shape[1] == rows && shape[2] == width : shape == [rows, width]
    else {
      throw OutputMismatch(
        path: expected.path,
        .shape(got: shape, accepted: [[steps, rows, width], [rows, width]]))
    }
    let outputs = Self.outputs(of: model, parameters, on: batch)
    var scale = 0.0
    var worst = OutputMismatch.Place(step: 0, row: 0, output: 0, got: 0, expected: 0)
    var largest = 0.0
    for row in 0..<rows {
      for step in isByStep ? 0..<lastSteps[row] + 1 : lastSteps[row]..<lastSteps[row] + 1 {
        for column in 0..<width {
          let wanted = values[((isByStep ? step : 0) * rows + row) * width + column]
          let got = outputs[step * rows + row, column]
          scale = max(scale, abs(wanted))
          // NaN counts as the largest.
          if !(abs(got - wanted) <= largest) {
            largest = got.isFinite && wanted.isFinite ? abs(got - wanted) : .infinity
            worst = .init(step: step, row: row, output: column, got: got, expected: wanted)
          }
        }
      }
    }
    difference = largest == 0 ? 0 : largest / (scale.isFinite && scale > 0 ? scale : largest)
    if difference > Self.tolerance || largest == .infinity {
      throw OutputMismatch(
        path: expected.path,
        .value(worst, difference: difference, isClasses: configuration.target.isClasses))
    }
  }

  /// [T·B, W].
  private static func outputs(
    of model: RecurrentModel, _ parameters: Parameters<Double>, on batch: Batch<Double>
  ) -> Matrix<Double> {
    let steps = batch.shape.timeSteps
    let workspace = SequenceWorkspace<Double>(
      model: model, capacity: steps, rows: batch.shape.rows, supervisedCapacity: 0)
    let weights = PackedParameters(model, parameters)
    workspace.resetState(weights, to: batch)
    workspace.forward(weights, batch, steps: 0..<steps)
    guard model.configuration.hasReadout else { return workspace.hidden.copy() }
    let result = Matrix<Double>(
      rows: steps * batch.shape.rows, columns: model.configuration.target.width)
    for step in 0..<steps {
      workspace.readout(
        weights, step: step, into: result.block(step, height: batch.shape.rows))
    }
    return result
  }
}

extension TargetKind {
  fileprivate var isClasses: Bool { if case .classes = self { true } else { false } }
}

/// Outputs that are not those that were expected.
public struct OutputMismatch: Error, Equatable {
  /// One output.
  public struct Place: Equatable, Sendable {
    /// The time step, from 0.
    public let step: Int
    /// The row of the batch, from 0.
    public let row: Int
    /// The output's number, from 0.
    public let output: Int
    /// What the model gives.
    public let got: Double
    /// What was expected.
    public let expected: Double
  }

  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// The outputs have another shape.
    case shape(got: [Int], accepted: [[Int]])
    /// The largest difference, relative to the largest output, and where it is.
    case value(Place, difference: Double, isClasses: Bool)
  }

  /// The file of the outputs expected.
  public let path: String
  /// What is wrong.
  public let problem: Problem
  /// What the reading of the model left open, which may be the reason.
  public var openQuestions: [String] = []

  init(path: String, _ problem: Problem) { (self.path, self.problem) = (path, problem) }
}

extension OutputMismatch: CustomStringConvertible, LocalizedError {
  /// What is wrong and where, on one line.
  public var description: String {
    switch problem {
    case .shape(let got, let accepted):
      "\(path.escaped): tensor 'outputs' has the shape \(got.shapeText); accepted: "
        + accepted.map(\.shapeText).listed("or")
    case .value(let place, let difference, let isClasses):
      "\(path.escaped): the model's outputs differ from 'outputs' by "
        + "\(NumberText.significant(difference)) of the largest, at step \(place.step), row "
        + "\(place.row), output \(place.output): \(NumberText.significant(place.got)) where "
        + "\(NumberText.significant(place.expected)) is expected; accepted: at most \(OutputComparison.tolerance)"
        + (isClasses ? " (outputs of classes are those before the softmax)" : "")
        + openQuestions.map { "; \($0)" }.joined()
    }
  }

  /// ``description``.
  public var errorDescription: String? { description }
}
