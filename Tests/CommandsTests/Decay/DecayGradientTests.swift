import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollStudies

/// Models that are measured by the gradient of their outputs.
struct DecayGradientTests: GradientBatches {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  // MARK: Measuring

  /// Mean pooling over 20 steps of a unit that halves: at lag k the geometric sum of what entered since.
  @Test func aPooledModelIsMeasuredAsItIs() throws {
    let batch = try file("b", [x(), tensor("g", 20, 1, 1, value: 0.05)])
    let outcome = decay(try model(), batch)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains("  T 20, B 1, H 1, seed 1, gradient by g\n"))
    let lags = (0..<20).map(Double.init)
    expectClose(try curve("h"), lags.map { 0.05 * (1 - pow(0.5, $0 + 1)) / 0.5 })
    expectClose(try curve("h_last"), lags.map { 0.05 * pow(0.5, $0) })
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    #expect(summary["loss"] == .null && summary["loss_name"] == .null)
    #expect(summary["gradients"] == ["g"])
    let curves = try #require(summary["curves"]?.array)
    #expect(curves.map { $0["verdict"] } == ["injected", "injected", "exponential", "exponential"])
    #expect(abs(try #require(curves[2]["half_life"]?.double) - 1) < 1e-12)
  }

  /// `g` and `g_h` add up; a sequence that ends earlier has its lag 0 there, and padding counts for
  /// nothing.
  @Test func finalStatesAndLengthsAreEachRowsOwn() throws {
    var g = tensor("g", 4, 2, 1, value: 0)
    g.values = [0, 0, 0, 3, 0, .nan, 5, .nan]
    let batch = try file(
      "b", [x(4, rows: 2), g, tensor("g_h", 1, 2, 1, value: 1)],
      integers: [("lengths", [2], [4, 2])])
    #expect(decay(try model(), batch).status == .done)
    // The row of four steps ends with 5 + 1, that of two with 3 + 1.
    expectClose(try curve("h"), [(6 + 4) / 2, (3 + 2) / 2, 1.5, 0.75])
    expectClose(try curve("state"), [(6 + 4) / 2, (3 + 2) / 2, 1.5, 0.75])
  }

  /// g_h enters the layer it is of, and what enters the top one reaches the lower through it.
  @Test func everyLayerHasItsOwnFinalState() throws {
    var states = tensor("g_h", 2, 1, 1, value: 0)
    states.values = [0, 1]
    let batch = try file("b", [x(6), states])
    #expect(decay(try model(layers: 2), batch).status == .done)
    expectClose(try curve("h", layer: 1), (0..<6).map { pow(0.5, Double($0)) })
    // Σ_j 0.5^j 0.5^(k−j) over the steps at which the top layer reads the lower one.
    expectClose(try curve("h", layer: 0), (0..<6).map { Double($0 + 1) * pow(0.5, Double($0)) })
    states.values = [1, 0]
    _ = try file("b", [x(6), states])
    #expect(decay(try model(layers: 2), batch).status == .done)
    expectClose(try curve("h", layer: 0), (0..<6).map { pow(0.5, Double($0)) })
    #expect(try curve("h", layer: 1) == Array(repeating: 0, count: 6))
  }

  /// A row that nothing enters at its end counts as 0 in the curve of what enters last, so that this
  /// falls from lag 0 on: of two rows one enters at steps 19 and 4, the other at step 7.
  @Test func whatEntersLastEntersAtEachRowsEnd() throws {
    var g = tensor("g", 20, 2, 1, value: 0)
    (g.values[19 * 2], g.values[4 * 2], g.values[7 * 2 + 1]) = (1, 3, 8)
    let outcome = decay(try model(), try file("b", [x(20, rows: 2), g]))
    #expect(outcome.status == .done, "\(outcome.errors)")
    let lags = (0..<20).map(Double.init)
    expectClose(try curve("h_last"), lags.map { pow(0.5, $0) / 2 })
    let curves = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["curves"]?.array)
    let last = try #require(curves.first { $0["path"] == "h_last" })
    // 0.5^6 is above 1%, 0.5^7 below.
    #expect(last["verdict"] == "exponential" && last["horizon"] == 6)
  }

  /// Max pooling over 20 steps of two units that halve.
  private func maximum(_ steps: [(unit: Int, row: Int, step: Int)]) throws -> (String, String) {
    let rows = 1 + (steps.map(\.row).max() ?? 0)
    var g = tensor("g", 20, rows, 2, value: 0)
    for place in steps { g.values[(place.step * rows + place.row) * 2 + place.unit] = 1 }
    var recurrent = tensor("net.weight_hh_l0", 2, 2, value: 0)
    (recurrent.values[0], recurrent.values[3]) = (0.5, 0.5)
    let model = try file(
      "pooled.safetensors", [tensor("net.weight_ih_l0", 2, 1, value: 1), recurrent])
    return (model, try file("b", [x(20, rows: rows), g]))
  }

  /// The rows start from states of their own: outputs of a unit that halves its state tell which, and
  /// W_hh gets g_1·h_0 from the first step.
  @Test func rowsStartFromStatesOfTheirOwn() throws {
    var (states, outputs) = (tensor("h_0", 1, 2, 1, value: 4), tensor("outputs", 3, 2, 1, value: 0))
    states.values[1] = -2
    for place in 0..<6 {
      outputs.values[place] = states.values[place % 2] * pow(0.5, Double(place / 2 + 1))
    }
    let still = tensor("x", 3, 2, 1, value: 0)
    let batch = try file("b", [still, tensor("g_h", 1, 2, 1, value: 1), states, outputs])
    let outcome = decay(try model(), batch, "--truncation", "2", "--exponents")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    #expect(summary["outputs_difference"]?.double == 0)
    expectClose(try curve("h"), [1, 0.5, 0.25])
    // Row by row 0.5²·h_0 at the first step, summed over rows; then 0.5·h_1 and h_2.
    let contributions = try CSVTable(path: runs.path("run/contributions.csv"))
    let recurrent = contributions.rows.filter { $0[3] == "weight_hh" }
    expectClose(recurrent.compactMap { Double($0[6]) }, [0.5, 0.5, 0.5])
    // All rows from one step lose what came before the last two.
    let truncation = try CSVTable(path: runs.path("run/truncation.csv"))
    let row = try #require(truncation.rows.first { $0[4] == "weight_hh_l0" })
    #expect(abs(try #require(Double(row[6])) - 2.0 / 3) < 1e-14)
  }

  /// Each unit's gradient enters where its maximum is, so that no length is missing.
  @Test func aMaximumIsNotToldOfLengths() throws {
    let (model, batch) = try maximum([(0, 0, 19), (1, 0, 3), (0, 1, 5), (1, 1, 8)])
    let outcome = decay(model, batch, [])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(!outcome.errors.contains { $0.contains("lengths") })
    #expect(outcome.errors.contains { $0.contains("the gradient of 1 of 2 rows ends before") })
    expectClose(try curve("h_last"), (0..<20).map { pow(0.5, Double($0)) / 2 })
  }

  /// Without gradient at the last step there is no curve of what enters there, also for who reads the
  /// folder again.
  @Test func withoutAnEntryAtTheEndThereIsNoLastCurve() throws {
    let (model, batch) = try maximum([(0, 0, 3), (1, 0, 5)])
    let outcome = decay(model, batch, ["--exponents", "--truncation", "2"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.contains { $0.contains("there is no curve of what enters last") })
    #expect(try curve("h_last").isEmpty)
    let curves = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["curves"]?.array)
    #expect(curves.map { $0["path"] } == ["h", "state"])
    #expect(curves.allSatisfy { $0["verdict"] == "injected" })
    let again = try DecayRun(folder: runs.path("run"))
    #expect(again.curves.map(\.fit.verdict) == [.injected])
  }

  @Test func batchFirstGradientsAreNamed() throws {
    let outcome = decay(
      try model(), try file("b", [x(4, rows: 2), tensor("g", 2, 4, 1, value: 1)]))
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains("'g' has the shape [2, 4, 1]; accepted: [4, 2, H]"))
    #expect(outcome.errors[0].contains("swap the first two axes of g, or of x"))
  }

  @Test func everySectionIsMeasured() throws {
    let batch = try file("b", [x(), tensor("g", 20, 1, 1, value: 0.05)])
    let outcome = decay(
      try model(), batch, "--truncation", "1,5", "--exponents", "--json")
    for name in ["contributions", "formats", "truncation", "exponents"] {
      #expect(outcome.json[name]?.array?.isEmpty == false, "\(name)")
    }
    // ∂L/∂W_ih sums x_t times the curve; after a cut only its last lags are left.
    let truncated = try CSVTable(path: runs.path("run/truncation.csv"))
    let row = try #require(truncated.rows.first { $0[3] == "5" && $0[4] == "weight_ih_l0" })
    let norms = try curve("h")
    let ratio = norms.prefix(5).reduce(0, +) / norms.reduce(0, +)
    #expect(abs(try #require(Double(row[6])) - ratio) < 1e-13)
  }

  /// Whatever stands behind the recurrent layers needs no readout, and no warning.
  @Test func otherLayersHaveNoPartInIt() throws {
    let others = [
      tensor("norm.weight", 1, value: 1), tensor("a.weight", 3, 1, value: 1),
      tensor("b.weight", 2, 1, value: 1),
    ]
    let batch = try file("b", [x(), tensor("g", 20, 1, 1, value: 1)])
    let outcome = decay(try model(and: others), batch)
    #expect(outcome.status == .done && outcome.errors.allSatisfy { $0.contains("gnuplot") })
  }

  // MARK: What is refused

  @Test func gradientsThatCannotBeMeasuredAreRefused() throws {
    let model = try model()
    let cases: [(tensors: [Tensor], part: String)] = [
      (
        [tensor("g", 20, 1, 2, value: 1)],
        "'g' has the shape [20, 1, 2]; accepted for \(model): [20, 1, 1]"
      ),
      ([tensor("g", 19, 1, 1, value: 1)], "'g' has the shape [19, 1, 1]; accepted: [20, 1, H]"),
      (
        [tensor("g_h", 2, 1, 1, value: 1)],
        "'g_h' has the shape [2, 1, 1]; accepted for \(model): [1, 1, 1]"
      ),
      ([tensor("g_h", 1, 2, 1, value: 1)], "accepted: [layers, 1, H]"),
      ([tensor("g_c", 1, 1, 1, value: 1)], "'g_c' is for a cell with a cell state"),
      (
        [tensor("g", 20, 1, 1, value: 1), tensor("h_0", 2, 1, 1, value: 1)],
        "'h_0' has the shape [2, 1, 1]; accepted for \(model): [1, 1, 1]"
      ),
      (
        [tensor("g", 20, 1, 1, value: 1), tensor("h_0", 1, 1, value: 1)],
        "'h_0' has the shape [1, 1]; accepted: [layers, 1, H]"
      ),
      (
        [tensor("g", 20, 1, 1, value: 1), tensor("c_0", 1, 1, 1, value: 1)],
        "'c_0' is for a cell with a cell state"
      ),
      (
        [tensor("g", 20, 1, 1, value: 1), tensor("h_0", 1, 1, 1, value: .nan)],
        "'h_0': element 0 is not finite"
      ),
      ([tensor("g", 20, 1, 1, value: 0)], "'g' is zero everywhere"),
      (
        [tensor("g", 20, 1, 1, value: 0), tensor("g_h", 1, 1, 1, value: 0)],
        "'g', 'g_h' are zero everywhere"
      ),
      ([tensor("g", 20, 1, 1, value: .infinity)], "'g': element 0 is not finite"),
      (
        [tensor("g", 20, 1, 1, value: 1), tensor("y", 1, 1, value: 1)],
        "'y' and 'g' exclude each other"
      ),
    ]
    let beside = decay(
      model, try file("b", [x(), tensor("g", 20, 1, 1, value: 1)]),
      "--targets", try file("y", [tensor("y", 1, 1, value: 1)]))
    #expect(beside.status == .failed && beside.errors.count == 1)
    #expect(beside.errors[0].contains("'y' and 'g' exclude each other"))
    for (tensors, part) in cases {
      let outcome = decay(model, try file("b", [x()] + tensors))
      #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.first?.contains(part) == true, "\(part): \(outcome.errors)")
      #expect(runs.files(in: "run") == nil)
    }
    let wide = try file("b", [tensor("x", 20, 1, 2, value: 1), tensor("g", 20, 1, 1, value: 1)])
    #expect(decay(model, wide).errors[0].contains("'x' has 2 numbers a step"))
  }

  @Test func optionsWithoutAPartAreRefused() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 1)])
    let given = try file("g", [x(), tensor("g", 20, 1, 1, value: 1)])
    let targets = try file("y", [x(), tensor("y", 1, 1, value: 1)])
    var cases: [(words: [String], part: String)] = [
      (["--inputs", given, "--loss-at", "all"], "--loss-at all: must be left out"),
      (["--inputs", given, "--readout", "fc"], "--readout fc: must be left out"),
      (["--inputs", given, "--batch", "1"], "--inputs and --batch exclude each other"),
      (["--inputs", targets, "--batch", "1"], "--inputs and --batch exclude each other"),
      (["--inputs", targets, "--shuffle"], "--inputs and --shuffle exclude each other"),
      (["--inputs", targets, "--holdout", "1"], "--inputs and --holdout exclude each other"),
    ]
    for words in [
      ["--columns", "a"], ["--target", "a"], ["--vocabulary", "5"], ["--decimal", "comma"],
      ["--order", "as-is"], ["--no-header"], ["--validation-sequences", "5"],
    ] {
      let part = "--inputs and \(words[0]) exclude each other"
      cases += [given, targets].map { (["--inputs", $0] + words, part) }
    }
    for words in [
      ["--targets", "every"], ["--missing", "mask"], ["--validation", "0.5"], ["--test", "1"],
    ] {
      let option = words.joined(separator: " ")
      let part = "\(option): must be left out: \(given) has the gradient by the outputs"
      cases.append((["--inputs", given] + words, part))
    }
    for (words, part) in cases {
      let outcome = runs.run(["decay", "--model", model, "--out", runs.path("run")] + words)
      #expect(outcome.status == .usage && outcome.errors.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.first?.contains(part) == true, "\(part): \(outcome.errors)")
    }
    for (words, part) in [
      (["--inputs", given], "must be joined by --model: 'g' are of one model's outputs"),
      (["--recurrent", "net"], "--recurrent net: must be left out without --model"),
      (["--expect", targets], "must be left out without --model"),
    ] {
      let outcome = runs.run(["decay", "--out", runs.path("run")] + words)
      #expect(outcome.status == .usage)
      #expect(outcome.errors.first?.contains(part) == true, "\(part): \(outcome.errors)")
    }
    let other = runs.train("adding").model
    let folder = String(other.dropLast("/model.safetensors".count))
    let beside = decay(model, given, "--runs", folder)
    #expect(beside.status == .usage && beside.errors[0].contains("must be folders of unroll decay"))
  }

  // MARK: What is said

  @Test func whatWasMeasuredIsRecorded() throws {
    let batch = try file("b", [x(), tensor("g", 20, 1, 1, value: 1)])
    #expect(decay(try model(), batch).status == .done)
    let config = try #require(
      try JSONValue(contentsOf: runs.path("run/config.json"))["options"]?.object)
    #expect(
      config["task"] == "arrays" && config["cells"] == "rnn/activation=identity"
        && config["hidden"] == 1)
    #expect(config["layers"] == 1 && config["recurrent"] == "net")
    #expect(config["activation"] == "identity")
    for option in [
      "length", "batch", "optimizer", "learning-rate", "clip", "window", "seeds", "init", "loss-at",
      "readout", "precision", "missing", "order", "validation-sequences",
    ] {
      #expect(config[option] == nil, "\(option)")
    }
    let again = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--quiet", "--out", runs.path("again"),
    ])
    #expect(again.status == .done, "\(again.errors)")
    #expect(try runs.text("again/decay.csv") == runs.text("run/decay.csv"))
    let configs = try ["again", "run"].map {
      try JSONValue(contentsOf: runs.path("\($0)/config.json")).withoutRun
    }
    #expect(configs[0] == configs[1])
  }

  /// What a config file says for targets is passed over beside gradients.
  @Test func optionsOfAFileWithoutAPartAreNotRecorded() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 1)])
    let targets = try file("y", [x(4, rows: 2), tensor("y", 2, 1, value: 1)])
    #expect(decay(model, targets, "--validation", "1", "--missing", "mask").status == .done)
    func options(_ name: String) throws -> JSONObject {
      try #require(try JSONValue(contentsOf: runs.path("\(name)/config.json"))["options"]?.object)
    }
    let names = ["validation", "missing", "readout", "loss-at"]
    for name in names { #expect(try options("run")[name] != nil, "\(name)") }
    let given = try file("g", [x(4), tensor("g", 4, 1, 1, value: 1)])
    let outcome = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--inputs", given, "--quiet", "--out",
      runs.path("again"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    for name in names { #expect(try options("again")[name] == nil, "\(name)") }
  }

  @Test func readingsThatFitAreSaid() throws {
    let model = try model(and: [tensor("fc.weight", 1, 1, value: 2)])
    let square = decay(model, try file("b", [x(5, rows: 5), tensor("y", 5, 1, value: 1)]))
    #expect(square.status == .done)
    #expect(square.errors.contains { $0.contains("T and B are both 5; 'x' is read as [T, B, I]") })
    let outputs = tensor("outputs", 5, 1, value: 0.4 * (1 - pow(0.5, 5)))
    let shown = decay(model, try file("b", [x(5, rows: 5), tensor("y", 5, 1, value: 1), outputs]))
    #expect(shown.status == .done && !shown.errors.contains { $0.contains("T and B") })
    var g = tensor("g", 20, 2, 1, value: 0)
    (g.values[39], g.values[20]) = (1, 1)
    let early = decay(model, try file("b", [x(20, rows: 2), g]))
    #expect(early.errors.contains { $0.contains("the gradient of 1 of 2 rows ends before") })
  }

  @Test func tokenIdsAreAnsweredWithTheEmbedding() throws {
    let model = try model(
      and: [tensor("fc.weight", 2, 1, value: 2), tensor("words.embed.weight", 9, 1, value: 1)])
    for (name, shape) in [("tokens", [4, 1]), ("three", [4, 1, 1])] {
      let batch = try file(
        name, [], integers: [("x", shape, [1, 2, 3, 4]), ("y", [1], [1])])
      let outcome = decay(model, batch)
      #expect(outcome.status == .failed && outcome.errors.count == 1)
      #expect(outcome.errors[0].contains("x = model.words.embed(tokens).detach()"))
    }
    // The embedded values are what enters.
    let batch = try file("b", [x(4)], integers: [("y", [1], [1])])
    let outcome = decay(model, batch)
    #expect(outcome.status == .done && outcome.errors.allSatisfy { $0.contains("gnuplot") })
  }
}
