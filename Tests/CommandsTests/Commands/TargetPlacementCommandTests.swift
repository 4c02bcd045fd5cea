import Testing
import UnrollFileFormats
import UnrollRecurrentCells

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Targets that fit two readings, from the command line.
struct TargetPlacementCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Six sequences of six steps.
  private func square(_ name: String = "a.safetensors", withTargets: Bool = true) throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [6, 6, 1], (0..<36).map { Double(($0 * 17) % 11) / 11 })
    if withTargets {
      writer.append("y", shape: [6, 6], (0..<36).map { Double(($0 * 5) % 7) / 7 })
    }
    try writer.write(to: runs.path(name))
    return runs.path(name)
  }

  private func train(_ words: [String]) -> TemporaryRuns.Outcome {
    runs.run(
      [
        "train", "arrays", "--hidden", "3", "--batch", "2", "--steps", "2", "--quiet", "--json",
        "--out", runs.path("run"),
      ] + words)
  }

  private func outputs() throws -> Int {
    try ModelFile(path: runs.path("run/model.safetensors")).configuration.target.width
  }

  @Test func whatFitsTwiceIsSaidAndTakenAsTold() throws {
    let file = try square()
    let open = train(["--inputs", file])
    #expect(open.status == .done && open.errors.count == 1)
    #expect(open.errors[0].contains("is read as [N, O]") && open.errors[0].contains("[T, N]"))
    #expect(open.errors[0].contains("--targets every"))
    #expect(try outputs() == 6)
    let last = train(["--inputs", file, "--targets", "last"])
    #expect(last.status == .done && last.errors.isEmpty)
    #expect(try outputs() == 6)
    let every = train(["--inputs", file, "--targets", "every"])
    #expect(every.status == .done && every.errors.isEmpty)
    #expect(try outputs() == 1)
    // A model evaluates its own data as it was trained on them.
    let evaluated = runs.run([
      "evaluate", "--model", runs.path("run/model.safetensors"), "--json",
    ])
    #expect(evaluated.status == .done && evaluated.errors.isEmpty)
  }

  @Test func aFileOfTargetsAndTheirStepsAreNamedTogether() throws {
    let inputs = try square(withTargets: false)
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("y", shape: [6, 6], (0..<36).map { Double($0) / 36 })
    try writer.write(to: runs.path("y.safetensors"))
    let targets = runs.path("y.safetensors")
    #expect(train(["--inputs", inputs, "--targets", targets]).errors.count == 1)
    #expect(try outputs() == 6)
    let every = train(["--inputs", inputs, "--targets", targets + ",every"])
    #expect(every.status == .done && every.errors.isEmpty)
    #expect(try outputs() == 1)
    #expect(train(["--inputs", inputs, "--targets", targets + ",last"]).errors.isEmpty)
    #expect(try outputs() == 6)
  }

  /// Files for validation and test are read as the one that is trained on.
  @Test func everyFileIsReadAlike() throws {
    let (file, other) = (try square(), try square("b.safetensors"))
    let outcome = train(["--inputs", file, "--test", other])
    #expect(outcome.errors.count == 2 && outcome.errors[1].contains("b.safetensors"))
    let told = train(["--inputs", file, "--test", other, "--targets", "every"])
    #expect(told.status == .done && told.errors.isEmpty && told.json["test_loss"]?.double != nil)
  }

  @Test func decayReadsTheSameArraysAlike() throws {
    let file = try square()
    func decay(_ words: [String]) -> TemporaryRuns.Outcome {
      runs.run(
        [
          "decay", "--inputs", file, "--cells", "rnn", "--hidden", "3", "--json", "--out",
          runs.path("decay"),
        ] + words)
    }
    let open = decay([])
    #expect(open.status == .done)
    #expect(open.errors.filter { $0.contains("--targets every") }.count == 1)
    let every = decay(["--targets", "every"])
    #expect(every.status == .done && !every.errors.contains { $0.contains("--targets") })
    #expect(every.json["curves"] != open.json["curves"])
  }

  @Test func batchFirstArraysAreToldHowToTurn() throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [8, 5, 2], Array(repeating: 0.5, count: 80))
    writer.append("y", shape: [8, 3], Array(repeating: 0.5, count: 24))
    try writer.write(to: runs.path("b.safetensors"))
    let outcome = train(["--inputs", runs.path("b.safetensors")])
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains("x.swapaxes(0, 1)"))
  }
}
