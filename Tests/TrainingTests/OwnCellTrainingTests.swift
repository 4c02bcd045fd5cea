import CUnrollAllocationCounter
import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

@testable import UnrollTraining

/// A cell of a user's own in the trainer.
@Suite struct OwnCellTrainingTests {
  private func trainer<Element: Scalar>(
    _ clipping: Clipping, window: String = "full", updates: Int,
    cell: CellSpecification = CellSpecification(cell: ChoGRU()), regularizer: Regularizer = .none,
    as type: Element.Type
  ) throws -> Trainer<Element> {
    var settings = TrainingSettings()
    settings.clipping = clipping
    settings.regularizer = regularizer
    settings.batch = 10
    settings.threads = 2
    settings.updates = updates
    settings.evaluateEvery = updates
    settings.schedule = LearningRateSchedule(base: 0.01, horizon: updates)
    settings.truncation = try Truncation(parsing: window)
    let task = try TaskTable.entry(named: "adding").make(TaskOptions(length: 8))
    return try Trainer(
      cell,
      ModelConfiguration(input: task.input, target: task.target, hidden: 16, layers: 2),
      task: task, settings: settings, seed: 2)
  }

  /// Always answering the mean leaves 1/6, the variance of a sum of two numbers in 0..<1. The threshold
  /// of the state rule clips nearly every step.
  @Test(arguments: [Clipping.norm(1), .state(1e-3)]) func learnsToAdd(_ clipping: Clipping) throws {
    let trainer = try trainer(clipping, updates: 400, as: Float.self)
    try trainer.run()
    let loss = try #require(trainer.totals.lastEvaluation?.loss)
    #expect(loss < 0.02, "\(clipping): \(loss)")
  }

  @Test(arguments: [Clipping.norm(1), .state(1e-4)]) func resumesAtTheSameBits(
    _ clipping: Clipping
  ) throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try trainer(clipping, window: "3:6", updates: 20, as: Float.self)
    try whole.run()
    let first = try trainer(clipping, window: "3:6", updates: 20, as: Float.self)
    try first.run(until: { first.totals.updates == 11 })
    try first.saveCheckpoint(to: path, metadata: [:])
    let second = try trainer(clipping, window: "3:6", updates: 20, as: Float.self)
    try second.restore(from: SafetensorsFile(path: path))
    try second.run()
    #expect(second.parameters.values.elements == whole.parameters.values.elements)
  }

  /// A cell of the same gates and sizes reads its weights otherwise.
  @Test func refusesACheckpointOfAnotherCell() throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try trainer(.norm(1), updates: 2, as: Float.self)
    try trainer.saveCheckpoint(to: path, metadata: [:])
    let other = try self.trainer(
      .norm(1), updates: 2, cell: CellSpecification(.gru), as: Float.self)
    #expect(
      throws: TrainingError.checkpointMismatch(
        path: path, what: "cell", saved: ChoGRU().name, given: "gru")
    ) { try other.restore(from: SafetensorsFile(path: path)) }
  }

  /// h_t = tanh(a_t), whatever its constants say.
  private struct Constant: Cell {
    var constants: String
    var name: String { "constant" }
    var gates: Int { 1 }

    func forward<Element>(_ step: CellStep<Element>) { RNNCell().forward(step) }
    func backward<Element>(_ step: CellStep<Element>, _ gradient: CellGradient<Element>) {
      RNNCell().backward(step, gradient)
    }
  }

  @Test func refusesACheckpointOfOtherConstants() throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func trainer(_ constants: String) throws -> Trainer<Float> {
      try self.trainer(
        .norm(1), updates: 2, cell: CellSpecification(cell: Constant(constants: constants)),
        as: Float.self)
    }
    try trainer("leak=0.3").saveCheckpoint(to: path, metadata: [:])
    try trainer("leak=0.3").restore(from: SafetensorsFile(path: path))
    #expect(
      throws: TrainingError.checkpointMismatch(
        path: path, what: "cell 'constant'", saved: "leak=0.3", given: "leak=0.5")
    ) { try trainer("leak=0.5").restore(from: SafetensorsFile(path: path)) }

    // A checkpoint of before, without constants.
    try trainer("").saveCheckpoint(to: path, metadata: [:])
    #expect(try SafetensorsFile(path: path).metadata["cell_constants"] == nil)
    try trainer("leak=0.5").restore(from: SafetensorsFile(path: path))
  }

  @Test func refusesTheRegularizerOfTheRNN() {
    #expect(
      throws: TrainingError.regularizerNeedsRNN(regularizer: "omega:2", cell: ChoGRU().name)
    ) { try trainer(.norm(1), updates: 2, regularizer: .omega(2), as: Float.self) }
  }

  /// As in ``AllocationTests``: steps through views of a run cost no memory.
  @Test(.enabled(if: allocation_counting_available()), arguments: [Clipping.norm(1), .state(1e-5)])
  func steadyStepsAllocateNothing(_ clipping: Clipping) throws {
    try expectSteadyStepsAllocateNothing(
      trainer(clipping, updates: 100, as: Float.self), "\(clipping)")
  }
}
