import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

struct SampleCommandTests {
  private let runs: TemporaryRuns
  private let model: String

  init() throws {
    runs = try TemporaryRuns()
    model = runs.train("text", ["--file", try runs.textFile(), "--window", "10"]).model
  }

  private func sample(_ words: String...) -> TemporaryRuns.Outcome {
    runs.run(["sample", "--model", model, "--characters", "40"] + words)
  }

  @Test func thePromptComesFirstAndTheSeedDecides() {
    let first = sample("--prompt", "the ")
    #expect(first.status == .done && first.errors.isEmpty)
    #expect(first.out.hasPrefix("the "))
    let text = first.out.hasSuffix("\n") ? first.out.dropLast() : first.out[...]
    #expect([43, 44].contains(text.unicodeScalars.count))
    #expect(sample("--prompt", "the ").out == first.out)
    #expect(sample("--prompt", "the ", "--seed", "2").out != first.out)
  }

  @Test func temperatureZeroLeavesNothingToTheSeed() {
    #expect(sample("--temperature", "0").out == sample("--temperature", "0", "--seed", "2").out)
  }

  @Test func unknownCharactersOfThePromptAreRead() {
    let outcome = sample("--prompt", "Ж\u{0}\u{1F600}")
    // A terminal gets the control character as text.
    #expect(outcome.status == .done && outcome.out.hasPrefix("Ж\\0\u{1F600}"))
    #expect(sample("--prompt", "Ж").out.dropFirst() == sample("--prompt", "Q").out.dropFirst())
  }

  @Test func jsonHoldsTheSameText() throws {
    let plain = sample("--prompt", "cat")
    let json = sample("--prompt", "cat", "--json").json
    let text = try #require(json["text"]?.string)
    #expect(text.unicodeScalars.count == 40 && json["prompt"] == "cat")
    #expect(plain.out.hasPrefix("cat" + text))
  }

  @Test func aReaderThatIsGoneEndsTheText() {
    let test = TestTerminal(outputFailure: .closed)
    let words = ["sample", "--model", model, "--characters", "1000000000"]
    #expect(Program.unroll.run(words, on: test.terminal) == .done)
    #expect(test.diagnostics.text.isEmpty)
  }

  @Test func aFullDiskEndsTheText() {
    let test = TestTerminal(outputFailure: .failed(code: 28))
    let words = ["sample", "--model", model, "--characters", "1000000000"]
    #expect(Program.unroll.run(words, on: test.terminal) == .failed)
    #expect(test.diagnostics.lines.count == 1)
  }

  @Test func whatIsNoCharacterModelIsOneLine() throws {
    let bare = try runs.copy(of: model, named: "bare.safetensors") { $0 = [:] }
    let short = try runs.copy(of: model, named: "short.safetensors") { $0["vocabulary"] = "ab" }
    let spoilt = try runs.copy(of: model, named: "spoilt.safetensors") { $0["vocabulary"] = "" }
    let adding = runs.train("adding", ["--length", "5"]).model
    let cases = [
      (bare, "bare.safetensors is no character model; accepted are models of the task 'text'"),
      (short, "short.safetensors has 12 classes in and 11 classes out; the task 'text' needs 3"),
      (spoilt, "spoilt.safetensors: the metadata 'vocabulary' is ''; accepted: one or more"),
      (adding, "model.safetensors is no character model, it was trained on 'adding'"),
    ]
    for (path, part) in cases {
      let outcome = runs.run(["sample", "--model", path])
      #expect(outcome.status == .failed && outcome.out.isEmpty, "\(path)")
      #expect(outcome.errors.count == 1 && outcome.errors[0].contains(part), "\(outcome.errors)")
    }
  }
}
