import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// `unroll train --model`: a new run from given weights.
struct TrainFromModelTests {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func weights(_ path: String) throws -> [String: [Double]] {
    let file = try SafetensorsFile(path: path)
    return try Dictionary(
      uniqueKeysWithValues: file.tensors.map { ($0.name, try file.doubles($0.name)) })
  }

  private func start(_ model: String, _ words: String...) -> TemporaryRuns.Outcome {
    runs.run(
      ["train", "--model", model, "--out", runs.path("new"), "--precision", "double", "--quiet"]
        + words)
  }

  @Test func theWeightsAreTheModels() throws {
    let (_, model) = runs.train(
      "text", ["--file", try runs.textFile(), "--window", "4", "--cell", "gru", "--layers", "2"])
    let outcome = start(model, "--steps", "0", "--batch", "1")
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(try weights(runs.path("new/model.safetensors")) == weights(model))
    let (old, new) = (
      try SafetensorsFile(path: model).metadata,
      try SafetensorsFile(path: runs.path("new/model.safetensors")).metadata
    )
    #expect(old["vocabulary"] == new["vocabulary"] && old["cell"] == new["cell"])
    #expect(old["run"] != new["run"])
  }

  /// One update of gradient descent has its own rate, and moves the model's weights by it.
  @Test func optimizerAndRateAreTheNewRuns() throws {
    let (_, model) = runs.train("adding", ["--length", "5"])
    let outcome = start(
      model, "--steps", "1", "--optimizer", "sgd", "--learning-rate", "0.25", "--clip", "norm:1e-3")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let (before, after) = (try weights(model), try weights(runs.path("new/model.safetensors")))
    var square = 0.0
    for (name, values) in before {
      for (one, other) in zip(values, try #require(after[name])) {
        square += (one - other) * (one - other)
      }
    }
    // ‖Δθ‖ = ηc under norm:c; Float64 leaves some 1e-16 of weights of size 1.
    #expect(abs(square.squareRoot() - 0.25e-3) < 1e-13)
  }

  @Test func itReplaysAndResumes() throws {
    let (_, model) = runs.train(
      "adding", ["--length", "5", "--cell", "rnn/activation=relu/init=identity:1"])
    #expect(start(model, "--steps", "20", "--eval-every", "10", "--threads", "1").status == .done)
    let whole = try weights(runs.path("new/model.safetensors"))
    let config = try JSONValue(contentsOf: runs.path("new/config.json"))
    #expect(config["options"]?["cell"] == "rnn/activation=relu/init=identity:1")
    #expect(config["data"]?["model"]?["path"]?.string == model)
    let replay = runs.run([
      "train", "--config", runs.path("new"), "--out", runs.path("replay"), "--quiet",
    ])
    #expect(replay.status == .done, "\(replay.errors)")
    #expect(try weights(runs.path("replay/model.safetensors")) == whole)

    let part = runs.run([
      "train", "--config", runs.path("new/config.json"), "--out", runs.path("part"), "--quiet",
      "--steps", "10",
    ])
    #expect(part.status == .done, "\(part.errors)")
    // Its weights were taken when the run began.
    try FileManager.default.removeItem(atPath: model)
    let rest = runs.run([
      "train", "--resume", runs.path("part/checkpoint.safetensors"), "--steps", "20", "--quiet",
    ])
    #expect(rest.status == .done, "\(rest.errors)")
    #expect(try weights(runs.path("part/model.safetensors")) == whole)
  }

  @Test(arguments: [
    (["--hidden", "5"], "--hidden 5: must be 4"), (["--layers", "2"], "--layers 2: must be 1"),
    (["--cell", "gru"], "--cell gru: must be rnn/activation=relu"),
    (["--cell", "rnn/activation=tanh"], "must be rnn/activation=relu"),
    (["--activation", "tanh"], "--activation tanh: must be relu"),
    (["--init", "he"], "left out: the weights are there"),
    (["--initial-state", "learned"], "must be zero"),
    (["--forget-bias", "2"], "left out"),
  ])
  func contradictionsAreRefused(words: [String], said: String) throws {
    let (_, model) = runs.train("adding", ["--length", "5", "--cell", "rnn/activation=relu"])
    let outcome = runs.run(["train", "--model", model, "--out", runs.path("new")] + words)
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors.first?.contains(said) == true, "\(outcome.errors)")
    #expect(runs.files(in: "new") == nil)
  }

  @Test func whatAgreesIsAccepted() throws {
    let (_, model) = runs.train("adding", ["--length", "5", "--cell", "rnn/activation=relu"])
    let outcome = start(
      model, "--hidden", "4", "--layers", "1", "--cell", "rnn", "--activation", "relu",
      "--initial-state", "zero", "--steps", "2", "--length", "7")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let options = try JSONValue(contentsOf: runs.path("new/config.json"))["options"]
    #expect(options?["length"] == 7)
  }

  /// A `state_dict` knows neither task nor cell's options.
  @Test func aStateDict() throws {
    var writer = SafetensorsWriter(requireFinite: true)
    let shapes = [
      ("rnn.weight_ih_l0", [3, 2]), ("rnn.weight_hh_l0", [3, 3]), ("fc.weight", [1, 3]),
    ]
    for (name, shape) in shapes {
      let count = shape.reduce(1, *)
      writer.append(name, shape: shape, (0..<count).map { Double($0 % 5) / 10 - 0.2 })
    }
    try writer.write(to: runs.path("torch.safetensors"))
    let outcome = start(
      runs.path("torch.safetensors"), "adding", "--length", "5", "--activation", "relu", "--steps",
      "0")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let new = try weights(runs.path("new/model.safetensors"))
    #expect(new["weight_hh_l0"] == (0..<9).map { Double($0 % 5) / 10 - 0.2 })
    #expect(new["bias_ih_l0"] == [0, 0, 0])
    let metadata = try SafetensorsFile(path: runs.path("new/model.safetensors")).metadata
    #expect(metadata["activation"] == "relu" && metadata["task"] == "adding")
  }

  /// Without a task there is the default, where its sizes fit, and that is said.
  @Test func aStateDictWithoutATask() throws {
    func stateDict(_ name: String, inputs: Int) throws -> String {
      var writer = SafetensorsWriter(requireFinite: true)
      for (name, shape) in [
        ("rnn.weight_ih_l0", [3, inputs]), ("rnn.weight_hh_l0", [3, 3]), ("fc.weight", [1, 3]),
      ] {
        writer.append(name, shape: shape, [Double](repeating: 0.1, count: shape.reduce(1, *)))
      }
      try writer.write(to: runs.path(name))
      return runs.path(name)
    }
    let words = ["--activation", "tanh", "--steps", "0", "--length", "5"]
    let fitting = try stateDict("two.safetensors", inputs: 2)
    let taken = runs.run(["train", "--model", fitting, "--out", runs.path("new")] + words)
    #expect(taken.status == .done)
    #expect(
      taken.errors.contains {
        $0.contains("names no task, so it is trained on adding") && $0.contains("unroll train TASK")
      }, "\(taken.errors)")
    let named = runs.run(["train", "adding", "--model", fitting, "--out", runs.path("a")] + words)
    #expect(named.errors.allSatisfy { !$0.contains("names no task") })

    let other = try stateDict("five.safetensors", inputs: 5)
    for more in [[], ["--file", try runs.textFile()]] {
      let refused = runs.run(["train", "--model", other, "--out", runs.path("no")] + words + more)
      #expect(refused.status == .usage && refused.errors.count == 1, "\(refused.errors)")
      for part in [
        other, "names no task", "takes 5 numbers and gives 1", "unroll train TASK", "--inputs FILE",
      ] {
        #expect(refused.errors.first?.contains(part) == true, "\(refused.errors)")
      }
      #expect(runs.files(in: "no") == nil)
    }
  }

  /// One error for weights that are not finite, whatever the command.
  @Test func weightsThatAreNotFinite() throws {
    let (_, model) = runs.train("adding", ["--length", "5"])
    var bytes = try Data(contentsOf: URL(filePath: model))
    // The last tensor's last element.
    bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [0, 0, 0, 0, 0, 0, 0xf8, 0x7f])
    let path = runs.path("nan.safetensors")
    try bytes.write(to: URL(filePath: path))
    let commands = [
      ["evaluate"], ["decay", "--out", runs.path("d")], ["predict"], ["sample"], ["train"],
    ]
    var lines: Set<String> = []
    for words in commands {
      let outcome = runs.run(words + ["--model", path])
      #expect(outcome.status == .failed && outcome.errors.count == 1, "\(words)")
      lines.formUnion(outcome.errors)
    }
    #expect(lines.count == 1 && lines.first?.contains("is not finite") == true, "\(lines)")
  }
}
