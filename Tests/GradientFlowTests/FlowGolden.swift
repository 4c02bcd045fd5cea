import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

/// A model, a batch and what PyTorch's autograd says of them (tools/reference/flow.py).
struct FlowGolden {
  /// Those that PyTorch has.
  static let cells: [CellKind] = [.rnn, .lstm, .gru]

  static let cases = cells.flatMap { kind in
    ["values", "classes"].map { (kind: kind, inputs: $0) }
  }

  let file: SafetensorsFile
  let model: RecurrentModel
  let parameters: Parameters<Double>
  let batch: Batch<Double>
  private let name: String

  init(_ kind: CellKind, inputs: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/flow", withExtension: "safetensors"))
    file = try SafetensorsFile(path: url.path)
    name = "\(kind.name)/\(inputs)"
    let shape = try file.shape(of: "x")
    let input: InputKind = inputs == "values" ? .values(shape[2]) : .classes(shape[2])
    model = RecurrentModel(
      CellSpecification(kind),
      ModelConfiguration(input: input, target: .values(1), hidden: 5, layers: 2))
    parameters = Parameters(model.layout)
    for entry in model.layout.entries {
      parameters[entry].assign(try file.doubles("\(kind.name)/\(entry.name)"))
    }
    batch = Batch(
      BatchShape(
        timeSteps: shape[0], rows: shape[1], input: input, target: .values(1),
        supervised: shape[0] - 1..<shape[0]))
    if inputs == "values" {
      batch.inputs.assign(try file.doubles("x"))
    } else {
      batch.inputClasses = try file.doubles("classes").map { Int32($0) }
    }
    batch.targets.assign(try file.doubles("y"))
  }

  func doubles(_ name: String) throws -> [Double] { try file.doubles("\(self.name)/\(name)") }
}

/// Within `tolerance` of `wanted`, relative.
func expectClose(_ got: [Double], _ wanted: [Double], within tolerance: Double) {
  #expect(got.count == wanted.count)
  for (x, y) in zip(got, wanted) { #expect(abs(x - y) <= tolerance * abs(y), "\(x) and \(y)") }
}
