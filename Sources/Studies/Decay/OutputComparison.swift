import Foundation
import UnrollDenseMath
import UnrollFeedForward
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
  /// - Parameter openQuestions: what the reading of the model left open, for the error.
  /// - Throws: ``OutputMismatch`` for a larger difference, and for outputs of another shape.
  public init(
    of model: RecurrentModel, _ parameters: Parameters<Double>, on batch: Batch<Double>,
    lastSteps: [Int], expected: ExpectedOutputs, openQuestions: [String] = []
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
        .shape(got: shape, accepted: [[steps, rows, width], [rows, width]]),
        openQuestions: openQuestions)
    }
    let outputs = Self.outputs(of: model, parameters, on: batch)
    var largest = LargestDifference()
    for row in 0..<rows {
      for step in isByStep ? 0..<lastSteps[row] + 1 : lastSteps[row]..<lastSteps[row] + 1 {
        for column in 0..<width {
          largest.add(
            outputs[step * rows + row, column],
            expected: values[((isByStep ? step : 0) * rows + row) * width + column], step: step,
            row: row, output: column)
        }
      }
    }
    difference = try largest.checked(
      path: expected.path, isClasses: configuration.target.isClasses, openQuestions)
  }

  /// Runs a feed-forward network over the batch and compares.
  ///
  /// - Throws: ``OutputMismatch`` for a larger difference, and for outputs of another shape.
  public init(
    of file: FeedForwardFile, on data: FeedForwardData,
    normalizingBy normalization: FeedForwardPass<Double>.Normalization,
    expected: ExpectedOutputs
  ) throws(OutputMismatch) {
    let pass = FeedForwardPass<Double>(file.network, rows: data.rows)
    pass.forward(file.parameters, data.inputs, normalizingBy: normalization)
    let outputs = pass.outputs
    let shape = [outputs.rows, outputs.columns]
    guard expected.values.shape == shape else {
      throw OutputMismatch(
        path: expected.path, .shape(got: expected.values.shape, accepted: [shape]),
        openQuestions: file.notices)
    }
    var largest = LargestDifference()
    for row in 0..<outputs.rows {
      for column in 0..<outputs.columns {
        largest.add(
          outputs[row, column],
          expected: expected.values.elements[row * outputs.columns + column], row: row,
          output: column)
      }
    }
    let isClasses = if case .classes = data.targets { true } else { false }
    difference = try largest.checked(
      path: expected.path, isClasses: isClasses, file.notices)
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

/// The largest difference of outputs seen.
private struct LargestDifference {
  private var scale = 0.0
  private var largest = 0.0
  private var worst = OutputMismatch.Place(step: nil, row: 0, output: 0, got: 0, expected: 0)

  mutating func add(_ got: Double, expected: Double, step: Int? = nil, row: Int, output: Int) {
    scale = max(scale, abs(expected))
    // NaN counts as the largest.
    if !(abs(got - expected) <= largest) {
      largest = got.isFinite && expected.isFinite ? abs(got - expected) : .infinity
      worst = .init(step: step, row: row, output: output, got: got, expected: expected)
    }
  }

  /// The difference, relative to the largest output expected.
  func checked(
    path: String, isClasses: Bool, _ openQuestions: [String]
  ) throws(OutputMismatch) -> Double {
    let difference = largest == 0 ? 0 : largest / (scale.isFinite && scale > 0 ? scale : largest)
    if difference > OutputComparison.tolerance || largest == .infinity {
      throw OutputMismatch(
        path: path, .value(worst, difference: difference, isClasses: isClasses),
        openQuestions: openQuestions)
    }
    return difference
  }
}

extension TargetKind {
  fileprivate var isClasses: Bool { if case .classes = self { true } else { false } }
}

/// Outputs that are not those that were expected.
public struct OutputMismatch: Error, Equatable {
  /// One output.
  public struct Place: Equatable, Sendable {
    /// The time step, from 0; nil for a network that has none.
    public let step: Int?
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
  public let openQuestions: [String]

  init(path: String, _ problem: Problem, openQuestions: [String]) {
    (self.path, self.problem, self.openQuestions) = (path, problem, openQuestions)
  }
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
        + "\(NumberText.significant(difference)) of the largest, at "
        + (place.step.map { "step \($0), " } ?? "")
        + "row \(place.row), output \(place.output): \(NumberText.significant(place.got)) where "
        + "\(NumberText.significant(place.expected)) is expected; accepted: at most \(OutputComparison.tolerance)"
        + (isClasses ? " (outputs of classes are those before the softmax)" : "")
        + openQuestions.map { "; \($0)" }.joined()
    }
  }

  /// ``description``.
  public var errorDescription: String? { description }
}
