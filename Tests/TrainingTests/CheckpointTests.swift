import DenseMath
import FileFormats
import Foundation
import Optimisation
import RecurrentCells
import SequenceTasks
import Testing

@testable import Training

@Suite struct CheckpointTests {
  private func trainer<Element: Scalar>(
    _ optimizer: OptimizerKind, _ window: String, as type: Element.Type
  ) throws -> Trainer<Element> {
    var settings = TrainingSettings()
    settings.batch = 5
    settings.threads = 2
    settings.steps = 40
    settings.evaluateEvery = 7
    settings.optimizer = optimizer
    settings.truncation = try Truncation(parsing: window)
    let task = try CopyTask(length: 6, seed: 5)
    return try Trainer(
      CellSpecification(.lstm),
      ModelConfiguration(
        input: task.input, target: task.target, hidden: 6, layers: 2, learnsInitialState: true),
      task: task, settings: settings, seed: 2)
  }

  /// Stopped at any update, in the middle of a sequence, and taken up again: the same bits.
  @Test(arguments: OptimizerKind.allCases, ["full", "4", "3:10"])
  func resumedRunEndsAtTheSameBits(_ optimizer: OptimizerKind, window: String) throws {
    try check(optimizer, window, as: Float.self)
    try check(optimizer, window, as: Double.self)
  }

  private func check<Element: Scalar>(
    _ optimizer: OptimizerKind, _ window: String, as type: Element.Type
  ) throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try trainer(optimizer, window, as: type)
    try whole.run()
    let first = try trainer(optimizer, window, as: type)
    try first.run(until: { first.totals.steps == 17 })
    try first.saveCheckpoint(to: path, metadata: [:])
    let second = try trainer(optimizer, window, as: type)
    try second.restore(from: SafetensorsFile(path: path))
    try second.run()
    #expect(second.parameters.values.elements == whole.parameters.values.elements)
    #expect(second.best?.values.elements == whole.best?.values.elements)
    var (a, b) = (second.totals, whole.totals)
    (a.seconds, b.seconds) = (0, 0)
    #expect(a == b)
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
