import Foundation
import Synchronization
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

/// Adding over 6 steps, which notes the parts it is asked for and takes a while to fill validation.
private final class NotedTask: SequenceTask {
  private let task: AddingTask
  private let asked = Mutex<Set<Split>>([])
  private let pause: Double

  var name: String { task.name }
  var input: InputKind { task.input }
  var target: TargetKind { task.target }
  var baselineLoss: Double { task.baselineLoss }
  var splits: Set<Split> { asked.withLock { $0 } }

  init(pause: Double = 0) throws {
    task = try AddingTask(length: 6, seed: 4, heldOut: HeldOutCounts(validation: 40, test: 30))
    self.pause = pause
  }

  func timeSteps(in split: Split, rows: Int) -> Int { 6 }
  func sequenceCount(in split: Split) -> Int? { task.sequenceCount(in: split) }

  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    asked.withLock { _ = $0.insert(location.split) }
    if location.split != .train, pause > 0 { Thread.sleep(forTimeInterval: pause) }
    task.fill(batch, from: location)
  }
}

@Suite struct ThreePartsTests {
  private func trainer(
    _ task: any SequenceTask, updates: Int = 60, threads: Int = 1, rate: Double = 0.05,
    _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> Trainer<Double> {
    var settings = TrainingSettings()
    settings.batch = 5
    settings.updates = updates
    settings.evaluateEvery = 10
    settings.threads = threads
    settings.schedule.base = rate
    change(&settings)
    return try Trainer(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 4), task: task,
      settings: settings, seed: 1)
  }

  private func loss(
    _ parameters: Parameters<Double>, of trainer: Trainer<Double>, in split: Split
  ) -> Double {
    Evaluator(
      PackedParameters(trainer.model, parameters), task: trainer.task, split: split,
      trainingRows: 5, threads: 1
    ).run().loss
  }

  @Test func theTestDataAreReadOnceAtTheEnd() throws {
    let task = try NotedTask()
    let trainer = try trainer(task)
    try trainer.run()
    #expect(task.splits == [.train, .validation])
    let test = try #require(trainer.test())
    #expect(task.splits == [.train, .validation, .test])
    let best = try #require(trainer.best)
    #expect(test.last?.loss == loss(trainer.parameters, of: trainer, in: .test))
    #expect(test.best?.loss == loss(best, of: trainer, in: .test))
    #expect(test.last?.split == .test && test.last?.update == 60)
  }

  /// A large rate makes the loss go up and down, so that the best weights are not the last.
  @Test func theBestWeightsAreThoseOfTheLowestValidationLoss() throws {
    let trainer = try trainer(try NotedTask(), rate: 0.3)
    let record = Records()
    trainer.observers = [record]
    try trainer.run()
    let lowest = try #require(record.evaluations.min { $0.loss < $1.loss })
    #expect(record.evaluations.map(\.update) == [10, 20, 30, 40, 50, 60])
    #expect(record.evaluations.allSatisfy { $0.split == .validation })
    #expect(trainer.totals.bestEvaluation == lowest && lowest.update < 60)
    #expect(trainer.totals.lastEvaluation == record.evaluations.last)
    let best = try #require(trainer.best)
    #expect(loss(best, of: trainer, in: .validation) == lowest.loss)
    let test = try #require(trainer.test())
    #expect(test.best?.update == lowest.update && test.best?.loss != test.last?.loss)
  }

  /// Four sequences with nothing held out: the best weights go by the training data themselves, in
  /// their own order, and there is no test.
  @Test func withoutValidationTheTrainingDataDecide() throws {
    let task = try ArraysTask(
      inputs: ShapedArray(shape: [3, 4, 1], (0..<12).map { Double($0 % 5) / 5 }),
      targets: .values(ShapedArray(shape: [4, 1], [0.1, 0.7, 0.3, 0.9])), shuffle: true)
    let trainer = try trainer(task)
    try trainer.run()
    let last = try #require(trainer.totals.lastEvaluation)
    #expect(last.split == .train && last.update == 60)
    #expect(last.loss == loss(trainer.parameters, of: trainer, in: .train))
    #expect(trainer.best != nil && trainer.test() == nil)
    let filled = Batch<Double>(task.batchShape(steps: 3, rows: 4))
    task.fill(filled, from: BatchLocation(split: .train, sequence: 0, rows: 4))
    #expect(filled.targets.values == [0.1, 0.7, 0.3, 0.9])
  }

  // MARK: Interrupted

  @Test(arguments: [1, 2])
  func anEvaluationThatIsBrokenOffCountsForNothing(threads: Int) throws {
    let trainer = try trainer(try NotedTask(), threads: threads)
    try trainer.step()
    var asked = 0
    let record = try trainer.evaluate(until: {
      asked += 1
      return asked == 3
    })
    #expect(record == nil && asked == 3)
    #expect(trainer.totals.lastEvaluation == nil && trainer.best == nil)
    #expect(trainer.test(until: { true }) == nil)
    // The next one is whole again.
    #expect(try trainer.evaluate().loss == loss(trainer.parameters, of: trainer, in: .validation))
  }

  /// The evaluation that was broken off is made first, so that nothing differs from a run that was left
  /// alone: neither the best weights nor when the task was solved.
  @Test(arguments: [1, 3, 6])
  func aRunStoppedInAnEvaluationGoesOnWithIt(evaluation: Int) throws {
    let path = NSTemporaryDirectory() + "parts-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func make() throws -> Trainer<Double> {
      try trainer(try NotedTask(), rate: 0.3) { $0.solveAt = 0.2 }
    }
    let whole = try make()
    try whole.run()
    #expect(whole.isSolved && whole.isFinished)

    let first = try make()
    // After update 10n, shouldStop is asked by the evaluation alone.
    try first.run(until: { first.totals.updates == 10 * evaluation })
    #expect(first.totals.updates == 10 * evaluation && first.isEvaluationDue && !first.isFinished)
    #expect(first.totals.lastEvaluation?.update == (evaluation > 1 ? 10 * (evaluation - 1) : nil))
    try first.saveCheckpoint(to: path, metadata: [:])

    let second = try make()
    try second.restore(from: SafetensorsFile(path: path))
    #expect(second.isEvaluationDue)
    try second.run()
    #expect(second.parameters.values.values == whole.parameters.values.values)
    #expect(second.best?.values.values == whole.best?.values.values)
    #expect(second.totals.bestEvaluation == whole.totals.bestEvaluation)
    #expect(second.totals.lastEvaluation == whole.totals.lastEvaluation)
    #expect(second.totals.updatesToSolve == whole.totals.updatesToSolve)
    #expect(second.isFinished && second.test() == whole.test())
  }

  /// Solved runs that end there have nothing more to do when they are taken up.
  @Test func aRunThatEndsWhenSolvedIsFinished() throws {
    let trainer = try trainer(try NotedTask()) {
      $0.solveAt = 100
      $0.stopsWhenSolved = true
    }
    try trainer.run()
    #expect(trainer.totals.updates == 10 && trainer.isFinished)
    try trainer.run()
    #expect(trainer.totals.updates == 10)
  }

  // MARK: Time

  /// 40 sequences, 5 at a time, are 8 fillings of 10 ms in each of two evaluations, and 6 in the test.
  @Test func evaluationsAreNotTheUpdates() throws {
    let trainer = try trainer(try NotedTask(pause: 0.01), updates: 20)
    try trainer.run()
    let before = trainer.totals
    #expect(before.evaluationSeconds > 0.16)
    #expect(before.updateSeconds > 0)
    #expect(before.updateSeconds + before.evaluationSeconds <= before.seconds)
    #expect(before.millisecondsPerUpdate == before.updateSeconds / 20 * 1000)
    _ = trainer.test()
    let after = trainer.totals
    #expect(after.evaluationSeconds - before.evaluationSeconds > 0.06)
    #expect(after.seconds - before.seconds > 0.06)
    #expect(after.updateSeconds == before.updateSeconds)
  }

  // MARK: Checkpoints

  /// Layout 1 knew no validation, and its numbers would be taken for others.
  @Test func checkpointsOfAnotherLayoutAreRefused() throws {
    let path = NSTemporaryDirectory() + "parts-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try trainer(try NotedTask())
    try trainer.saveCheckpoint(to: path, metadata: [:])
    let file = try SafetensorsFile(path: path)
    var writer = SafetensorsWriter(requireFinite: false)
    writer.metadata = file.metadata
    writer.metadata["unroll_checkpoint"] = "1"
    for tensor in file.tensors where tensor.name.hasPrefix("parameters/") {
      writer.append(tensor.name, shape: tensor.shape, try file.doubles(tensor.name))
    }
    try writer.write(to: path)
    #expect(throws: TrainingError.checkpointVersion(path: path, saved: "1", accepted: "2")) {
      try trainer.restore(from: SafetensorsFile(path: path))
    }
  }
}

private final class Records: TrainingObserver {
  var evaluations: [EvaluationRecord] = []

  func didEvaluate(_ record: EvaluationRecord, isBest: Bool) { evaluations.append(record) }
}
