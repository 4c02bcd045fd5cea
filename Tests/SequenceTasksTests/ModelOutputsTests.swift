import Foundation
import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

struct ModelOutputsTests {
  /// h_t = x_t + ½ h_{t−1}; the outputs are h_t and, from `outputs` on, 0.
  private static func model(
    input: InputKind = .values(1), target: TargetKind
  ) -> (RecurrentModel, Parameters<Double>) {
    let model = RecurrentModel(
      cell: RNNCell(activation: .identity),
      ModelConfiguration(input: input, target: target, hidden: 1))
    let parameters = Parameters<Double>(model.layout)
    parameters["weight_ih_l0"].fill(1)
    parameters["weight_hh_l0"].fill(0.5)
    parameters["head.weight"][0, 0] = 1
    return (model, parameters)
  }

  private static func outputs(
    _ model: (RecurrentModel, Parameters<Double>), _ file: TemporaryFile
  ) throws -> [(sequence: Int, step: Int, values: [Double])] {
    var result: [(sequence: Int, step: Int, values: [Double])] = []
    let inputs = try SequenceInputs(path: file.path)
    ModelOutputs(model: model.0, parameters: model.1, inputs: inputs).run {
      result.append(($0, $1, $2))
    }
    return result
  }

  // Sums of small powers of two, so every figure is exact.
  @Test func eachSequenceStartsAnewAndEndsAtItsLength() throws {
    let file = try TemporaryFile {
      $0.append("x", shape: [3, 2, 1], [1.0, 8, 2, 0, 3, 99])
      $0.append("lengths", shape: [2], [3, 2])
    }
    let outputs = try Self.outputs(Self.model(target: .values(1)), file)
    #expect(outputs.map(\.sequence) == [0, 0, 0, 1, 1])
    #expect(outputs.map(\.step) == [0, 1, 2, 0, 1])
    #expect(outputs.map(\.values) == [[1], [2.5], [4.25], [8], [4]])
  }

  @Test func theStateIsCarriedFromChunkToChunk() throws {
    // After the only 1, at step 0, the state halves at each step.
    let file = try TemporaryFile {
      $0.append("x", shape: [250, 1, 1], [1.0] + Array(repeating: 0, count: 249))
    }
    let outputs = try Self.outputs(Self.model(target: .values(1)), file)
    #expect(outputs.map(\.step) == Array(0..<250))
    for (step, output) in outputs.enumerated() {
      #expect(output.values == [pow(0.5, Double(step))])
    }
  }

  @Test func classesComeAsProbabilities() throws {
    let file = try TemporaryFile { $0.append("x", shape: [2, 1, 1], [0.0, 1000]) }
    let outputs = try Self.outputs(Self.model(target: .classes(2)), file)
    // softmax(0, 0), and softmax(1000, 0), which must not overflow.
    #expect(outputs.map(\.values) == [[0.5, 0.5], [1, 0]])
  }

  @Test func aModelOfClassesTakesThemAsNumbers() throws {
    let file = try TemporaryFile { $0.append("x", shape: [1, 1, 2], [0.0, 1]) }
    let model = Self.model(input: .classes(2), target: .values(1))
    model.1["weight_ih_l0"][0, 1] = 4
    #expect(try Self.outputs(model, file).map(\.values) == [[4]])
  }
}
