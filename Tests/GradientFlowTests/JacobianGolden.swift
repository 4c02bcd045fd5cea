import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

/// What PyTorch, NumPy and mpmath say of states' Jacobians (tools/reference/jacobians.py).
struct JacobianGolden {
  let file: SafetensorsFile
  let model: RecurrentModel
  let parameters: Parameters<Double>
  let batch: Batch<Double>
  private let name: String

  /// - Parameters:
  ///   - name: of the case, `rnn`, `lstm`, `gru` or `random`.
  ///   - inputs: the tensor with x [T, B, I].
  init(_ name: String, cell: CellKind, inputs: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/jacobians", withExtension: "safetensors"))
    file = try SafetensorsFile(path: url.path)
    self.name = name
    let shape = try file.shape(of: inputs)
    let hidden = try file.shape(of: "\(name)/weight_hh_l0")[1]
    model = RecurrentModel(
      CellSpecification(cell),
      ModelConfiguration(input: .values(shape[2]), target: .values(1), hidden: hidden))
    parameters = Parameters(model.layout)
    for entry in model.layout.entries where !entry.name.hasPrefix("head") {
      parameters[entry].assign(try file.doubles("\(name)/\(entry.name)"))
    }
    batch = Batch(
      BatchShape(
        timeSteps: shape[0], rows: shape[1], input: .values(shape[2]), target: .values(1),
        supervised: shape[0] - 1..<shape[0]))
    batch.inputs.assign(try file.doubles(inputs))
  }

  func doubles(_ name: String) throws -> [Double] { try file.doubles("\(self.name)/\(name)") }
}
