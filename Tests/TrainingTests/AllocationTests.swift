import CUnrollAllocationCounter
import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport

@testable import UnrollTraining

/// A training step that has run before allocates nothing: no array, no box, no buffer.
///
/// Counted by taking the place of malloc and its kin in the test program, on the thread that trains.
/// In a debug build the compiler leaves allocations that a release build does not have.
@Suite(.enabled(if: allocation_counting_available())) struct AllocationTests {
  @Test(
    arguments: TaskTable.all.filter { $0.options == [.length] }.map(\.name),
    CellKind.builtIn.map(\.name)
      + ["prelu", "gelu", "rrelu", "softplus:2"].map { "rnn/activation=\($0)" })
  func steadyStepsAllocateNothing(_ taskName: String, cell: String) throws {
    try check(taskName, cell, window: "full", as: Float.self)
    try check(taskName, cell, window: "7:12", as: Double.self)
  }

  /// No rule of clipping does, nor measuring what it did.
  @Test(
    arguments: Clipping.rules.map { $0.make(1e-3) } + [.none, .auto(50), .state(1e-5), .state(1)],
    CellKind.builtIn.map(\.name))
  func clippingAllocatesNothing(_ clipping: Clipping, cell: String) throws {
    for measures in [false, true] {
      try check("adding", cell, window: "full", clipping, measures: measures, as: Float.self)
    }
  }

  @Test func regularizedStepsAllocateNothing() throws {
    try check("adding", "rnn", .omega(2), window: "full", as: Float.self)
    try check("temporal-order", "rnn", .omega(2), window: "7:12", as: Double.self)
  }

  /// Neither does running states forward again; with 300 rows every step is a tile.
  @Test(arguments: CellKind.builtIn.map(\.name))
  func recomputedStepsAllocateNothing(_ cell: String) throws {
    for recompute in [Recompute.every(1), .every(3), .memory(12_000_000)] {
      for window in ["full", "7:12"] {
        try check(
          "temporal-order", cell, window: window, recompute: recompute, as: Float.self)
        try check("copy", cell, window: window, recompute: recompute, as: Double.self)
      }
    }
  }

  /// Neither does sharing the batch with another rank, whether targets are counted over the ranks or not.
  @Test(arguments: CellKind.builtIn.map(\.name))
  func stepsOfARankAllocateNothing(_ cell: String) throws {
    let task = try AddingTask(length: 20, seed: 1)
    for task in [task, Uncounted(base: task)] as [any SequenceTask] {
      try check(task, cell, window: "full", ranks: Ranks(MirrorLink()), as: Float.self)
      try check(
        task, cell, window: "7:12", .state(1e-5), measures: true, ranks: Ranks(MirrorLink()),
        as: Double.self)
    }
  }

  /// A task that does not say that it has every target.
  private struct Uncounted: SequenceTask {
    let base: AddingTask
    var name: String { "uncounted" }
    var input: InputKind { base.input }
    var target: TargetKind { base.target }
    var baselineLoss: Double { base.baselineLoss }
    func timeSteps(in split: Split, rows: Int) -> Int { base.timeSteps(in: split, rows: rows) }
    func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
      base.fill(batch, from: location)
    }
  }

  /// A test that has no weights to measure makes nothing to measure them with.
  @Test func aTestOfNothingAllocatesNothing() throws {
    let task = try AddingTask(length: 20, seed: 1)
    let trainer = try Trainer<Float>(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 16), task: task,
      settings: TrainingSettings(), seed: 1)
    trainer.parameters.values.fill(.infinity)
    let before = allocation_count()
    let record = trainer.test()
    let made = allocation_count() - before
    #expect(record == TestRecord(last: nil, best: nil))
    #if !DEBUG
      #expect(made == 0, "\(made) allocations")
    #endif
  }

  private func check<Element: Scalar>(
    _ taskName: String, _ cell: String, _ regularizer: Regularizer = .none, window: String,
    _ clipping: Clipping = .norm(1), measures: Bool = false, recompute: Recompute = .auto,
    as type: Element.Type
  ) throws {
    try check(
      TaskTable.entry(named: taskName).make(TaskOptions(length: 20)), cell, regularizer,
      window: window, clipping, measures: measures, recompute: recompute, as: type)
  }

  private func check<Element: Scalar>(
    _ task: any SequenceTask, _ cell: String, _ regularizer: Regularizer = .none, window: String,
    _ clipping: Clipping = .norm(1), measures: Bool = false, recompute: Recompute = .auto,
    ranks: Ranks = .single, as type: Element.Type
  ) throws {
    let specification = try CellSpecification(parsing: cell)
    var settings = TrainingSettings()
    settings.regularizer = regularizer
    settings.truncation = try Truncation(parsing: window)
    settings.clipping = clipping
    settings.measuresClipping = measures
    settings.recompute = recompute
    if recompute != .auto { settings.batch = 300 }
    let trainer = try Trainer<Element>(
      specification,
      ModelConfiguration(
        input: task.input, target: task.target, hidden: 16, layers: 2, learnsInitialState: true),
      task: task, settings: settings, seed: 1, ranks: ranks)
    try expectSteadyStepsAllocateNothing(
      trainer, "\(task.name) \(cell) \(window) \(clipping) \(recompute)")
  }

  /// The counter sees an allocation where there is one.
  @Test func counterCounts() {
    let before = allocation_count()
    let buffer = Matrix<Double>(rows: 3, columns: 3)
    #expect(allocation_count() > before)
    #expect(buffer.count == 9)
  }
}

/// Expects steps of a trainer that has made some to allocate nothing.
func expectSteadyStepsAllocateNothing<Element: Scalar>(
  _ trainer: Trainer<Element>, _ setup: String
) throws {
  // The runtime makes the types of a path when it is first taken: that which measures clipping, too.
  for _ in 0..<ClippingEffect.stateInterval { try trainer.step() }
  let before = allocation_count()
  for _ in 0..<10 { try trainer.step() }
  let made = allocation_count() - before
  #if DEBUG
    #expect(made >= 0)
  #else
    #expect(made == 0, "\(setup): \(made) allocations in 10 steps")
  #endif
}
