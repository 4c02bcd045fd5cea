import Testing
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// What truncation carries and what it cuts.
@Suite struct CarriedStateTests {
  /// With a learning rate of 0 windows change nothing in the forward pass: the losses of the
  /// windows, weighted by their steps, add up to the whole sequence's. Sums in another order: 1e-12.
  @Test(arguments: ["7", "3:9", "1:4", "13:26"], CellKind.builtIn)
  func windowsSeeTheStateTheyShould(_ window: String, kind: CellKind) throws {
    let whole = try losses("full", kind: kind, updates: 1)[0]
    let truncation = try Truncation(parsing: window)
    var passes: [BPTTWindow] = []
    while let pass = truncation.window(passes.count, of: 26) { passes.append(pass) }
    let parts = try losses(window, kind: kind, updates: passes.count)
    let sum = zip(parts, passes).reduce(0) { $0 + $1.0 * Double($1.1.lossSteps.count) }
    #expect(abs(sum / 26 - whole) < 1e-12 * whole)
  }

  private func losses(_ window: String, kind: CellKind, updates: Int) throws -> [Double] {
    var settings = TrainingSettings()
    settings.batch = 3
    settings.truncation = try Truncation(parsing: window)
    settings.clipping = .none
    settings.optimizer = .sgd
    settings.schedule.base = 0
    let task = try CopyTask(length: 6, seed: 5)
    let trainer = try Trainer<Double>(
      CellSpecification(kind),
      ModelConfiguration(input: task.input, target: task.target, hidden: 7, layers: 2),
      task: task, settings: settings, seed: 2)
    return try (0..<updates).map { _ in try trainer.step().loss }
  }

  /// The gradient of a K1:K2 window is that of the window's loss with the stored state constant:
  /// against ModelCheck's differences in RecurrentCellsTests; here, that an update with K2 covering
  /// the whole past equals the gradient of full backpropagation cut at the same losses.
  @Test func deepWindowsReachBackToTheStart() throws {
    func norm(_ window: String) throws -> Double {
      var settings = TrainingSettings()
      settings.batch = 3
      settings.truncation = try Truncation(parsing: window)
      settings.schedule.base = 0
      let task = try AddingTask(length: 26, seed: 5)
      let trainer = try Trainer<Double>(
        CellSpecification(.lstm),
        ModelConfiguration(input: task.input, target: task.target, hidden: 7),
        task: task, settings: settings, seed: 2)
      return try trainer.step().gradientNorm
    }
    let full = try norm("full")
    #expect(abs(try norm("5:30") - full) < 1e-12 * full)
    #expect(abs(try norm("5:6") - full) > 1e-6 * full)
  }

  /// A window without targets moves the state on and makes no update.
  @Test func windowsWithoutTargetsMakeNoUpdate() throws {
    var settings = TrainingSettings()
    settings.batch = 2
    settings.truncation = .windows(period: 5, depth: 5)
    settings.updates = 3
    let task = try AddingTask(length: 20, seed: 5)
    let trainer = try Trainer<Double>(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 4), task: task,
      settings: settings, seed: 2)
    for update in 1...3 {
      try trainer.step()
      #expect(trainer.totals.updates == update)
      #expect(trainer.shared.cursor == DataCursor(sequence: update - 1, window: 4))
    }
  }

  /// Rows are independent: any number of workers gives the same losses up to the order of sums.
  @Test func workersChangeNothingButTheOrderOfSums() throws {
    func run(_ threads: Int) throws -> [Double] {
      var settings = TrainingSettings()
      settings.batch = 7
      settings.threads = threads
      settings.truncation = .windows(period: 4, depth: 9)
      let task = try CopyTask(length: 6, seed: 5)
      let trainer = try Trainer<Double>(
        CellSpecification(.lstm),
        ModelConfiguration(
          input: task.input, target: task.target, hidden: 7, learnsInitialState: true),
        task: task, settings: settings, seed: 2)
      return try (0..<30).map { _ in try trainer.step().loss }
    }
    let one = try run(1)
    #expect(try run(1) == one)
    for threads in [2, 3, 16] {
      for (x, y) in zip(try run(threads), one) { #expect(abs(x - y) < 1e-10 * y) }
      #expect(try run(threads) == run(threads))
    }
  }
}
