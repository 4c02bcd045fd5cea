import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Characters that a model does not know, from the command line to what is reported of them.
struct UnknownCharactersTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func text(_ count: Int, of characters: Int, from first: Int) -> String {
    String(
      String.UnicodeScalarView(
        (0..<count).compactMap { Unicode.Scalar(UInt32(first + $0 * 7919 % characters)) }))
  }

  /// 700 characters, each as frequent: fewer bits than log2 700 would be right about nothing.
  @Test func allCharactersAreClasses() throws {
    let file = try runs.file("t.txt", text(14_000, of: 700, from: 0x4E00))
    let (summary, model) = runs.train("text", ["--file", file, "--window", "10"])
    #expect(try ModelFile(path: model).configuration.target == .classes(700))
    #expect(try ModelFile(path: model).configuration.input == .classes(701))
    let bits = try #require(summary["bits_per_character"]?.double)
    #expect(bits > 9 && summary["unknown_share"] == 0.0)
  }

  /// 9 of 10 characters of another text are unknown: they are neither right nor wrong.
  @Test func aModelOfAnotherTextIsMeasuredOnWhatItKnows() throws {
    let known = String(repeating: "0123456789", count: 60)
    let (_, model) = runs.train(
      "text", ["--file", try runs.file("known.txt", known), "--window", "10"])
    let other = try runs.file("other.txt", String(repeating: "7abcdefghi", count: 60))
    let outcome = runs.run(["evaluate", "--model", model, "--file", other, "--json"])
    #expect(outcome.status == .done)
    #expect(outcome.json["unknown_share"] == 0.9)
    #expect(
      outcome.errors.contains { $0.contains("90% of the characters are not in the vocabulary") })
    // All known targets are the same character, so accuracy is all or nothing.
    let accuracy = try #require(outcome.json["test_accuracy"]?.double)
    #expect(accuracy == 0 || accuracy == 1)
    // The known character is 1 of the 10 that the baseline tells apart.
    #expect(outcome.json["baseline_loss"]?.double.map { $0 >= 0 } == true)
    let text = runs.run(["evaluate", "--model", model, "--file", other]).out
    #expect(text.contains("unknown characters") && text.contains("90%"))
    let none = try runs.file("none.txt", String(repeating: "abc", count: 60))
    let refused = runs.run(["evaluate", "--model", model, "--file", none])
    #expect(refused.status == .failed)
    #expect(
      refused.errors == [
        "unroll: \(none): none of the characters for the test is in the "
          + "vocabulary; at least one is needed, after the first"
      ])
  }

  @Test func aLimitedVocabularySaysWhatItLeavesOut() throws {
    let file = try runs.file("book.txt", String(repeating: "aaaabbbccd", count: 60))
    let outcome = runs.run([
      "train", "text", "--file", file, "--vocabulary", "2", "--hidden", "4", "--batch", "2",
      "--window", "10", "--steps", "3", "--json", "--quiet", "--out", runs.path("out"),
    ])
    #expect(outcome.status == .done)
    #expect(outcome.json["unknown_share"] == 0.3 && outcome.json["validation_unknown_share"] == 0.3)
    #expect(
      outcome.errors.contains {
        $0.contains("30% of the characters to train on") && $0.contains("vocabulary of 2,")
      })
    let model = runs.path("out/model.safetensors")
    #expect(try ModelFile(path: model).metadata["vocabulary"] == "ab")
    let sample = runs.run(["sample", "--model", model, "--characters", "40", "--prompt", "d"])
    #expect(sample.status == .done && sample.out.allSatisfy { "abd\n".contains($0) })
    for count in ["0", "-1", "x", "2000000"] {
      #expect(
        runs.run(["train", "text", "--file", file, "--vocabulary", count]).status == .usage)
    }
    let decay = runs.run([
      "decay", "--model", model, "--length", "10", "--batch", "4", "--json", "--out",
      runs.path("decay"),
    ])
    #expect(decay.status == .done)
    let other = runs.run(["decay", "--model", model, "--vocabulary", "5"])
    #expect(other.status == .usage && other.errors[0].contains("--vocabulary 5"))
  }

  /// Windows without a known character make no update; an evaluation goes on to the next.
  @Test func longStretchesOfUnknownCharactersAreRead() throws {
    let stretches = (0..<40).map { text(50, of: 2000, from: 0x4E00 + $0 * 50) + "a" }
    let (summary, model) = runs.train(
      "text",
      [
        "--file", try runs.file("t.txt", stretches.joined()), "--vocabulary", "1", "--window", "5",
        "--stop-when-solved",
      ])
    #expect(summary["outcome"] == "finished" && summary["steps"] == 3)
    #expect(try #require(summary["unknown_share"]?.double) > 0.95)
    #expect(try ModelFile(path: model).metadata["vocabulary"] == "a")
    #expect(runs.run(["evaluate", "--model", model, "--json"]).status == .done)
  }

  /// Models of earlier versions have an output for unknown characters, which is no target any more.
  @Test func modelsOfEarlierVersionsAreRead() throws {
    let file = try runs.textFile()
    let (_, model) = runs.train("text", ["--file", file, "--window", "10"])
    let old = runs.path("old.safetensors")
    let source = try SafetensorsFile(path: model)
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = source.metadata
    for tensor in source.tensors {
      var (shape, values) = (tensor.shape, try source.doubles(tensor.name))
      if tensor.name == "head.weight" {
        values += Array(repeating: 0.1, count: shape[1])
        shape[0] += 1
      } else if tensor.name == "head.bias" {
        values.append(0.2)
        shape[0] += 1
      }
      writer.append(tensor.name, shape: shape, values)
    }
    try writer.write(to: old)
    let evaluated = runs.run(["evaluate", "--model", old, "--json"])
    #expect(evaluated.status == .done, "\(evaluated.errors)")
    let new = runs.run(["evaluate", "--model", model, "--json"])
    // One output more takes some of the probability of every character.
    #expect(
      try #require(evaluated.json["test_loss"]?.double) > #require(new.json["test_loss"]?.double))
    #expect(runs.run(["sample", "--model", old, "--characters", "5"]).status == .done)
    let decay = runs.run([
      "decay", "--model", old, "--length", "10", "--batch", "2", "--json", "--out",
      runs.path("decay"),
    ])
    #expect(decay.status == .done, "\(decay.errors)")
  }
}
