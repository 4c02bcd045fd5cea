import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// A cell without its fused runs: the protocol's own, one step after the other.
private struct StepByStep: Cell {
  let cell: any Cell
  var name: String { cell.name + " step by step" }
  var gates: Int { cell.gates }
  var separatesLastGate: Bool { cell.separatesLastGate }
  var extraBlocks: Int { cell.extraBlocks }
  var hasCellState: Bool { cell.hasCellState }
  var forgetGate: Int? { cell.forgetGate }
  var carryGate: Int? { cell.carryGate }
  var kinks: [Double] { cell.kinks }

  func recurrentInput(of gate: Int) -> RecurrentInput { cell.recurrentInput(of: gate) }
  func extraParameters(hidden: Int) -> [CellParameter] { cell.extraParameters(hidden: hidden) }
  func forward<Element>(_ step: CellStep<Element>) { cell.forward(step) }
  func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
    cell.backward(step, gradient)
  }
}

/// Every built-in cell's fused runs against the same cell step by step, through whole windows.
///
/// Errors in units in the last place of a tensor's largest element. The two differ in the order of
/// the recurrent product's sums, of up to 1,000 terms, and carry that on through the steps: 22 units
/// at most were seen, 50 are accepted. A learned slope's gradient is a single sum over steps, rows
/// and units, whose terms cancel: 88 units were seen, 500 are accepted.
@Suite struct FusedRunTests {
  /// Few inputs, many (their gradients are summed in another way), and classes.
  static let inputs = [InputKind.values(2), .values(20), .classes(7)]

  /// B and H, with each kind of input in turn.
  static let sizes = [1, 3, 17].enumerated().flatMap { i, rows in
    [1, 5, 33, 250].enumerated().map { j, hidden in
      (rows: rows, hidden: hidden, input: inputs[(i + j) % 3])
    }
  }

  @Test(arguments: CellKind.builtIn.map(\.name), sizes)
  func fusedIsStepByStep(
    _ text: String, _ size: (rows: Int, hidden: Int, input: InputKind)
  ) throws {
    try check(text, size.rows, size.hidden, size.input, steps: 3)
  }

  @Test(arguments: everyCell, inputs)
  func everyActivation(_ text: String, _ input: InputKind) throws {
    try check(text, 3, 5, input, steps: 6)
  }

  /// A tile has 256 / B steps.
  @Test(
    arguments: CellKind.builtIn.map(\.name) + ["rnn/activation=prelu"],
    [(1, 260), (3, 90), (17, 33)])
  func windowsLongerThanATile(_ text: String, _ size: (rows: Int, steps: Int)) throws {
    for input in Self.inputs { try check(text, size.rows, 5, input, steps: size.steps) }
  }

  private func check(
    _ text: String, _ rows: Int, _ hidden: Int, _ input: InputKind, steps: Int
  ) throws {
    try check(text, rows, hidden, input, steps, as: Float.self)
    try check(text, rows, hidden, input, steps, as: Double.self)
  }

  private func check<Element: Scalar>(
    _ text: String, _ rows: Int, _ hidden: Int, _ input: InputKind, _ steps: Int,
    as type: Element.Type
  ) throws {
    let specification = try CellSpecification(parsing: text)
    let configuration = ModelConfiguration(
      input: input, target: .values(2), hidden: hidden, layers: hidden < 100 ? 2 : 1,
      learnsInitialState: true)
    let batch = WindowPasses<Element>.batch(configuration, steps: steps, rows: Array(0..<rows))
    let model = RecurrentModel(specification, configuration)
    let plain = RecurrentModel(cell: StepByStep(cell: model.cell), configuration)
    let parameters = WindowPasses<Element>.parameters(model, specification)
    let passes = [model, plain].map { WindowPasses($0, parameters).results(batch) }
    #expect(passes[0].map(\.name) == passes[1].map(\.name))
    for (fused, plain) in zip(passes[0], passes[1]) {
      let units = relativeError(fused.values, plain.values) / Double(Element.ulpOfOne)
      #expect(
        units <= (fused.name.hasPrefix("slope") ? 500 : 50),
        "\(text) \(type) B \(rows) H \(hidden) \(input) \(fused.name): \(units) units")
    }
  }
}
