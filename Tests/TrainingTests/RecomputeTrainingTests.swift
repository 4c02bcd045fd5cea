import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollTraining

/// Training with states that are run forward again is training, bit by bit.
@Suite struct RecomputeTrainingTests {
  /// With 300 rows and 32 units a tile is 3 steps long on one thread, 6 on two and 10 on three.
  private func trainer<Element: Scalar>(
    _ cell: String, _ recompute: Recompute, window: String = "full", threads: Int = 1,
    clipping: Clipping = .norm(1), measures: Bool = false, as type: Element.Type = Element.self
  ) throws -> Trainer<Element> {
    var settings = TrainingSettings()
    settings.batch = 300
    settings.threads = threads
    settings.updates = 7
    settings.evaluateEvery = 3
    settings.truncation = try Truncation(parsing: window)
    settings.clipping = clipping
    settings.measuresClipping = measures
    settings.recompute = recompute
    let task = try CopyTask(length: 20, seed: 5)
    return try Trainer(
      CellSpecification(parsing: cell),
      ModelConfiguration(
        input: task.input, target: task.target, hidden: 32, layers: 2, learnsInitialState: true),
      task: task, settings: settings, seed: 2)
  }

  private func expectSameBits<Element: Scalar>(
    _ cell: String, window: String, threads: Int = 1, clipping: Clipping = .norm(1),
    measures: Bool = false, as type: Element.Type
  ) throws {
    func run(_ recompute: Recompute) throws -> (Trainer<Element>, [UpdateRecord]) {
      let trainer: Trainer<Element> = try trainer(
        cell, recompute, window: window, threads: threads, clipping: clipping, measures: measures)
      return (trainer, try (0..<(measures ? 11 : 5)).map { _ in try trainer.step() })
    }
    let (whole, records) = try run(.auto)
    #expect(whole.recomputeNote == nil)
    for recompute in [Recompute.every(1), .every(4), .every(7)] {
      let (trainer, found) = try run(recompute)
      #expect(trainer.recomputeNote != nil)
      #expect(found == records, "\(cell) \(window) \(recompute)")
      #expect(
        trainer.parameters.values.elements == whole.parameters.values.elements,
        "\(cell) \(window) \(recompute)")
    }
  }

  @Test(arguments: ["rnn", "lstm", "gru"], ["full", "10", "3:14", "9:31"])
  func updatesAreTheSame(_ cell: String, window: String) throws {
    try expectSameBits(cell, window: window, as: Float.self)
    try expectSameBits(cell, window: window, as: Double.self)
  }

  @Test(arguments: [2, 3])
  func updatesOfSeveralThreadsAreTheSame(_ threads: Int) throws {
    try expectSameBits("lstm", window: "full", threads: threads, as: Float.self)
    try expectSameBits("gru", window: "5:30", threads: threads, as: Float.self)
  }

  /// In every tenth update under `state`, a second backward pass runs the window forward once more.
  @Test func measuredClippingIsTheSame() throws {
    try expectSameBits(
      "lstm", window: "3:14", clipping: .state(1e-4), measures: true, as: Float.self)
  }

  /// A size that takes the recursive order.
  @Test func littleMemoryIsTheSame() throws {
    var least = 0
    do {
      let _: Trainer<Float> = try trainer("lstm", .memory(1))
      Issue.record("1 byte was enough")
    } catch TrainingError.recomputeSize(let given, let needed) {
      #expect(given == 1)
      least = needed
    }
    #expect(throws: TrainingError.recomputeSize(given: least - 1, least: least)) {
      let _: Trainer<Float> = try trainer("lstm", .memory(least - 1))
    }
    let whole: Trainer<Float> = try trainer("lstm", .auto)
    let small: Trainer<Float> = try trainer("lstm", .memory(least))
    #expect(small.recomputeNote != nil)
    for _ in 0..<3 { #expect(try small.step() == whole.step()) }
    #expect(small.parameters.values.elements == whole.parameters.values.elements)
  }

  /// Stopped under one setting, in the middle of a sequence, and taken up under another.
  @Test(arguments: ["full", "10", "3:14"])
  func resumesUnderAnotherSetting(_ window: String) throws {
    let path = NSTemporaryDirectory() + "recompute-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole: Trainer<Float> = try trainer("lstm", .auto, window: window)
    try whole.run()
    for (before, after) in [(Recompute.every(6), Recompute.auto), (.auto, .every(6))] {
      let first: Trainer<Float> = try trainer("lstm", before, window: window)
      try first.run(until: { first.totals.updates == 4 })
      try first.saveCheckpoint(to: path, metadata: [:])
      let second: Trainer<Float> = try trainer("lstm", after, window: window)
      try second.restore(from: SafetensorsFile(path: path))
      try second.run()
      #expect(second.parameters.values.elements == whole.parameters.values.elements)
      #expect(second.totals.lastEvaluation == whole.totals.lastEvaluation)
    }
  }

  /// 61 GB with all states; about √T of them take so little that a phone trains it.
  @Test func aMillionStepsFit() throws {
    let task = try AddingTask(length: 1_000_000, seed: 1)
    let model = RecurrentModel(
      CellSpecification(.lstm),
      ModelConfiguration(input: task.input, target: task.target, hidden: 128))
    var settings = TrainingSettings()
    settings.recompute = .memory(1_000_000_000)
    try Trainer<Float>.validate(model, task: task, settings: settings)
    settings.recompute = .every(600)
    let choice = try MemoryEstimate.recompute(
      model: model, task: task, settings: settings, as: Float.self)
    #expect(choice.bytes < 1e8)
    #expect(choice.note?.contains("instead of 61.4") == true, "\(choice.note ?? "")")
  }
}
