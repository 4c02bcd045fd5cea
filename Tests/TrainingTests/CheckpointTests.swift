import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

@Suite struct CheckpointTests {
  private func trainer<Element: Scalar>(
    _ optimizer: OptimizerKind, _ window: String, _ clipping: any ClippingRule = Clipping.norm(1),
    as type: Element.Type = Element.self
  ) throws -> Trainer<Element> {
    var settings = TrainingSettings()
    settings.batch = 5
    settings.threads = 2
    settings.updates = 40
    settings.evaluateEvery = 7
    settings.optimizer = optimizer
    settings.truncation = try Truncation(parsing: window)
    let task = try CopyTask(length: 6, seed: 5)
    let model = RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(
        input: task.input, target: task.target, hidden: 6, layers: 2, learnsInitialState: true))
    return try Trainer(
      model: model, parameters: model.initialParameters(CellSpecification(.lstm), seed: 2),
      task: task, settings: settings, clipping: clipping)
  }

  /// Stopped at any update, in the middle of a sequence, and taken up again: the same bits.
  @Test(arguments: OptimizerKind.allCases, ["full", "4", "3:10"])
  func resumedRunEndsAtTheSameBits(_ optimizer: OptimizerKind, window: String) throws {
    try check(optimizer, window, as: Float.self)
    try check(optimizer, window, as: Double.self)
  }

  /// Under rules that remember, or that clip in the backward pass, too.
  @Test(arguments: Clipping.rules.map { $0.make(0.01) } + [.auto(30), .auto(90), .state(1e-4)])
  func resumedClippingEndsAtTheSameBits(_ clipping: Clipping) throws {
    try check(.adam, "3:10", clipping, as: Float.self)
    try check(.sgd, "full", clipping, as: Double.self)
  }

  /// Norms that are missing, not finite or too many.
  @Test(arguments: [[], [1.0, 2], [1, .nan, 2], [1, 2, -3], [1, 2, 3, 4]])
  func otherNormsAreRefused(_ norms: [Double]) throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try trainer(
      .adam, "full", WithHistory(name: "auto", history: norms), as: Float.self)
    for _ in 0..<3 { try first.step() }
    try first.saveCheckpoint(to: path, metadata: [:])
    let second = try trainer(.adam, "full", Clipping.auto(50), as: Float.self)
    #expect(throws: TrainingError.self) { try second.restore(from: SafetensorsFile(path: path)) }
  }

  private func check<Element: Scalar>(
    _ optimizer: OptimizerKind, _ window: String, _ clipping: Clipping = .norm(1),
    as type: Element.Type
  ) throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try trainer(optimizer, window, clipping, as: type)
    try whole.run()
    let first = try trainer(optimizer, window, clipping, as: type)
    try first.run(until: { first.totals.updates == 17 })
    try first.saveCheckpoint(to: path, metadata: [:])
    let second = try trainer(optimizer, window, clipping, as: type)
    try second.restore(from: SafetensorsFile(path: path))
    try second.run()
    #expect(second.parameters.values.elements == whole.parameters.values.elements)
    #expect(second.best?.values.elements == whole.best?.values.elements)
    var (a, b) = (second.totals, whole.totals)
    for time in [\TrainingTotals.seconds, \.updateSeconds, \.evaluationSeconds] {
      (a[keyPath: time], b[keyPath: time]) = (0, 0)
    }
    #expect(a == b)
  }

  /// A rule that leaves `history` in checkpoints under another's name.
  private struct WithHistory: ClippingRule {
    let name: String
    let history: [Double]

    func makeClipper<Element: Scalar>(
      for layout: ParameterLayout, chunk: Int, as type: Element.Type
    ) -> any Clipper<Element> { Remembering<Element>(history) }

    private final class Remembering<Element: Scalar>: Clipper {
      let history: [Double]
      init(_ history: [Double]) { self.history = history }
      func decide(norm: Double) {}
      func clip(_ chunk: Int, gradient: Matrix<Element>) -> Bool { false }
    }
  }

  @Test func anotherPrecisionIsRefused() throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let float = try trainer(.adam, "full", as: Float.self)
    try float.saveCheckpoint(to: path, metadata: [:])
    let double = try trainer(.adam, "full", as: Double.self)
    #expect(throws: TrainingError.self) { try double.restore(from: SafetensorsFile(path: path)) }
  }

  @Test func weightsThatAreNotFiniteAreNeverWritten() throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    let trainer = try trainer(.adam, "full", as: Float.self)
    trainer.parameters.values[0, 3] = .infinity
    #expect(throws: FileError.self) { try trainer.saveCheckpoint(to: path, metadata: [:]) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
