import Foundation
import Testing
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks

@testable import UnrollCommands
@testable import UnrollStudies

/// `unroll decay --remedies`.
struct DecayRemediesTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// The changes that a run measured, one object each.
  private func measure(_ words: String...) throws -> [JSONValue] {
    let sizes = ["--model", "--hidden"].contains(where: words.contains) ? [] : ["--hidden", "3"]
    let outcome = runs.run(
      ["decay", "--remedies", "--batch", "2", "--threads", "1", "--json", "--quiet", "--out"]
        + [runs.path("run")] + sizes + words)
    #expect(outcome.status == .done, "\(outcome.errors)")
    return try #require(outcome.json["remedies"]?.array)
  }

  private func find(_ change: String, in measured: [JSONValue]) throws -> JSONValue {
    try #require(measured.first { $0["change"]?.string == change }, "\(change)")
  }

  private func names(_ measured: [JSONValue]) -> [String?] {
    measured.map { $0["change"]?.string }
  }

  private func findings() throws -> [String?] {
    try #require(JSONValue(contentsOf: runs.path("run/summary.json"))["findings"]?.array)
      .map(\.string)
  }

  // MARK: What is changed

  @Test(arguments: [
    (
      "rnn",
      [
        "orthogonal W_hh", "identity, ReLU", "GRU", "LSTM, forget bias 1", "LSTM, forget bias 3",
        "LSTM, forget bias 2.197",
      ]
    ),
    (
      "gru",
      [
        "orthogonal W_hh", "LSTM, forget bias 1", "LSTM, forget bias 3",
        "LSTM, forget bias 2.197",
      ]
    ),
    ("lstm", ["forget bias 3", "forget bias 2.197", "orthogonal W_hh"]),
    (
      "lstm/forget-bias=none/init=orthogonal",
      ["forget bias 1", "forget bias 3", "forget bias 2.197"]
    ),
    (
      "rnn/activation=relu/init=identity:1",
      [
        "orthogonal W_hh", "GRU", "LSTM, forget bias 1", "LSTM, forget bias 3",
        "LSTM, forget bias 2.197",
      ]
    ),
  ]) func changesAreThoseThatFitTheCell(cell: String, expected: [String]) throws {
    let measured = try measure("--length", "9", "--cells", cell)
    #expect(names(measured) == ["as given"] + expected)
    // Each is the cell that is measured under its own name, to the bit.
    for change in measured.dropFirst() {
      let changed = try #require(change["changed_cell"]?.string)
      let alone = try find("as given", in: measure("--length", "9", "--cells", changed))
      for key in ["path", "reach", "left_at_needed", "largest_share", "outcome"] {
        #expect(change[key] == alone[key], "\(changed): \(key)")
      }
    }
  }

  // MARK: Reach

  /// Without an activation and with W_hh = ½·I the gradient halves at each step: 2⁻⁶ is the last above
  /// 1%. An orthogonal W_hh keeps its norm.
  @Test func reachIsTheLastLagWithAHundredth() throws {
    let cell = "rnn/activation=identity/init=identity:0.5"
    let measured = try measure("--length", "20", "--cells", cell)
    let given = measured[0]
    #expect(given["needed"] == 19 && given["reach"] == 6 && given["reach_censored"] == false)
    // Exact but for the rounding of the norms.
    #expect(abs(try #require(given["left_at_needed"]?.double) - pow(0.5, 19)) < 1e-18)
    #expect(given["outcome"] == "too_short" && given["largest_share"]?.double == 1)
    let orthogonal = try find("orthogonal W_hh", in: measured)
    #expect(orthogonal["reach"] == 19 && orthogonal["reach_censored"] == true)
    #expect(abs(try #require(orthogonal["left_at_needed"]?.double) - 1) < 1e-12)
    #expect(orthogonal["outcome"] == "reaches")
    let sentence = try #require(findings()[0])
    #expect(
      sentence.hasPrefix(
        "\(cell): reach 6, needed 19; an orthogonal W_hh reaches 19 or more"), "\(sentence)")
  }

  @Test func aLagOfOnesOwnTakesThePlaceOfTheTasks() throws {
    let cell = "rnn/activation=identity/init=identity:0.5"
    let measured = try measure("--length", "20", "--cells", cell, "--needs", "6")
    #expect(measured[0]["needed"] == 6 && measured[0]["outcome"] == "reaches")
    #expect(
      try findings()
        == ["\(cell): reach 6, needed 6; the gradient arrives with the model as it is"])
    #expect(
      try measure("--task", "copy", "--length", "3", "--cells", "rnn")[0]["needed"] == 13)
    #expect(
      try measure("--task", "temporal-order", "--length", "20", "--cells", "rnn")[0]["needed"]
        == 17)
  }

  /// 1.5¹⁹ is 2,217: however far that reaches, it is no remedy.
  @Test func aGradientThatExplodesDoesNotReach() throws {
    let cell = "rnn/activation=identity/init=identity:1.5"
    let measured = try measure("--length", "20", "--cells", cell)
    #expect(measured[0]["outcome"] == "grows" && measured[0]["reach"] == 19)
    let largest = try #require(measured[0]["largest_share"]?.double)
    #expect(abs(largest / pow(1.5, 19) - 1) < 1e-12)
    let sentence = try #require(findings()[0])
    #expect(
      sentence.hasPrefix(
        "\(cell): reach 19 or more, needed 19; but the gradient grows to 2,217 times that at lag 0; "
      ),
      "\(sentence)")
  }

  @Test func withoutAGradientNothingIsKnown() throws {
    let measured = try measure("--length", "9", "--cells", "rnn/init=normal:0")
    let given = measured[0]
    #expect(given["outcome"] == "unknown" && given["reach"]?.isNull == true)
    #expect(given["left_at_needed"]?.isNull == true && given["reach_censored"] == false)
    #expect(
      try findings()
        == ["rnn/init=normal:0: no gradient at lag 0 to compare with, so its reach is not known"])
  }

  @Test func ofSeveralLayersTheFirstCounts() throws {
    let measured = try measure("--length", "12", "--layers", "2", "--cells", "lstm")
    #expect(measured.allSatisfy { $0["layer"] == 0 && $0["path"] == "state" })
    let curves = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["curves"]?.array)
    let first = try #require(curves.first { $0["layer"] == 0 && $0["path"] == "state" })
    #expect(measured[0]["reach"] == first["horizon"])
  }

  // MARK: Truncation

  /// Of 20 steps the last window of 5 starts at step 15, and the last of 3:7 at step 14.
  @Test(arguments: [("5", 4), ("3:7", 5), ("40", 19)]) func aWindowEndsTheReach(
    window: String, end: Int
  ) throws {
    let cell = "rnn/activation=identity/init=identity:0.5"
    let measured = try measure("--length", "20", "--cells", cell, "--window", window)
    let cut = try find("window \(window)", in: measured)
    #expect(cut["reach"] == .integer(min(6, end)) && cut["window_end"] == .integer(end))
    let orthogonal = try find("orthogonal W_hh", in: measured)
    #expect(orthogonal["reach"] == 19 && orthogonal["window_reach"] == .integer(end))
    #expect(orthogonal["outcome"] == (end < 19 ? "cut" : "reaches"))
    #expect(measured[0]["reach"] == 6 && measured[0]["window_reach"] == .integer(min(6, end)))
    #expect(end == 19 || cut["left_at_needed"]?.double == 0)
    let sentence = try #require(findings()[0])
    #expect(
      sentence.hasSuffix("; the window ends at lag \(end), whatever the weights") == (end < 19))
  }

  @Test func withoutAWindowNothingIsCut() throws {
    for words in [[], ["--window", "full"]] {
      let outcome = runs.run(
        ["decay", "--remedies", "--length", "9", "--hidden", "3", "--cells", "rnn", "--json"]
          + ["--quiet", "--out", runs.path("run")] + words)
      let measured = try #require(outcome.json["remedies"]?.array)
      #expect(measured.allSatisfy { $0["window_end"]?.isNull == true })
      #expect(!names(measured).contains { $0?.hasPrefix("window") == true })
    }
  }

  /// A text is trained in windows of 100 unless told otherwise, which may begin anywhere.
  @Test func aStreamHasTheWindowOfItsTraining() throws {
    let book = try runs.textFile()
    let measured = try measure(
      "--task", "text", "--file", book, "--length", "120", "--needs", "110", "--cells", "rnn")
    #expect(measured.allSatisfy { $0["window_end"] == 99 })
    #expect(names(measured).contains("window 100"))
    let short = try measure(
      "--task", "text", "--file", book, "--length", "100", "--needs", "50", "--cells", "rnn")
    #expect(short.allSatisfy { $0["window_end"]?.isNull == true })
    let refused = runs.run(
      ["decay", "--remedies", "--task", "text", "--file", book, "--out", runs.path("none")])
    #expect(refused.status == .usage && refused.errors.count == 1)
    #expect(
      refused.errors[0].contains(
        "--task text: must be adding, copy or temporal-order for --remedies, or joined by --needs K"
      ), "\(refused.errors)")
  }

  // MARK: Models with weights of their own

  /// An LSTM whose weights are all 0 has c = 0 and o = ½, so that ∂ℓ/∂c is half of ∂ℓ/∂h at lag 0, and
  /// multiplies it by σ(b) at each step.
  @Test func aForgetBiasIsSetInTheModelsOwnWeights() throws {
    let (cell, sizes) = (
      CellSpecification(.lstm),
      ModelConfiguration(input: .values(2), target: .values(1), hidden: 3)
    )
    let parameters = Parameters<Double>(RecurrentModel(cell, sizes).layout)
    parameters["head.weight"].fill(1)
    try ModelFile.write(
      parameters, specification: cell, configuration: sizes, metadata: [:],
      to: runs.path("zero.safetensors"))
    let measured = try measure("--model", runs.path("zero.safetensors"), "--length", "100")
    // The last k with σ(b)^k/2 ≥ 0.01; σ(ln 100) = 100/101.
    for (name, bias, reach) in [
      ("as given", 0, 5), ("forget bias 1", 1, 12), ("forget bias 3", 3, 80),
      ("forget bias 4.605", 4.605, 99),
    ] {
      let change = try find(name, in: measured)
      #expect(change["reach"] == .integer(reach) && change["weights"] == "given", "\(name)")
      let left = try #require(change["left_at_needed"]?.double)
      // 99 products, each rounded.
      #expect(abs(left / pow(1 / (1 + exp(-bias)), 99) * 2 - 1) < 1e-13, "\(name)")
    }
    #expect(
      try findings() == [
        "lstm: reach 5, needed 99; a forget bias of 4.605 reaches 99 or more"
      ])
    #expect(
      names(measured) == [
        "as given", "fresh weights", "forget bias 1", "forget bias 3", "forget bias 4.605",
        "orthogonal W_hh",
      ])
  }

  @Test func otherChangesOfATrainedModelAreOfFreshWeights() throws {
    let model = runs.train("adding", ["--length", "9", "--cell", "rnn/init=he"]).model
    let measured = try measure("--model", model, "--seed", "7")
    let fresh = try measure(
      "--length", "9", "--cells", "rnn/init=he", "--seed", "7", "--hidden", "4")
    #expect(
      try find("fresh weights", in: measured)["left_at_needed"] == fresh[0]["left_at_needed"])
    #expect(measured[0]["left_at_needed"] != fresh[0]["left_at_needed"])
    for name in ["orthogonal W_hh", "identity, ReLU", "GRU", "LSTM, forget bias 1"] {
      let change = try find(name, in: measured)
      #expect(change["weights"] == "fresh")
      #expect(change["left_at_needed"] == (try find(name, in: fresh)["left_at_needed"]), "\(name)")
    }
    let shown = runs.decay("--model", model, "--batch", "2", "--remedies").out
    #expect(shown.contains("  fresh weights  ") && shown.contains("  orthogonal W_hh (fresh)  "))
    // The folder's own options make the run again.
    let again = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--json", "--quiet", "--out",
      runs.path("again"),
    ])
    #expect(again.json["remedies"]?.array?.count == measured.count, "\(again.errors)")
  }

  @Test func aTrainingComesBeforeAndItsWindowCounts() throws {
    let measured = try measure(
      "--length", "9", "--cells", "lstm", "--steps", "2", "--window", "4")
    #expect(names(measured).prefix(3) == ["as given", "fresh weights", "window 4"])
    #expect(measured[0]["window_end"] == 0)
  }

  /// Gradients given by outputs stand for any loss; what is given by c can enter an LSTM alone.
  @Test func givenGradientsEnterTheOtherCellsToo() throws {
    func file(_ name: String, _ gradient: String, shape: [Int]) throws -> String {
      try runs.arraysFile(name) {
        let count = shape.reduce(1, *)
        $0.append(gradient, shape: shape, (0..<count).map { 1 + Double($0) / 10 })
      }
    }
    let inputs = try runs.arraysFile {
      $0.append("y", shape: [5, 1], [1, 2, 3, 4, 5] as [Double])
    }
    for (cell, gradient, shape, changes) in [
      ("rnn", "g", [4, 5, 4], 8), ("lstm", "g_c", [1, 5, 4], 6), ("rnn", "g_h", [1, 5, 4], 8),
    ] {
      let out = runs.path("model-\(cell)-\(gradient)")
      let trained = runs.run([
        "train", "arrays", "--inputs", inputs, "--cell", cell, "--hidden", "4", "--steps", "1",
        "--batch", "2", "--quiet", "--out", out,
      ])
      #expect(trained.status == .done, "\(trained.errors)")
      let outcome = runs.run([
        "decay", "--remedies", "--needs", "3", "--model", "\(out)/model.safetensors", "--inputs",
        try file("\(gradient).safetensors", gradient, shape: shape), "--json", "--quiet", "--out",
        runs.path("run-\(cell)-\(gradient)"),
      ])
      #expect(outcome.status == .done, "\(outcome.errors)")
      let measured = try #require(outcome.json["remedies"]?.array)
      #expect(measured.count == changes, "\(cell) \(gradient): \(names(measured))")
      #expect(measured.allSatisfy { $0["reach"]?.int != nil })
      #expect(measured.allSatisfy { $0["path"]?.string?.hasSuffix("_last") == (gradient == "g") })
    }
  }

  // MARK: In the library

  @Test func aPlanCanBeMeasuredAlone() throws {
    let data = try DecayData(AddingTask(length: 9, seed: 1), rows: 2)
    let plan = RemedyPlan(needed: try #require(data.neededLag), timing: 0)
    let subject = DecaySubject(CellSpecification(.rnn), on: data, hidden: 3)
    let model = try DecayStudy(subjects: [subject], data: data).measure([plan])[0]
    let entries = model.entries(of: plan)
    let measured = try measure("--length", "9", "--cells", "rnn")
    #expect(entries.map(\.remedy.name) == names(measured))
    #expect(entries.map(\.shareAtNeeded) == measured.map { $0["left_at_needed"]?.double })
    #expect(entries.allSatisfy { $0.times == nil && $0.shares[0] == 1 })
  }

  // MARK: Files

  @Test func tablesHaveTheNumbersAndOnlyTimesDiffer() throws {
    let measured = try measure("--length", "9", "--cells", "rnn,lstm", "--window", "4")
    let table = try CSVTable(path: runs.path("run/remedies.csv"))
    #expect(
      table.columnNames == [
        "label", "cell", "change", "changed_cell", "weights", "seed", "layer", "path", "needed",
        "reach", "reach_censored", "window_end", "window_reach", "left_at_needed",
        "largest_share", "outcome",
      ])
    #expect(try table.texts(inColumn: "change") == names(measured))
    #expect(
      try table.column(named: "left_at_needed")
        == measured.compactMap { $0["left_at_needed"]?.double })
    let curves = try CSVTable(path: runs.path("run/remedies-curves.csv"))
    #expect(curves.rows.count == measured.count * 9)
    let times = try CSVTable(path: runs.path("run/remedies-times.csv"))
    #expect(
      try times.column(named: "relative_time")
        == measured.compactMap { $0["relative_time"]?.double })
    #expect(try times.column(named: "relative_time").allSatisfy { $0 > 0 })
    #expect(measured[0]["relative_time"]?.double == 1)
    #expect(FileManager.default.fileExists(atPath: runs.path("run/remedies.gp")))

    let first = try ["remedies.csv", "remedies-curves.csv", "remedies.gp"].map {
      try runs.text("run/\($0)")
    }
    _ = try measure("--length", "9", "--cells", "rnn,lstm", "--window", "4")
    let second = try ["remedies.csv", "remedies-curves.csv", "remedies.gp"].map {
      try runs.text("run/\($0)")
    }
    #expect(first == second)
    _ = runs.decay("--length", "9")
    #expect(runs.files(in: "run")?.contains { $0.hasPrefix("remedies") } == false)
  }

  @Test func severalSeedsGiveMedianAndRange() throws {
    let measured = try measure("--length", "30", "--cells", "rnn", "--seeds", "3", "--hidden", "8")
    let given = measured.filter { $0["change"] == "as given" }
    #expect(given.map { $0["seed"] } == [1, 2, 3])
    #expect(given.map { $0["relative_time"]?.isNull } == [false, true, true])
    let reaches = given.compactMap { $0["reach"]?.int }.sorted()
    #expect(
      try findings()[0]?.hasPrefix("rnn: reach \(reaches[1]) (median of 3 seeds), needed 29; ")
        == true)
    let shown = runs.decay(
      "--length", "30", "--cells", "rnn", "--seeds", "3", "--hidden", "8", "--batch", "2",
      "--remedies"
    ).out
    let range = reaches[0] < reaches[2] ? " (\(reaches[0])–\(reaches[2]))" : ""
    #expect(shown.contains("  \(reaches[1])\(range)"), "\(shown)")
    #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func aPageHasFigureTableAndSentence() throws {
    let measured = try measure(
      "--length", "9", "--cells", "rnn/activation=identity/init=identity:0.5", "--window", "4")
    let page = try runs.report("run").page
    let curves = try runs.column(
      "run/remedies-curves.csv", "share", where: ["change": "orthogonal W_hh"])
    let place = page.figures.count - 1
    #expect(
      try page.values(place, "rnn/activation=identity/init=orthogonal") == curves
        && curves.count == 9)
    #expect(page.hasTable("Remedies") && page.hasTable("Remedies times"))
    #expect(page.html.contains("reach 6, needed 8; an orthogonal W_hh reaches 8 or more"))
    #expect(measured.count == 8)
  }
}
