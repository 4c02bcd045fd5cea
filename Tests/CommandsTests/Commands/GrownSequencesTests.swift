import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `evaluate` on files of sequences that hold those that a model was trained on.
struct GrownSequencesTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Sequences `numbers`, each the same in whatever file, of up to `steps` steps.
  private func file(
    _ name: String, _ numbers: Range<Int>, steps: Int = 3, changing changed: Int? = nil
  ) throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    let x = (0..<steps).flatMap { step in
      numbers.map { number in
        Double((step * 7 + number * 3 + (number == changed ? 1 : 0)) % 11) / 11
      }
    }
    writer.append("x", shape: [steps, numbers.count, 1], x)
    writer.append("y", shape: [numbers.count, 1], numbers.map { Double($0 % 5) / 5 })
    writer.append("lengths", shape: [numbers.count], numbers.map { $0 < 10 ? 2 + $0 % 2 : steps })
    try writer.write(to: runs.path(name))
    return runs.path(name)
  }

  private func evaluate(_ model: String, _ file: String) -> TemporaryRuns.Outcome {
    runs.run(["evaluate", "--model", model, "--inputs", file, "--json", "--threads", "1"])
  }

  /// What follows the training and validation part is measured, by the sequences and not by the bytes:
  /// the longer file is padded to another length.
  @Test func whatFollowsIsMeasured() throws {
    let model = runs.train(
      "arrays", ["--inputs", try file("own", 0..<8), "--validation", "1", "--test", "2"]
    ).model
    let grown = evaluate(model, try file("grown", 0..<14, steps: 5))
    #expect(grown.status == .done, "\(grown.errors)")
    #expect(grown.errors.contains { $0.contains("holds what the model was trained on, and more") })
    #expect(grown.json.measuredNumbers == [7, 14, 8, 14])
    // Sequences 6 to 13 in a file of their own, measured as a whole.
    let rest = evaluate(model, try file("rest", 6..<14, steps: 5))
    #expect(rest.json.measuredNumbers == [1, 8, 8, 8])
    let (one, other) = (grown.json["test_loss"]?.double, rest.json["test_loss"]?.double)
    // The same terms in another order of adding.
    #expect(abs(try #require(one) / (try #require(other)) - 1) < 1e-13)
  }

  /// Nothing was held out, so that what was added alone is no training data.
  @Test func withoutPartsWhatWasAddedIsMeasured() throws {
    let model = runs.train("arrays", ["--inputs", try file("own", 0..<8)]).model
    let grown = evaluate(model, try file("grown", 0..<11))
    #expect(
      grown.status == .done && grown.json.measuredNumbers == [9, 11, 3, 11], "\(grown.errors)")
    #expect(grown.json["measured_on"] == "test")
  }

  @Test func otherSequencesAreMeasuredAsAWhole() throws {
    let model = runs.train(
      "arrays", ["--inputs", try file("own", 0..<8), "--test", "2"]
    ).model
    for changed in [0, 5] {
      let other = evaluate(model, try file("other", 0..<11, changing: changed))
      #expect(other.status == .done && other.json.measuredNumbers == [1, 11, 11, 11])
    }
    let fewer = evaluate(model, try file("fewer", 0..<7))
    #expect(fewer.status == .done && fewer.json.measuredNumbers == [1, 7, 7, 7])
  }

  /// The model's own sequences in another file are still its own: the test part is measured.
  @Test func ownSequencesAreKnownInAnotherFile() throws {
    let model = runs.train(
      "arrays", ["--inputs", try file("own", 0..<8), "--test", "2"]
    ).model
    let padded = evaluate(model, try file("padded", 0..<8, steps: 6))
    #expect(
      padded.status == .done && padded.json.measuredNumbers == [7, 8, 2, 8], "\(padded.errors)")
    #expect(padded.json["test_loss"] == evaluate(model, runs.path("own")).json["test_loss"])
  }

  /// A model of an earlier version has no hash, and its file is read as before.
  @Test func modelsWithoutAHashMeasureAll() throws {
    let model = runs.train("arrays", ["--inputs", try file("own", 0..<8), "--test", "2"]).model
    let bare = try runs.copy(of: model, named: "bare") { $0["sequences"] = nil }
    let outcome = evaluate(bare, try file("grown", 0..<11))
    #expect(outcome.status == .done && outcome.json.measuredNumbers == [1, 11, 11, 11])
  }
}
