import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollStudies

/// Outputs that must agree with those of the model that is measured.
struct DecayOutputsTests: GradientBatches {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  @Test func outputsThatDifferAreRefusedWithTheirSize() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 2)])
    // h after each step of 0.1: 0.2 (1 − 0.5^(t+1)); the readout doubles it.
    let right = (0..<20).map { 0.4 * (1 - pow(0.5, Double($0 + 1))) }
    let y = tensor("y", 1, 1, value: 1)
    func run(_ outputs: Tensor, expect: Bool) throws -> TemporaryRuns.Outcome {
      if expect {
        let words = ["--expect", try file("o", [outputs])]
        return decay(model, try file("b", [x(), y]), words[0], words[1], "--json")
      }
      return decay(model, try file("b", [x(), y, outputs]), "--json")
    }
    for expect in [false, true] {
      for outputs: Tensor in [("outputs", [20, 1, 1], right), ("outputs", [1, 1], [right[19]])] {
        let outcome = try run(outputs, expect: expect)
        #expect(outcome.status == .done, "\(outcome.errors)")
        #expect(try #require(outcome.json["outputs_difference"]?.double) < 1e-15)
      }
      var wrong = right
      wrong[7] += 0.001
      let outcome = try run(("outputs", [20, 1, 1], wrong), expect: expect)
      #expect(outcome.status == .failed && outcome.errors.count == 1)
      // 0.001 of 0.4, and of what Float32 rounds nothing.
      #expect(outcome.errors[0].contains("by 0.002500 of the largest, at step 7, row 0, output 0"))
      #expect(outcome.errors[0].contains("accepted: at most 0.0001"))
      wrong[7] = right[7] + 0.3e-4
      #expect(try run(("outputs", [20, 1, 1], wrong), expect: expect).status == .done)
      let shape = try run(("outputs", [20, 1], right), expect: expect)
      #expect(shape.errors[0].contains("accepted: [20, 1, 1] or [1, 1]"))
    }
    let absent = decay(model, try file("b", [x(), y]), "--expect", try file("o", [x()]))
    #expect(absent.status == .failed && absent.errors[0].contains("no tensor 'outputs'"))
  }

  /// The recurrent module's own outputs, where there is no readout; beyond a length they count for
  /// nothing.
  @Test func outputsOfARecurrentModuleEndWithTheirRows() throws {
    var outputs = tensor("outputs", 4, 2, 1, value: 0)
    let right = (0..<4).map { 0.2 * (1 - pow(0.5, Double($0 + 1))) }
    outputs.values = right.flatMap { [$0, $0] }
    outputs.values[7] = 99
    let batch = try file(
      "b", [x(4, rows: 2), tensor("g", 4, 2, 1, value: 1), outputs],
      integers: [("lengths", [2], [4, 3])])
    #expect(decay(try model(), batch).status == .done)
    outputs.values[5] = 99
    _ = try file(
      "b", [x(4, rows: 2), tensor("g", 4, 2, 1, value: 1), outputs],
      integers: [("lengths", [2], [4, 3])])
    #expect(decay(try model(), batch).errors[0].contains("at step 2, row 1, output 0"))
  }

  /// What lies beyond the last target may be anything in `x`, as it may where nothing is compared.
  @Test func outputsAreComparedWhereInputsAreMeasured() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 1)])
    var inputs = x(4)
    inputs.values[3] = .nan
    let right = (0..<3).map { 0.2 * (1 - pow(0.5, Double($0 + 1))) }
    // An input that nothing reads counts as 0.
    let outputs = try file("o", [("outputs", [4, 1, 1], right + [right[2] / 2])])
    let batch = try file("b", [inputs, ("y", [4, 1, 1], [1, 1, 1, .nan])])
    let outcome = decay(model, batch, "--missing", "mask", "--expect", outputs)
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  /// The sequences measured are compared, each up to its own last step.
  @Test func outputsOfAPartAreItsOwn() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 1)])
    let batch = try file(
      "b", [x(4, rows: 3), tensor("y", 3, 1, value: 1)], integers: [("lengths", [3], [4, 2, 3])])
    var values = (0..<4).map { 0.2 * (1 - pow(0.5, Double($0 + 1))) }
    func run(_ words: String...) throws -> TemporaryRuns.Outcome {
      decay(
        model, batch, words[0], words[1], "--expect",
        try file("o", [("outputs", [4, 1, 1], values)]))
    }
    values[3] = 99
    let last = try run("--validation", "1")
    #expect(last.status == .done && last.out.contains("T 4, B 1,"), "\(last.errors) \(last.out)")
    values[2] = 99
    #expect(try run("--validation", "1").errors[0].contains("at step 2, row 0, output 0"))
    // What is held out for the test is measured with the others.
    #expect(try run("--test", "1").errors[0].contains("accepted: [4, 3, 1] or [3, 1]"))
  }

  /// Layers whose part is not known are refused, unless outputs show that they have none.
  @Test func aModelIsMeasuredWholeOrNotAtAll() throws {
    let model = try model(
      and: [tensor("fc.weight", 1, 1, value: 2), tensor("norm.weight", 1, value: 1)])
    let y = tensor("y", 1, 1, value: 1)
    let refused = decay(model, try file("b", [x(), y]))
    #expect(refused.status == .failed && refused.errors.count == 1)
    for part in ["'norm.weight' is neither", "'outputs'", "'g' (out.grad)"] {
      #expect(refused.errors[0].contains(part), "\(refused.errors)")
    }
    let last = 0.4 * (1 - pow(0.5, 20))
    let shown = decay(model, try file("b", [x(), y, tensor("outputs", 1, 1, value: last)]))
    #expect(shown.status == .done && shown.errors.contains { $0.contains("norm.weight") })
    for command in ["evaluate", "predict"] {
      let words = [
        command, "--model", model, "--inputs", runs.path("b"), "--activation", "identity",
      ]
      let outcome = runs.run(words + (command == "predict" ? ["--out", runs.path("p")] : []))
      #expect(outcome.status == .failed && outcome.errors[0].contains("--readout NAME"))
      let named = runs.run(
        words + ["--readout", "fc"] + (command == "predict" ? ["--out", runs.path("p")] : []))
      #expect(named.status == .done, "\(named.errors)")
    }
  }

  /// A path given from this folder is recorded from the root, with the file's content.
  @Test func expectedOutputsAreOnRecord() throws {
    let outputs = try file("o", [tensor("outputs", 1, 1, value: 0.2 * (1 - pow(0.5, 20)))])
    let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
    let relative = String(repeating: "../", count: depth) + outputs.dropFirst()
    let batch = try file("b", [x(), tensor("g", 20, 1, 1, value: 1)])
    #expect(decay(try model(), batch, "--expect", relative).status == .done)
    let config = try JSONValue(contentsOf: runs.path("run/config.json"))
    #expect(config["options"]?["expect"] == .string(AbsolutePath.of(relative)))
    let files = InputFile.list(in: config)
    #expect(files.map(\.option) == ["inputs", "model", "expect"])
    #expect(files.last?.path == AbsolutePath.of(relative))
    #expect(files.last?.fingerprint == (try FileFingerprint(path: outputs)))
  }
}
