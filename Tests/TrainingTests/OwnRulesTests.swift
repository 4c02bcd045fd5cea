import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// Nesterov's momentum in PyTorch's form: v ← μv + g, θ ← θ − η(g + μv).
private final class Nesterov<Element: Scalar>: Optimizer {
  let name = "nesterov"
  let state: [(name: String, values: Matrix<Element>)]
  private let velocity: Matrix<Element>

  init(count: Int) {
    velocity = Matrix(rows: 1, columns: count)
    state = [("velocity", velocity)]
  }

  func update(
    _ weights: Matrix<Element>, gradient: Matrix<Element>, at places: Range<Int>, rate: Double,
    step: Int
  ) {
    let velocity = velocity.slice(places)
    velocity.scale(by: 0.9)
    velocity.add(gradient)
    weights.add(gradient, scale: Element(-rate))
    weights.add(velocity, scale: Element(-0.9 * rate))
  }
}

/// Scales a gradient to the mean norm so far where it is longer.
private struct MeanNormRule: ClippingRule {
  let name = "mean-norm"

  func makeClipper<Element: Scalar>(
    for layout: ParameterLayout, chunk: Int, as type: Element.Type
  ) -> any Clipper<Element> { MeanNormClipper<Element>() }
}

/// Unchecked: only `decide` and `restore` write, while no other thread uses the clipper.
private final class MeanNormClipper<Element: Scalar>: Clipper, @unchecked Sendable {
  private(set) var commonFactor: Double? = 1
  private(set) var history: [Double] = [0, 0]

  func decide(norm: Double) {
    history[0] += norm
    history[1] += 1
    commonFactor = min(1, history[0] / history[1] / norm)
  }

  func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool {
    guard let commonFactor, commonFactor < 1 else { return false }
    gradient.scale(by: Element(commonFactor))
    return true
  }

  func restore(history: [Double], updates: Int) throws(InvalidHistory) {
    guard history.count == 2, history[1] == Double(updates) else {
      throw InvalidHistory(expected: "the sum of \(updates) norms and their number")
    }
    self.history = history
  }
}

/// An optimizer, a clipping rule and a loss that are no part of the library.
@Suite struct OwnRulesTests {
  private struct Setup: Sendable {
    var optimizer = true
    var clipping = true
    var loss = true
    var threads = 2
  }

  private func trainer<Element: Scalar>(
    _ own: Setup = Setup(), updates: Int = 40, as type: Element.Type = Element.self
  ) throws -> Trainer<Element> {
    var settings = TrainingSettings()
    settings.batch = 6
    settings.threads = own.threads
    settings.updates = updates
    settings.evaluateEvery = updates
    settings.schedule.base = 0.02
    settings.optimizer = .momentum
    settings.truncation = .windows(period: 4, depth: 6)
    let task = try AddingTask(length: 10, seed: 3)
    let model = RecurrentModel(
      CellSpecification(.gru),
      ModelConfiguration(input: task.input, target: task.target, hidden: 8))
    let parameters: Parameters<Element> = model.initialParameters(.pytorch, seed: 5)
    return try Trainer(
      model: model, parameters: parameters, task: task, settings: settings,
      optimizer: own.optimizer ? Nesterov(count: model.layout.count) : nil,
      clipping: own.clipping ? MeanNormRule() : nil,
      loss: own.loss ? HuberLoss(width: 0.3) : nil)
  }

  /// To a third of the loss at the start, with some gradients clipped and some not.
  @Test func learn() throws {
    let trainer: Trainer<Float> = try trainer(updates: 400)
    let before = try trainer.evaluate()
    try trainer.run()
    let loss = try #require(trainer.totals.lastEvaluation?.loss)
    #expect(loss < before.loss / 3 && before.accuracy == nil)
    #expect(trainer.totals.clipped > 0 && trainer.totals.clipped < 400)
    #expect(trainer.optimizer.name == "nesterov" && trainer.clipping.name == "mean-norm")
  }

  @Test(arguments: [1, 2, 3]) func resumeBitForBit(_ threads: Int) throws {
    try checkResume(threads, as: Float.self)
    try checkResume(threads, as: Double.self)
  }

  private func checkResume<Element: Scalar>(_ threads: Int, as type: Element.Type) throws {
    let path = NSTemporaryDirectory() + "own-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let setup = Setup(threads: threads)
    let whole: Trainer<Element> = try trainer(setup)
    try whole.run()
    let first: Trainer<Element> = try trainer(setup)
    try first.run(until: { first.totals.updates == 17 })
    try first.saveCheckpoint(to: path, metadata: [:])
    let file = try SafetensorsFile(path: path)
    #expect(try file.metadata("optimizer") == "nesterov")
    #expect(try file.metadata("clipping") == "mean-norm")
    #expect(try file.metadata("loss") == "Huber loss")
    #expect(file.contains("optimizer/velocity") && file.contains("clipping/history"))
    let second: Trainer<Element> = try trainer(setup)
    try second.restore(from: file)
    try second.run()
    #expect(second.parameters.values.elements == whole.parameters.values.elements)
    #expect(second.totals.lastEvaluation?.loss == whole.totals.lastEvaluation?.loss)
  }

  /// Each of the three, saved as the user's own and taken up under a built-in one; the error names
  /// both.
  @Test(arguments: [
    (Setup(optimizer: false), "optimizer", "nesterov", "momentum"),
    (Setup(clipping: false), "clipping", "mean-norm", "norm"),
    (Setup(loss: false), "loss", "Huber loss", "squared error"),
  ])
  private func othersAreRefused(_ other: Setup, what: String, saved: String, given: String) throws {
    let path = NSTemporaryDirectory() + "own-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first: Trainer<Float> = try trainer()
    try first.step()
    try first.saveCheckpoint(to: path, metadata: [:])
    let second: Trainer<Float> = try trainer(other)
    let before = second.parameters.values.elements
    #expect(
      throws: TrainingError.checkpointMismatch(path: path, what: what, saved: saved, given: given)
    ) { try second.restore(from: SafetensorsFile(path: path)) }
    #expect(second.parameters.values.elements == before)
  }

  /// A built-in optimizer, rule and loss passed as such are those of the settings.
  @Test func builtInsMayBePassed() throws {
    let settings = Setup(optimizer: false, clipping: false, loss: false)
    let named: Trainer<Float> = try trainer(settings)
    let model = named.model
    let passed = try Trainer<Float>(
      model: model, parameters: model.initialParameters(.pytorch, seed: 5), task: named.task,
      settings: named.settings,
      optimizer: Momentum(count: model.layout.count, settings: OptimizerSettings()),
      clipping: Clipping.norm(1), loss: SquaredError())
    try named.run()
    try passed.run()
    #expect(passed.parameters.values.elements == named.parameters.values.elements)
    #expect(passed.totals.lastEvaluation?.loss == named.totals.lastEvaluation?.loss)
  }
}

/// Huber's loss, mean over the outputs: ½ e² where |e| ≤ w, otherwise w (|e| − ½ w).
private struct HuberLoss: Loss {
  let width: Double
  let name = "Huber loss"

  func accepts(_ target: TargetKind) -> Bool {
    if case .values = target { true } else { false }
  }

  func evaluate<Element: Scalar>(
    _ outputs: Matrix<Element>, against targets: LossTargets<Element>, weights: Matrix<Element>,
    into rows: inout RowLosses
  ) {
    guard case .values(let targets) = targets else { return }
    let share = 1 / Double(outputs.columns)
    for row in 0..<outputs.rows {
      for column in 0..<outputs.columns {
        let error = Double(outputs[row, column] - targets[row, column])
        let slope = min(width, max(-width, error))
        rows.losses[row] += share * slope * (error - 0.5 * slope)
        outputs[row, column] = weights[0, row] * Element(share * slope)
      }
    }
  }
}
