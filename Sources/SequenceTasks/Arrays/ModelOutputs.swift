import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// What a model gives at every step of the sequences of an `ArrayFile`, one sequence after the other
/// from a fresh state.
public final class ModelOutputs<Element: Scalar> {
  private static var longestChunk: Int { 100 }

  private let weights: PackedParameters<Element>
  private let inputs: SequenceInputs
  private let target: TargetKind
  private let workspace: SequenceWorkspace<Element>
  private let batch: Batch<Element>
  private let output: Matrix<Element>

  /// - Precondition: the model takes as many inputs a step as the sequences have. One that was
  ///   trained on classes takes them as numbers, 1 for the class and 0 for the others.
  public init(model: RecurrentModel, parameters: Parameters<Element>, inputs: SequenceInputs) {
    var configuration = model.configuration
    require(
      configuration.input.width == inputs.width,
      "expected \(configuration.input.width) inputs a step, got \(inputs.width)")
    configuration.input = .values(inputs.width)
    self.inputs = inputs
    target = configuration.target
    let chunk = min(inputs.steps, Self.longestChunk)
    let model = RecurrentModel(cell: model.cell, configuration)
    weights = PackedParameters(model, parameters)
    workspace = SequenceWorkspace(model: model, capacity: chunk, rows: 1, supervisedCapacity: 1)
    batch = Batch(
      BatchShape(
        timeSteps: chunk, rows: 1, input: configuration.input, target: target, supervised: 0..<0))
    output = Matrix(rows: 1, columns: target.width)
  }

  /// Calls `body` for each step of each sequence with the O outputs there: numbers, or each class's
  /// probability. What it throws ends the run.
  public func run(
    _ body: (_ sequence: Int, _ step: Int, _ outputs: [Double]) throws -> Void
  ) rethrows {
    for (sequence, length) in inputs.lengths.enumerated() {
      let columns = sequence * inputs.width..<(sequence + 1) * inputs.width
      workspace.resetState(weights)
      for start in stride(from: 0, to: length, by: batch.shape.timeSteps) {
        if start > 0 { workspace.carryState() }
        let count = min(batch.shape.timeSteps, length - start)
        batch.inputs.rows(0..<count).assign(
          rounding: inputs.values.rows(start..<start + count).columns(columns))
        workspace.forward(weights, batch, steps: 0..<count)
        for step in 0..<count {
          workspace.readout(weights, step: step, into: output)
          try body(sequence, start + step, outputs)
        }
      }
    }
  }

  private var outputs: [Double] {
    switch target {
    case .values: output.values
    case .classes: Self.softmax(output.values)
    }
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    // Relative to the largest, so that no exponential overflows.
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
