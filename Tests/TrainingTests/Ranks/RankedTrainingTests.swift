import Foundation
import Synchronization
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

@testable import UnrollTraining

/// Training over several ranks, on threads of one process, against training in one.
@Suite struct RankedTrainingTests {
  /// What is trained.
  struct Subject: Sendable, CustomTestStringConvertible {
    var name: String
    var task: any SequenceTask
    var cell = CellSpecification(.lstm)
    var settings = TrainingSettings()
    var testDescription: String { name }

    init(
      _ name: String, _ task: any SequenceTask, cell: CellSpecification = CellSpecification(.lstm),
      _ change: (inout TrainingSettings) throws -> Void = { _ in }
    ) throws {
      (self.name, self.task, self.cell) = (name, task, cell)
      settings.batch = 7
      settings.updates = 100
      settings.evaluateEvery = 30
      settings.schedule = LearningRateSchedule(base: 0.01, horizon: 100)
      try change(&settings)
    }

    func trainer<Element: Scalar>(
      _ ranks: Ranks, as type: Element.Type = Element.self
    ) throws -> Trainer<Element> {
      try Trainer(
        cell,
        ModelConfiguration(input: task.input, target: task.target, hidden: 6, layers: 2),
        task: task, settings: settings, seed: 3, ranks: ranks)
    }
  }

  /// Sums over the sequence's first steps, for as many of them as its number says: rows differ in their
  /// targets, and some have none.
  private struct GappyTask: SequenceTask {
    let name = "gappy"
    let input = InputKind.values(1)
    let target = TargetKind.values(1)
    let baselineLoss = 1.0
    let criterion: SolveCriterion? = nil
    func timeSteps(in split: Split, rows: Int) -> Int { 9 }
    func supervision(in split: Split, steps: Int) -> (supervised: Range<Int>, scored: Range<Int>) {
      (0..<steps, 0..<0)
    }

    func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
      let rows = batch.shape.rows
      for row in 0..<rows {
        var random = location.randomNumbers(seed: 4, row: row)
        let length = (location.sequence + row) % 5 * 2
        var sum = 0.0
        for step in 0..<9 {
          let value = random.uniform()
          sum += value
          batch.inputs(step: step, row: row)[0, 0] = Element(value)
          batch.targets[step * rows + row, 0] = Element(sum / 9)
          batch.lossMask[0, step * rows + row] = step < length ? 1 : 0
        }
      }
    }
  }

  static let subjects: [Subject] = {
    var relu = CellSpecification(.rnn)
    relu.activation = .relu
    let made = try? [
      Subject("adding", AddingTask(length: 12, seed: 5)),
      Subject("copy by windows", CopyTask(length: 6, seed: 5)) {
        $0.truncation = try Truncation(parsing: "3:10")
        $0.threads = 2
      },
      Subject("missing targets", GappyTask()) { $0.penalty.l2 = 1e-3 },
      Subject("missing targets by windows", GappyTask()) {
        $0.truncation = try Truncation(parsing: "2:4")
        $0.clipping = .auto(50)
      },
      Subject("clipped in the backward pass", GappyTask()) {
        $0.clipping = .state(1e-3)
        $0.measuresClipping = true
      },
      Subject("omega", AddingTask(length: 8, seed: 2), cell: CellSpecification(.rnn)) {
        $0.regularizer = .omega(0.5)
      },
      Subject("relu", AddingTask(length: 8, seed: 2), cell: relu) { $0.optimizer = .rmsprop },
    ]
    return made ?? []
  }()

  private struct Course: Sendable {
    var losses: [Double] = []
    var norms: [Double] = []
    var evaluations: [Double] = []
    var effects: [Double] = []
    var test: Double?
    var weights: [Double] = []
    var totals = TrainingTotals()
  }

  private final class Recorder: TrainingObserver {
    var course = Course()

    func didUpdate(_ record: UpdateRecord) {
      course.losses.append(record.loss)
      course.norms.append(record.gradientNorm)
      if let effect = record.clippingEffect { course.effects.append(effect.factor) }
    }

    func didEvaluate(_ record: EvaluationRecord, isBest: Bool) {
      course.evaluations.append(record.loss)
    }
  }

  private static func course(
    _ subject: Subject, _ ranks: Ranks, until shouldStop: (Int) -> Bool = { _ in false }
  ) throws -> Course {
    let trainer = try subject.trainer(ranks, as: Double.self)
    let recorder = Recorder()
    trainer.observers = [recorder]
    try trainer.run(until: { shouldStop(trainer.totals.updates) })
    var course = recorder.course
    course.test = trainer.test()?.last?.loss
    course.weights = trainer.parameters.values.elements
    course.totals = trainer.totals
    return course
  }

  /// The same losses to rounding: 1e-12 relative over 100 updates leaves four digits of room for the
  /// order of the sums; the courses below are too short to amplify it.
  @Test(arguments: subjects, [2, 4])
  func ranksTrainAsOneProcessDoes(_ subject: Subject, count: Int) throws {
    let alone = try Self.course(subject, .single)
    let courses = try ThreadRanks.run(count) { try Self.course(subject, $0) }
    func compare(_ own: [Double], _ others: [Double], _ what: String) {
      #expect(own.count == others.count, "\(what)")
      for (place, (a, b)) in zip(own, others).enumerated() {
        #expect(abs(a - b) <= 1e-12 * abs(a), "\(what) \(place): \(a), \(b)")
      }
    }
    for course in courses {
      compare(alone.losses, course.losses, "loss")
      compare(alone.norms, course.norms, "norm")
      compare(alone.evaluations, course.evaluations, "validation loss")
      compare(alone.effects, course.effects, "effective step")
      compare([alone.test ?? 0], [course.test ?? 0], "test loss")
      // Every rank has the same bits.
      #expect(course.weights == courses[0].weights && course.losses == courses[0].losses)
    }
    #expect(alone.losses.count == 100 && alone.evaluations.count == 4)
  }

  @Test func thereAreSubjects() { #expect(Self.subjects.count == 7) }

  /// When one rank is to stop, all stop after the same update.
  @Test func ranksStopTogether() throws {
    let subject = Self.subjects[0]
    let courses = try ThreadRanks.run(3) { ranks in
      try Self.course(subject, ranks) { ranks.number == 1 && $0 >= 40 }
    }
    #expect(courses.allSatisfy { $0.losses.count == 41 })
  }

  /// The best weights are evaluated again by all ranks together, to the same bits; broken off on one of
  /// them, they are forgotten on all.
  @Test func ranksEvaluateTheBestWeightsTogether() throws {
    let subject = Self.subjects[0]
    let ends = try ThreadRanks.run(3) { ranks in
      let trainer = try subject.trainer(ranks, as: Double.self)
      try trainer.run()
      let before = trainer.totals.bestEvaluation
      let again = trainer.evaluateBest()
      let broken = trainer.evaluateBest(until: { ranks.number == 1 })
      return (before, again, broken, trainer.best == nil)
    }
    for end in ends {
      #expect(end.0 != nil && end.0 == ends[0].0 && end.1 == end.0)
      #expect(end.2 == nil && end.3)
    }
  }

  /// What is not finite on one rank is so on all of them, and they do the same about it.
  @Test(arguments: NonFinitePolicy.allCases)
  func ranksAgreeOnNonFiniteUpdates(_ policy: NonFinitePolicy) throws {
    struct Spiked: SequenceTask {
      let base: AddingTask
      var name: String { "spiked" }
      var input: InputKind { base.input }
      var target: TargetKind { base.target }
      var baselineLoss: Double { 1 }
      func timeSteps(in split: Split, rows: Int) -> Int { 6 }
      func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
        base.fill(batch, from: location)
        // One sequence of one rank.
        let spike = 34 - location.sequence
        if location.split == .train, (0..<batch.shape.rows).contains(spike) {
          batch.targets[spike, 0] = .infinity
        }
      }
    }
    let subject = try Subject("spiked", Spiked(base: AddingTask(length: 6, seed: 1))) {
      $0.nonFinite = policy
      $0.updates = 10
    }
    let outcomes = ThreadRanks.outcomes(2) { try Self.course(subject, $0) }
    for outcome in outcomes {
      switch policy {
      case .stop:
        let error = #expect(throws: TrainingError.self) { try outcome.get() }
        guard case .nonFinite(let update, _, _, _) = error else {
          Issue.record("expected a non-finite update, got \(String(describing: error))")
          continue
        }
        #expect(update == 5)
      case .skip:
        let course = try outcome.get()
        #expect(course.totals.nonFinite == 1 && course.totals.updates == 10)
        #expect(try course.weights == outcomes[0].get().weights)
      }
    }
  }

  /// Stopped in the middle of a sequence, where each rank has the state of its own rows, and taken up
  /// again: the same bits.
  @Test func aResumedRunEndsAtTheSameBits() throws {
    let folder = try TemporaryFolder()
    let path = folder("checkpoint.safetensors")
    let subject = Self.subjects[1]
    let whole = try ThreadRanks.run(3) { try Self.course(subject, $0).weights }
    _ = try ThreadRanks.run(3) { ranks in
      let trainer = try subject.trainer(ranks, as: Double.self)
      try trainer.run(until: { trainer.totals.updates == 40 })
      if ranks.isFirst { try trainer.saveCheckpoint(to: path, metadata: [:]) }
    }
    let resumed = try ThreadRanks.run(3) { ranks in
      let trainer = try subject.trainer(ranks, as: Double.self)
      try trainer.restore(from: SafetensorsFile(path: path))
      #expect(trainer.totals.updates == 41)
      try trainer.run()
      return trainer.parameters.values.elements
    }
    #expect(resumed == whole)
  }

  /// An observer's error is of its rank alone: it is thrown at once, without meeting the others.
  @Test func anErrorOfOneRankIsThrownAtOnce() throws {
    struct Trouble: Error {}
    final class Breaking: TrainingObserver {
      func didUpdate(_ record: UpdateRecord) throws { if record.update == 5 { throw Trouble() } }
      func didEvaluate(_ record: EvaluationRecord, isBest: Bool) {}
    }
    // Both have the error, so that neither waits for the other; the state was not gathered.
    let ungathered = try ThreadRanks.run(2) { ranks in
      let trainer = try Self.subjects[0].trainer(ranks, as: Double.self)
      trainer.observers = [Breaking()]
      #expect(throws: Trouble.self) { try trainer.run() }
      return trainer.shared.gatheredState == nil
    }
    #expect(ungathered == [true, true])
  }

  @Test func aBatchNeedsARowForEachRank() throws {
    let outcomes = ThreadRanks.outcomes(8) { ranks in
      _ = try Self.subjects[0].trainer(ranks, as: Float.self)
    }
    let refusal = TrainingError.tooFewRows(batch: 7, ranks: 8)
    for outcome in outcomes {
      #expect(throws: refusal) { try outcome.get() }
    }
    // Also before anything is made.
    let (task, settings) = (Self.subjects[0].task, Self.subjects[0].settings)
    let model = RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 6))
    try Trainer<Float>.validate(model, task: task, settings: settings, ranks: 7)
    #expect(throws: refusal) {
      try Trainer<Float>.validate(model, task: task, settings: settings, ranks: 8)
    }
    let point = BenchmarkPoint(
      cell: CellSpecification(.lstm), length: 3, batch: 7, input: 2, hidden: 6)
    try StepBenchmark<Float>.validate(point, threads: 1, ranks: 7)
    #expect(throws: refusal) { try StepBenchmark<Float>.validate(point, threads: 1, ranks: 8) }
  }
}
