import Foundation
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollText

/// Writes text with a character model: each character is drawn from softmax(z / temperature) over
/// the outputs z of those before it, and is the next step's input.
public final class CharacterSampler<Element: Scalar> {
  private let weights: PackedParameters<Element>
  private let vocabulary: TextVocabulary
  private let workspace: SequenceWorkspace<Element>
  private let batch: Batch<Element>
  private let outputs: Matrix<Element>

  /// - Throws: ``TaskError/modelMismatch(use:needed:inputs:outputs:)`` unless inputs and outputs are
  ///   the vocabulary's classes; see ``TextVocabulary/target(outputs:)``.
  public init(
    model: RecurrentModel, parameters: Parameters<Element>, vocabulary: TextVocabulary
  ) throws(TaskError) {
    let (input, target) = (model.configuration.input, model.configuration.target)
    guard input == vocabulary.input, target == vocabulary.target(outputs: target.width) else {
      throw .modelMismatch(
        use: .sampling, needed: vocabulary.scalars.count, inputs: input.width,
        outputs: target.width)
    }
    weights = PackedParameters(model, parameters)
    self.vocabulary = vocabulary
    workspace = SequenceWorkspace(model: model, capacity: 1, rows: 1)
    batch = Batch(
      BatchShape(timeSteps: 1, rows: 1, input: input, target: target, supervised: 0..<1))
    outputs = Matrix(rows: 1, columns: target.width)
  }

  /// Writes `count` characters after `prompt`, one call of `body` each. Known characters
  /// alone are drawn.
  ///
  /// - Parameters:
  ///   - prompt: read but not written; an empty one stands for a line break.
  ///   - temperature: at least 0; 0 always takes the most probable character.
  ///   - body: given each character as it is drawn; what it throws ends the text.
  public func write(
    prompt: String, temperature: Double, seed: UInt64, count: Int,
    body: (Unicode.Scalar) throws -> Void
  ) rethrows {
    require(
      temperature >= 0 && temperature.isFinite,
      "expected a temperature of at least 0, got \(temperature)")
    var random = RandomNumbers(seed: seed)
    workspace.resetState(weights)
    for scalar in (prompt.isEmpty ? "\n" : prompt).unicodeScalars {
      read(vocabulary.classIndex(of: scalar))
    }
    for index in 0..<max(count, 0) {
      workspace.readout(weights, step: 0, into: outputs)
      let known = outputs.values.prefix(vocabulary.scalars.count)
      let drawn =
        temperature == 0
        ? Self.largest(known) : Self.draw(known, temperature: temperature, using: &random)
      try body(vocabulary.scalars[drawn])
      if index + 1 < count { read(Int32(drawn)) }
    }
  }

  private func read(_ classIndex: Int32) {
    batch.inputClasses[0] = classIndex
    workspace.forward(weights, batch, steps: 0..<1)
    workspace.carryState()
  }

  private static func largest(_ outputs: ArraySlice<Double>) -> Int {
    var largest = 0
    for (index, output) in outputs.enumerated() where output > outputs[largest] {
      largest = index
    }
    return largest
  }

  private static func draw(
    _ outputs: ArraySlice<Double>, temperature: Double, using random: inout RandomNumbers
  ) -> Int {
    // Relative to the largest, so that no exponential overflows.
    let top = outputs[largest(outputs)]
    let weights = outputs.map { exp(($0 - top) / temperature) }
    var rest = random.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    // Reached by rounding alone, or with outputs that are not numbers.
    return largest(outputs)
  }
}
