import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Two windows in a row against PyTorch (Float64, tools/reference/make_goldens.py): outputs, final
/// states, losses and every gradient.
///
/// Tolerances are relative to the tensor's largest element. Float64 differs only in the order of
/// sums (some 10 terms: a few units in 1e-16); Float32 likewise in 6e-8.
@Suite struct PyTorchGoldenTests {
  static let cases = [
    "rnn-tanh-1", "rnn-tanh-2", "rnn-relu-1", "rnn-relu-2", "lstm-1", "lstm-2", "gru-1", "gru-2",
    "cross-entropy", "rnn-log-sigmoid-1", "rnn-softsign-1", "rnn-gelu-1", "rnn-silu-2",
  ]

  @Test(arguments: cases) func matchesInDouble(_ name: String) throws {
    try check(name, as: Double.self, tolerance: 1e-12)
  }

  @Test(arguments: cases) func matchesInFloat(_ name: String) throws {
    try check(name, as: Float.self, tolerance: 1e-5)
  }

  private func check<Element: Scalar>(
    _ name: String, as type: Element.Type, tolerance: Double
  ) throws {
    let file = try golden(name)
    let source = try ModelFile(
      path: file.path, targetIsClasses: name == "cross-entropy",
      modules: ModelModules(recurrent: ".", readout: .named("head")))
    let model = source.model
    let layers = model.configuration.layers
    let parameters = Parameters<Element>(model.layout)
    parameters.values.assign(rounding: source.parameters.values)

    let shape = try file.shape(of: "x.0")
    let (steps, rows) = (shape[0], shape[1])
    let workspace = SequenceWorkspace<Element>(model: model, capacity: steps, rows: rows)
    let weights = PackedParameters(model, parameters)
    let states = try (0..<layers).map { try state(file, "h0", $0, as: type) }
    let cells =
      try model.cell.hasCellState ? (0..<layers).map { try state(file, "c0", $0, as: type) } : []
    for (target, values) in zip(workspace.initialState, states + cells) { target.assign(values) }

    for index in 0...1 {
      let batch = try self.batch(file, index, model: model, steps: steps, rows: rows, as: type)
      if index == 1 { workspace.carryState() }
      workspace.forward(weights, batch, steps: 0..<steps)
      expect(workspace.hidden, try file.doubles("output.\(index)"), "output \(index)")
      let finals = workspace.state(after: steps)
      let hidden = finals[..<layers].flatMap(\.values)
      expect(hidden, try file.doubles("hn.\(index)"), "hn \(index)")
      if model.cell.hasCellState {
        expect(finals[layers...].flatMap(\.values), try file.doubles("cn.\(index)"), "cn \(index)")
      }
      let scale = 1 / Double(steps * rows)
      let sum = workspace.loss(weights, batch, over: 0..<steps, scale: scale)
      expect([sum.loss * scale], try file.doubles("loss.\(index)"), "loss \(index)")

      let gradients = Parameters<Element>(model.layout)
      let inputs = Matrix<Element>(rows: steps * rows, columns: batch.inputs.columns)
      workspace.backward(weights, batch, into: gradients, inputGradient: inputs)
      expect(inputs, try file.doubles("grad.\(index).x"), "x \(index)")
      for entry in model.layout.entries {
        expect(
          gradients[entry], try file.doubles("grad.\(index).\(entry.name)"),
          "\(entry.name) \(index)")
      }
      let initial = workspace.initialStateGradient
      expect(
        initial[..<layers].flatMap(\.values), try file.doubles("grad.\(index).h0"), "h0 \(index)")
      if model.cell.hasCellState {
        expect(
          initial[layers...].flatMap(\.values), try file.doubles("grad.\(index).c0"), "c0 \(index)")
      }
    }

    func expect(_ got: Matrix<Element>, _ wanted: [Double], _ what: String) {
      expect(got.values, wanted, what)
    }
    func expect(_ got: [Double], _ wanted: [Double], _ what: String) {
      let error = relativeError(got, wanted)
      #expect(error <= tolerance, "\(name) \(what): relative error \(error)")
    }
  }

  private func state<Element: Scalar>(
    _ file: SafetensorsFile, _ name: String, _ layer: Int, as type: Element.Type
  ) throws -> Matrix<Element> {
    let shape = try file.shape(of: name)
    let count = shape[1] * shape[2]
    let values = try file.doubles(name)[layer * count..<(layer + 1) * count]
    return Matrix(rows: shape[1], columns: shape[2], Array(values))
  }

  private func batch<Element: Scalar>(
    _ file: SafetensorsFile, _ index: Int, model: RecurrentModel, steps: Int, rows: Int,
    as type: Element.Type
  ) throws -> Batch<Element> {
    let batch = Batch<Element>(
      BatchShape(
        timeSteps: steps, rows: rows, input: model.configuration.input,
        target: model.configuration.target, supervised: 0..<steps))
    batch.inputs.assign(try file.doubles("x.\(index)"))
    switch model.configuration.target {
    case .values: batch.targets.assign(try file.doubles("y.\(index)"))
    case .classes: batch.targetClasses = try file.integers("y.\(index)").map(Int32.init)
    }
    return batch
  }
}

func golden(_ name: String) throws -> SafetensorsFile {
  let url = try #require(
    Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "safetensors"))
  return try SafetensorsFile(path: url.path)
}

/// The largest difference relative to the largest wanted magnitude; infinite for other counts.
func relativeError(_ got: [Double], _ wanted: [Double]) -> Double {
  guard got.count == wanted.count else { return .infinity }
  var (size, difference) = (0.0, 0.0)
  for (x, y) in zip(got, wanted) {
    if x.isNaN { return .infinity }
    size = max(size, abs(y))
    difference = max(difference, abs(x - y))
  }
  return difference == 0 ? 0 : difference / size
}
