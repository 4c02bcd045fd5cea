import CUnrollAllocationCounter
import Foundation
import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// A training step that has run before allocates nothing: no array, no box, no buffer.
///
/// Counted by taking the place of malloc and its kin in the test program, on the thread that trains.
/// In a debug build the compiler leaves allocations that a release build does not have.
@Suite(.enabled(if: allocation_counting_available())) struct AllocationTests {
  @Test(
    arguments: TaskTable.all.filter { $0.options == [.length] }.map(\.name),
    CellKind.builtIn.map(\.name) + ["rnn/activation=prelu"])
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

  private func check<Element: Scalar>(
    _ taskName: String, _ cell: String, _ regularizer: Regularizer = .none, window: String,
    _ clipping: Clipping = .norm(1), measures: Bool = false, recompute: Recompute = .auto,
    as type: Element.Type
  ) throws {
    let task = try TaskTable.entry(named: taskName).make(TaskOptions(length: 20))
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
      task: task, settings: settings, seed: 1)
    try expectSteadyStepsAllocateNothing(
      trainer, "\(taskName) \(cell) \(window) \(clipping) \(recompute)")
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
  for _ in 0..<5 { try trainer.step() }
  let before = allocation_count()
  for _ in 0..<10 { try trainer.step() }
  let made = allocation_count() - before
  #if DEBUG
    #expect(made >= 0)
  #else
    #expect(made == 0, "\(setup): \(made) allocations in 10 steps")
  #endif
}
