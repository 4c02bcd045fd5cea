import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollGradientFlow

/// Every row's norm at every lag against PyTorch's autograd (tools/reference/make_goldens.py).
@Suite struct DecayGoldenTests {
  @Test(arguments: FlowGolden.cells) func matchesAutograd(_ kind: CellKind) throws {
    let file = try golden(kind == .gru ? "decay-gru" : "decay")
    let shape = try file.shape(of: "x")
    let hidden = try file.shape(of: "\(kind.name)/weight_hh_l0")[1]
    let model = RecurrentModel(
      CellSpecification(kind),
      ModelConfiguration(input: .values(shape[2]), target: .values(1), hidden: hidden))
    let parameters = Parameters<Double>(model.layout)
    for entry in model.layout.entries {
      parameters[entry].assign(try file.doubles("\(kind.name)/\(entry.name)"))
    }
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: shape[0], rows: shape[1], input: .values(shape[2]), target: .values(1),
        supervised: shape[0] - 1..<shape[0]))
    batch.inputs.assign(try file.doubles("x"))
    batch.targets.assign(try file.doubles("y"))
    let curves = DecayCurve.measure(model, parameters, batch: batch)
    #expect(curves.count == (kind == .lstm ? 3 : 2))
    for curve in curves where curve.path != .state {
      let wanted = try file.doubles("\(kind.name)/\(curve.path.rawValue)_norms")
      let got = curve.norms.flatMap { $0 }
      #expect(got.count == wanted.count)
      // 50 products of Jacobians: rounding of some 50 · 30 units of 2.2e-16 on each norm.
      for (x, y) in zip(got, wanted) { #expect(abs(x - y) <= 1e-11 * y, "\(x) and \(y)") }
    }
  }

  func golden(_ name: String) throws -> SafetensorsFile {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "safetensors"))
    return try SafetensorsFile(path: url.path)
  }
}
