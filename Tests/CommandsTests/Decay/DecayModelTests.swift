import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollStudies

/// Saved models and batches from files.
struct DecayModelTests {
  /// A `state_dict` and a batch written by PyTorch give the norms of its autograd
  /// (tools/reference/make_goldens.py).
  @Test(arguments: [("lstm", "decay", ["h", "c"]), ("gru", "decay-gru", ["h"])])
  func aPyTorchModelGivesAutogradsNorms(_ cell: String, golden: String, paths: [String]) throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--model", TemporaryRuns.golden("pytorch-\(cell)"), "--inputs",
      TemporaryRuns.golden("pytorch-batch"))
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains("\n\(cell)  loss "))
    let wanted = try SafetensorsFile(path: TemporaryRuns.golden(golden))
    let shape = try wanted.shape(of: "\(cell)/h_norms")
    let (lags, rows) = (shape[0], shape[1])
    let table = try runs.decayTable()
    #expect(table.means.count == paths.count * lags)
    for (index, path) in paths.enumerated() {
      let norms = try wanted.doubles("\(cell)/\(path)_norms")
      for lag in 0..<lags {
        let row = norms[lag * rows..<(lag + 1) * rows]
        let mean = row.reduce(0, +) / Double(rows)
        let geometric = exp(row.reduce(0) { $0 + log($1) } / Double(rows))
        let place = index * lags + lag
        // 50 products of Jacobians of 30 units: their rounding of 2.2e-16.
        #expect(abs(table.means[place] - mean) <= 1e-11 * mean)
        let measured = try #require(table.norms["norm_geomean"])[place]
        #expect(abs(measured - geometric) <= 1e-11 * geometric)
      }
    }
  }

  @Test func aPyTorchModelIsMeasuredOnATaskThatFits() throws {
    let runs = try TemporaryRuns()
    let model = TemporaryRuns.golden("pytorch-lstm")
    let outcome = runs.decay("--model", model, "--length", "9", "--batch", "2")
    #expect(outcome.status == .done)
    #expect(
      outcome.out.hasPrefix(
        "adding, weights of Goldens/pytorch-lstm.safetensors\n  T 9, B 2, H 30, "))
    #expect(try runs.decayTable().means.count == 18)

    let unfit = runs.run(["decay", "--model", model, "--task", "copy", "--out", runs.path("none")])
    #expect(unfit.status == .failed && unfit.errors.count == 1)
    #expect(
      unfit.errors[0].contains(
        "takes 2 and gives 1 number a step, the task 'copy' has 10 and 9; accepted: --inputs "
          + "FILE with x [T, B, 2] and y [B, 1]"))
    #expect(runs.files(in: "none") == nil)
  }

  @Test(arguments: ["adding", "text", "series", "copy"])
  func ourModelIsMeasuredOnItsOwnTask(_ task: String) throws {
    let runs = try TemporaryRuns()
    let words =
      switch task {
      case "text": ["--file", try runs.textFile()]
      case "series": ["--file", try runs.seriesFile(), "--column", "level"]
      default: ["--length", "7"]
      }
    let model = runs.train(task, words + ["--cell", "lstm/forget-bias=0"]).model
    let outcome = runs.decay("--model", model, "--batch", "2", "--json")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let curves = try #require(outcome.json["curves"]?.array)
    #expect(
      curves.map { $0["label"]?.string } == Array(repeating: "lstm/forget-bias=0", count: 3))
    // Twenty steps more in the copy task; the series' training part has 18 values, 17 steps.
    let steps = ["adding": 7, "copy": 27, "text": 100, "series": 17][task]
    #expect(try runs.decayTable().lags.max() == steps.map { Double($0 - 1) })
    let config = try JSONValue(contentsOf: runs.path("run/config.json"))
    #expect(config["options"]?["task"]?.string == task)
    let again = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--quiet", "--json", "--out",
      runs.path("again"),
    ])
    #expect(again.results == outcome.results)
  }

  /// Options that say what the file says are no mistake, and change nothing.
  @Test func optionsThatAgreeWithTheModelAreAccepted() throws {
    let runs = try TemporaryRuns()
    let model = runs.train("adding", ["--length", "7", "--cell", "lstm"]).model
    let plain = runs.decay("--model", model, "--json")
    #expect(plain.status == .done, "\(plain.errors)")
    let redundant = runs.decay(
      "--model", model, "--hidden", "4", "--layers", "1", "--cells", "lstm", "--initial-state",
      "zero", "--json")
    #expect(redundant.status == .done, "\(redundant.errors)")
    #expect(redundant.results == plain.results)
  }

  /// The same weights give the same curves whether they come from `decay --steps` or from a file.
  @Test func aTrainedModelAndItsFileAgree() throws {
    let runs = try TemporaryRuns()
    let model = runs.train("adding", ["--length", "8"]).model
    runs.decay("--model", model, "--batch", "2")
    let saved = try runs.decayTable().means
    runs.decay(
      "--cells", "lstm", "--steps", "3", "--length", "8", "--hidden", "4", "--batch", "2",
      "--precision", "double", "--threads", "1")
    #expect(try runs.decayTable().means == saved)
  }

  @Test func aBatchSizesFreshCells() throws {
    let runs = try TemporaryRuns()
    let file = try runs.arraysFile {
      $0.append("y", shape: [5, 2], Array(repeating: 0.5, count: 10))
    }
    let outcome = runs.decay("--inputs", file, "--cells", "rnn", "--steps", "2")
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains("  T 4, B 5, H 3, "))
    #expect(try runs.decayTable().lags == [0, 1, 2, 3])
  }

  @Test func theActivationIsTheFilesOrElseTheOption() throws {
    let runs = try TemporaryRuns()
    let model = runs.train("adding", ["--length", "6", "--cell", "rnn/activation=relu"]).model
    runs.decay("--model", model, "--batch", "2")
    let own = try runs.decayTable().means
    runs.decay("--model", model, "--batch", "2", "--activation", "relu")
    #expect(try runs.decayTable().means == own)
    for command in ["decay", "evaluate"] {
      let other = runs.run([command, "--model", model, "--activation", "tanh", "--batch", "2"])
      #expect(other.status == .usage)
      #expect(
        other.errors == [
          "unroll: --activation tanh: must be relu, which the file says, or left out"
        ])
    }

    let silent = try runs.copy(of: model, named: "silent.safetensors") {
      ($0["activation"], $0["cell"]) = (nil, nil)
    }
    runs.decay("--model", silent, "--batch", "2", "--activation", "relu")
    #expect(try runs.decayTable().means == own)
    runs.decay("--model", silent, "--batch", "2")
    #expect(try runs.decayTable().means != own)
  }
}
