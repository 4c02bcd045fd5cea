import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Ω and its immediate derivative.
@Suite struct VanishingGradientTermTests {
  // MARK: Against PyTorch

  /// tools/reference/omega.py differentiates by autograd with states and ∂L/∂h detached. Tolerances
  /// as in ``PyTorchGoldenTests``, Float32's wider by a quotient of norms.
  @Test(arguments: ["tanh", "relu"]) func agreesWithAutograd(_ activation: String) throws {
    try compare(activation, as: Double.self, tolerance: 1e-12)
    try compare(activation, as: Float.self, tolerance: 2e-5)
  }

  private func compare<Element: Scalar>(
    _ activation: String, as type: Element.Type, tolerance: Double
  ) throws {
    let file = try golden("omega")
    let (input, output) = (try file.shape(of: "x"), try file.shape(of: "y"))
    let model = RecurrentModel(
      try CellSpecification(parsing: "rnn/activation=\(activation)"),
      ModelConfiguration(
        input: .values(input[2]), target: .values(output[2]), hidden: 5, layers: 2))
    let parameters = Parameters<Element>(model.layout)
    for entry in model.layout.entries {
      parameters[entry].assign(try file.doubles("\(activation)/\(entry.name)"))
    }
    let batch = Batch<Element>(
      BatchShape(
        timeSteps: input[0], rows: input[1], input: model.configuration.input,
        target: model.configuration.target, supervised: input[0] - output[0]..<input[0]))
    batch.inputs.assign(try file.doubles("x"))
    batch.targets.assign(try file.doubles("y"))
    let pass = Pass(model, parameters, batch, omega: 1 / Double(input[1]))
    #expect(relativeError([pass.value], try file.doubles("\(activation)/omega")) < tolerance)
    for entry in model.layout.entries {
      let wanted =
        entry.name.hasPrefix("weight_hh")
        ? try file.doubles("\(activation)/grad.\(entry.name)")
        : Array(repeating: 0, count: entry.range.count)
      #expect(relativeError(pass.share(of: entry), wanted) < tolerance, "\(entry.name)")
    }
  }

  // MARK: Against central differences

  /// The states, f′ and ∂L/∂h, as backward shows them to an observer, are held while W_hh moves.
  @Test(arguments: ["tanh", "sigmoid", "relu", "prelu", "identity"], [1, 3])
  func agreesWithCentralDifferences(_ activation: String, layers: Int) throws {
    let model = try model(activation, layers: layers)
    let (parameters, batch) = (parameters(model), batch(model, steps: 6, rows: 3))
    let report = VanishingGradientCheck.run(model, parameters, batch: batch, factor: 0.7)
    // As ModelCheckTests: errors near 1e-11, wrong terms far above 1e-7.
    #expect(report.worst < 1e-7, "\(report.errors)")
    #expect(report.compared == layers * 16)
    let value = Pass(model, parameters, batch, omega: 0.7).value
    #expect(abs(value - 0.7 * frozenOmega(model, parameters, batch)) < 1e-12 * value)
  }

  /// 8 rows and 200 steps are two tiles, the last of them not full; and rows go their own ways.
  @Test func tilesAndRowsAddUp() throws {
    let model = try model("tanh", layers: 2)
    let parameters = parameters(model, scale: 0.6)
    let batch = batch(model, steps: 200, rows: 8)
    let whole = Pass(model, parameters, batch, omega: 0.5)
    let recurrent = model.layout.entries.filter { $0.name.hasPrefix("weight_hh") }
    let frozen = 0.5 * frozenOmega(model, parameters, batch)
    #expect(abs(whole.value - frozen) < 1e-12 * frozen)
    var sum = 0.0
    var gradient = Array(repeating: 0.0, count: 16)
    for part in [0..<3, 3..<8] {
      let pass = Pass(
        model, parameters, self.batch(model, steps: 200, rows: 8, part: part), omega: 0.5)
      sum += pass.value
      for (place, value) in pass.share(of: recurrent[1]).enumerated() { gradient[place] += value }
    }
    #expect(abs(sum - whole.value) < 1e-12 * sum)
    #expect(relativeError(gradient, whole.share(of: recurrent[1])) < 1e-11)
  }

  // MARK: What is left out

  /// Behind the last target no gradient comes back: those steps add nothing.
  @Test func stepsWithoutGradientAreLeftOut() throws {
    let model = try model("tanh", layers: 1)
    let parameters = parameters(model)
    let early = Pass(
      model, parameters, batch(model, steps: 9, rows: 3, supervised: 2..<4), omega: 1)
    let short = Pass(
      model, parameters, batch(model, steps: 4, rows: 3, supervised: 2..<4, of: 9), omega: 1)
    #expect(short.value > 0 && early.value == short.value)
  }

  /// Without recurrent weights each step loses all of the gradient: (0 − 1)² each, and no slope.
  @Test func nothingHandedOnCountsOne() throws {
    let model = try model("tanh", layers: 1)
    let parameters = parameters(model)
    parameters["weight_hh_l0"].fill(0)
    let pass = Pass(
      model, parameters, batch(model, steps: 5, rows: 3, supervised: 0..<5), omega: 1)
    #expect(pass.value == 15)
    #expect(pass.share(of: model.layout.entries[1]).allSatisfy { $0 == 0 })
  }

  /// The loss's scale is no matter, down to the smallest normal numbers.
  @Test(arguments: [1e-30, 1e20]) func theLossMayHaveAnySize(_ scale: Double) throws {
    let model = try model("tanh", layers: 2)
    let parameters = Parameters<Float>(model.layout)
    parameters.values.assign(rounding: self.parameters(model).values)
    let batch = Batch<Float>(self.batch(model, steps: 6, rows: 3).shape)
    let source = self.batch(model, steps: 6, rows: 3)
    batch.inputs.assign(rounding: source.inputs)
    batch.targets.assign(rounding: source.targets)
    let one = Pass(model, parameters, batch, omega: 1)
    let other = Pass(model, parameters, batch, omega: 1, lossScale: scale)
    // Roundings of 6e-8 over some ten operations.
    #expect(abs(one.value - other.value) < 1e-5 * one.value)
    let entry = model.layout.entries.first { $0.name == "weight_hh_l1" }
    let weight = try #require(entry)
    // The loss's own gradient is in the sum: it is taken from the same sum without Ω.
    if scale < 1 {
      #expect(relativeError(other.share(of: weight), one.share(of: weight)) < 1e-4)
    }
  }

  /// Ω's sum as the check has it, step by step and row by row.
  private func frozenOmega(
    _ model: RecurrentModel, _ parameters: Parameters<Double>, _ batch: Batch<Double>
  ) -> Double {
    let workspace = SequenceWorkspace<Double>(
      model: model, capacity: batch.shape.timeSteps, rows: batch.shape.rows)
    let frozen = FrozenGradients()
    workspace.passOverSequences(
      PackedParameters(model, parameters), batch, into: nil, observer: frozen)
    let recurrent = model.layout.entries.filter { $0.name.hasPrefix("weight_hh") }
    return frozen.omega(of: recurrent.map { parameters[$0] })
  }

  // MARK: Models and passes

  private func model(_ activation: String, layers: Int) throws -> RecurrentModel {
    RecurrentModel(
      try CellSpecification(parsing: "rnn/activation=\(activation)"),
      ModelConfiguration(input: .values(3), target: .values(2), hidden: 4, layers: layers))
  }

  private func parameters(_ model: RecurrentModel, scale: Double = 1) -> Parameters<Double> {
    let parameters = Parameters<Double>(model.layout)
    var random = RandomNumbers(seed: 31)
    parameters.values.assign(
      (0..<parameters.layout.count).map { _ in random.uniform(-scale, scale) })
    return parameters
  }

  /// Rows `part` of a batch; its first `steps` of `total` steps.
  private func batch(
    _ model: RecurrentModel, steps: Int, rows: Int, part: Range<Int>? = nil,
    supervised: Range<Int>? = nil, of total: Int? = nil
  ) -> Batch<Double> {
    let part = part ?? 0..<rows
    let supervised = supervised ?? steps - 2..<steps
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: steps, rows: part.count, input: model.configuration.input,
        target: model.configuration.target, supervised: supervised))
    for (place, row) in part.enumerated() {
      var random = RandomNumbers(seed: 33, UInt64(row))
      for step in 0..<steps {
        for column in 0..<3 { batch.inputs[step * part.count + place, column] = random.normal() }
      }
      random = RandomNumbers(seed: 34, UInt64(row))
      for step in 0..<supervised.count {
        for column in 0..<2 { batch.targets[step * part.count + place, column] = random.normal() }
      }
    }
    return batch
  }
}

/// One window with Ω, and the same without.
private final class Pass<Element: Scalar> {
  let model: RecurrentModel
  let parameters: Parameters<Element>
  /// What backward adds to the loss.
  let value: Double
  private let omega: Double
  private let gradients: Parameters<Element>
  private let plain: Parameters<Element>

  init(
    _ model: RecurrentModel, _ parameters: Parameters<Element>, _ batch: Batch<Element>,
    omega: Double, lossScale: Double = 1
  ) {
    self.model = model
    self.parameters = parameters
    self.omega = omega
    let weights = PackedParameters(model, parameters)
    func gradients(_ omega: Double) -> (Parameters<Element>, Double) {
      let workspace = SequenceWorkspace<Element>(
        model: model, capacity: batch.shape.timeSteps, rows: batch.shape.rows, omega: omega)
      let gradients = Parameters<Element>(model.layout)
      workspace.resetState(weights)
      workspace.forward(weights, batch, steps: 0..<batch.shape.timeSteps)
      _ = workspace.loss(weights, batch, over: 0..<batch.shape.timeSteps, scale: lossScale)
      workspace.backward(weights, batch, into: gradients)
      return (gradients, workspace.vanishingGradientLoss)
    }
    (self.gradients, value) = gradients(omega)
    let none: Double
    (plain, none) = gradients(0)
    precondition(none == 0, "expected no term without Ω, got \(none)")
  }

  /// What Ω adds to the gradient of `entry`.
  func share(of entry: ParameterLayout.Entry) -> [Double] {
    zip(gradients[entry].values, plain[entry].values).map { Double($0) - Double($1) }
  }
}
