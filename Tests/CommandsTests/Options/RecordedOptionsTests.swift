import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// A run's own config.json names every option with its default, those of other tasks among them.
struct RecordedOptionsTests {
  @Test func aStreamsConfigReplays() throws {
    let runs = try TemporaryRuns()
    let options = ["--file", try runs.textFile(), "--window", "10"]
    let (first, model) = runs.train("text", options)
    let config = model.replacing("model.safetensors", with: "config.json")
    let second = runs.run([
      "train", "--config", config, "--json", "--quiet", "--out", runs.path("again"),
    ])
    #expect(second.status == .done && second.errors.isEmpty)
    #expect(second.json["test_loss"] == first["test_loss"] && first["test_loss"] != nil)
  }

  @Test func anOptionOfAnotherTaskIsStillRefusedOnTheCommandLine() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.run([
      "train", "text", "--file", try runs.textFile(), "--length", "50", "--out", runs.path("out"),
    ])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(runs.files(in: "out") == nil)
  }
}
