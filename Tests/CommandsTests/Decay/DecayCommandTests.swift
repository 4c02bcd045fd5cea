import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommands
@testable import UnrollReports

struct DecayCommandTests {
  @Test func leavesItsFilesAndPrintsTheTable() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--length", "12")
    #expect(outcome.status == .done && outcome.errors.allSatisfy { $0.contains("gnuplot") })
    let files = try #require(runs.files(in: "run"))
    #expect(
      Set(files).isSuperset(of: ["config.json", "decay.csv", "decay.gp", "summary.json"]))
    let lines = outcome.out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "adding, at initialization")
    #expect(lines.dropFirst().first == "  T 12, B 3, H 3, seed 1, squared error at last step")
    #expect(outcome.out.contains("\nrnn  loss ") && outcome.out.contains("\nlstm  loss "))
    #expect(outcome.out.hasSuffix("files  \(runs.path("run"))\n"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func theTableHasARowForEachLabelPathAndLag() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn,lstm,gru", "--length", "12", "--layers", "2", "--seed", "7")
    let lines = try runs.text("run/decay.csv").split(separator: "\n")
    #expect(
      lines[0]
        == "label,cell,layer,path,seed,lag,norm_mean,norm_geomean,norm_p10,norm_median,norm_p90")
    // 2 layers of rnn with h and state, 2 of lstm with c as well, 2 of gru like rnn; 12 lags each.
    #expect(lines.count == 1 + 14 * 12)
    #expect(lines[1].hasPrefix("rnn,rnn,0,h,7,0,"))
    #expect(lines[12].hasPrefix("rnn,rnn,0,h,7,11,"))
    #expect(lines[108].hasPrefix("lstm,lstm,1,c,7,11,"))
    #expect(lines[156].hasPrefix("gru,gru,1,h,7,11,"))
    let rows = try runs.decayTable()
    let (p10, median, p90) = (
      rows.norms["norm_p10"], rows.norms["norm_median"], rows.norms["norm_p90"]
    )
    for (low, (middle, high)) in zip(
      try #require(p10), zip(try #require(median), try #require(p90)))
    {
      #expect(low <= middle && middle <= high)
    }
    // The geometric mean is at most the arithmetic one.
    for (geometric, mean) in zip(try #require(rows.norms["norm_geomean"]), rows.means) {
      #expect(geometric <= mean * (1 + 1e-12))
    }
  }

  @Test func aLinearCellHasItsExactRate() throws {
    let runs = try TemporaryRuns()
    let cells = [0.5, 1.5].map { "rnn/activation=identity/init=identity:\($0)" }
    let outcome = runs.decay("--cells", cells.joined(separator: ","), "--json")
    #expect(outcome.status == .done)
    let curves = try #require(outcome.json["curves"]?.array).filter { $0["path"] == "h" }
    #expect(curves.map { $0["label"]?.string } == cells)
    let keys = [
      "label", "cell", "layer", "path", "rate", "rate_interval", "r2", "verdict", "half_life",
      "doubling_time", "horizon", "horizon_censored", "loss", "norms",
    ]
    #expect(curves.allSatisfy { $0.object?.keys == keys })
    // The norms fall by s exactly up to rounding, 2e-16 a step.
    let (falling, rising) = (curves[0], curves[1])
    func expect(_ value: JSONValue?, near wanted: Double) {
      #expect(abs((value?.double ?? 0) - wanted) <= 1e-12 * wanted)
    }
    expect(falling["rate"], near: 0.5)
    expect(rising["rate"], near: 1.5)
    #expect(falling["verdict"] == "exponential" && rising["verdict"] == "growing")
    expect(falling["half_life"], near: 1)
    #expect(falling["doubling_time"] == .null && rising["half_life"] == .null)
    expect(rising["doubling_time"], near: log(2) / log(1.5))
    // 0.5^6 is the last power of at least 1%.
    #expect(falling["horizon"] == 6 && falling["horizon_censored"] == false)
    #expect(rising["horizon"] == 99 && rising["horizon_censored"] == true)
    #expect(try JSONValue(contentsOf: runs.path("run/summary.json")) == outcome.json)
    // What is differentiated, and the norms of the table.
    #expect(outcome.json["folder"]?.string == runs.path("run"))
    #expect(outcome.json["loss_name"] == "squared error" && outcome.json["loss_at"] == "last")
    let loss = try #require(falling["loss"]?.double)
    #expect(outcome.json["loss"] == .null && loss > 0)
    let norms = try #require(falling["norms"]?.array).compactMap(\.double)
    #expect(norms == Array(try runs.decayTable().means.prefix(100)))
  }

  @Test func aReplayGivesTheSameCurves() throws {
    let runs = try TemporaryRuns()
    runs.decay("--length", "9", "--steps", "2", "--cells", "lstm/forget-bias=0", "--loss-at", "all")
    let first = try runs.text("run/decay.csv")
    let outcome = runs.run([
      "decay", "--config", runs.path("run/config.json"), "--out", runs.path("again"), "--quiet",
    ])
    #expect(outcome.status == .done)
    #expect(try runs.text("again/decay.csv") == first)
  }

  @Test func theBatchSizeDoesNotScaleTheCurve() throws {
    let runs = try TemporaryRuns()
    func mean(_ batch: String) throws -> Double {
      runs.decay("--cells", "rnn", "--length", "5", "--batch", batch)
      return try #require(runs.decayTable().means.first)
    }
    // Rows differ by what their sequences hold; a factor 1/B would make it 50.
    #expect(try mean("4") / mean("200") < 3)
  }

  @Test func trainingComesBeforeMeasuring() throws {
    let runs = try TemporaryRuns()
    runs.decay("--length", "6", "--cells", "rnn")
    let fresh = try runs.decayTable().means
    let outcome = runs.decay("--length", "6", "--cells", "rnn", "--steps", "3")
    #expect(
      outcome.out.contains(#/rnn  loss [0-9.]+, 3 updates, validation loss /#)
        && outcome.out.contains("baseline 0.1667"))
    #expect(outcome.out.hasPrefix("adding, after 3 updates\n"))
    let trained = try runs.decayTable().means
    #expect(trained.count == fresh.count && trained != fresh)
  }

  @Test(arguments: ["tensor:0.01", "state:1e-4", "agc:1e-3", "auto:30"])
  func everyClippingTrainsBefore(rule: String) throws {
    let runs = try TemporaryRuns()
    _ = runs.decay("--length", "6", "--cells", "lstm", "--steps", "5", "--clip", "none")
    let unclipped = try runs.decayTable().means
    let outcome = runs.decay("--length", "6", "--cells", "lstm", "--steps", "5", "--clip", rule)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(try runs.decayTable().means != unclipped)
  }

  @Test func aTrainingThatBreaksIsAWarningAndIsMeasured() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--length", "6", "--cells", "rnn/activation=relu/init=he,rnn", "--steps", "20",
      "--learning-rate", "1e30", "--clip", "none", "--optimizer", "sgd", "--on-nonfinite", "stop")
    #expect(outcome.status == .nonFinite)
    let warnings = outcome.errors.filter { $0.contains("became non-finite") }
    #expect(warnings.count == 2 && warnings[0].contains("measured with its last finite weights"))
    #expect(try runs.text("run/decay.csv").split(separator: "\n").count == 1 + 24)
    #expect(outcome.out.contains("1 update\n"))
  }

  @Test func theLossAtEveryStepReachesEveryStep() throws {
    let runs = try TemporaryRuns()
    runs.decay("--task", "copy", "--length", "10", "--cells", "rnn", "--loss-at", "last")
    let last = try runs.decayTable().means
    runs.decay("--task", "copy", "--length", "10", "--cells", "rnn", "--loss-at", "all")
    let means = try runs.decayTable().means
    let all = means.prefix(30)
    #expect(last.count == 30 && means.count == 60)
    #expect(try #require(last.last) < 1e-3 * last[0])
    #expect(try #require(all.last) > 0.1 * all[0])
    // All 30 steps are supervised; what enters last is the last one's part of their mean.
    for (part, single) in zip(means.dropFirst(30), last) {
      #expect(abs(30 * part / single - 1) < 1e-12)
    }
  }

  /// A curve into which gradient enters at every step says so in the table, the summary, the figure and
  /// wherever the run is shown again; what enters last has the fit.
  @Test func theLossAtEveryStepIsInjectedEverywhere() throws {
    let runs = try TemporaryRuns()
    let words = ["--task", "copy", "--length", "10", "--cells", "lstm", "--loss-at", "all"]
    let outcome = runs.run(
      ["decay", "--hidden", "3", "--batch", "3", "--quiet", "--out", runs.path("run")] + words)
    let summary = try JSONValue(contentsOf: runs.path("run/summary.json"))
    let curves = try #require(summary["curves"]?.array)
    let paths = ["h", "c", "state", "h_last", "c_last", "state_last"]
    #expect(curves.compactMap { $0["path"]?.string } == paths)
    for curve in curves.prefix(3) {
      #expect(curve["verdict"] == "injected" && curve["half_life"] == .null)
      #expect(curve["horizon"] == .null && curve["horizon_censored"] == false)
    }
    #expect(curves.suffix(3).allSatisfy { $0["verdict"] != "injected" && $0["horizon"] != .null })
    let lines = outcome.out.split(separator: "\n")
    for curve in curves {
      let (path, verdict) = (curve["path"]?.string ?? "", curve["verdict"]?.string ?? "")
      #expect(lines.contains { $0.contains(" \(path) ") && $0.contains(" \(verdict) ") }, "\(path)")
    }
    let table = try CSVTable(path: runs.path("run/decay.csv"))
    #expect(try Set(table.texts(inColumn: "path")) == Set(paths))
    #expect(try runs.text("run/decay.gp").contains("h_last"))
    #expect(
      try Set(CSVTable(path: runs.path("run/gates.csv")).texts(inColumn: "path")) == ["c_last"])
    let shown = runs.run([
      "decay", "--runs", runs.path("run"), "--out", runs.path("again"), "--json", "--quiet",
    ])
    let found = try #require(shown.json["runs"]?.array)
    #expect(found.map { $0["verdict"] } == curves.map { $0["verdict"] })
    #expect(found.map { $0["horizon"] } == curves.map { $0["horizon"] })
  }

  @Test func streamsAreMeasuredInStretches() throws {
    let runs = try TemporaryRuns()
    for words in [
      ["--task", "series", "--file", try runs.seriesFile(), "--column", "level"],
      ["--task", "text", "--file", try runs.textFile()],
    ] {
      let outcome = runs.run(
        ["decay", "--length", "11", "--hidden", "3", "--batch", "40", "--cells", "rnn", "--quiet"]
          + words + ["--out", runs.path("run")])
      #expect(outcome.status == .done, "\(outcome.errors)")
      #expect(try runs.decayTable().lags == (0..<11).map(Double.init))
    }
  }

  @Test func whatCannotBeFittedIsSaid() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--cells", "rnn/activation=relu/init=normal:0", "--json")
    let curve = try #require(outcome.json["curves"]?.array?.first)
    #expect(curve["rate"] == .null && curve["rate_interval"] == .null && curve["r2"] == .null)
    #expect(curve["horizon"] == .null && curve["horizon_censored"] == false)
    #expect(curve["verdict"] == "zero")
    let printed = runs.decay("--cells", "rnn/activation=relu/init=normal:0")
    #expect(printed.out.contains("zero"))
  }

  /// A state h alone is what is handed on; with c, the state's norm is at least h's.
  @Test func theStateIsHiddenAloneWithoutC() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn,lstm", "--length", "9")
    let lines = try runs.text("run/decay.csv").split(separator: "\n").map {
      $0.split(separator: ",")
    }
    func means(_ label: String, _ path: String) -> [Double] {
      lines.filter { $0[0] == label && $0[3] == path }.compactMap { Double($0[6]) }
    }
    #expect(means("rnn", "state") == means("rnn", "h") && means("rnn", "h").count == 9)
    let (state, hidden) = (means("lstm", "state"), means("lstm", "h"))
    #expect(state[0] == hidden[0])
    #expect(zip(state, hidden).dropFirst().allSatisfy { $0 > $1 })
  }

  /// One row per label, layer, weight and lag; the first step's recurrent weight meets a state of 0.
  @Test func contributionsAreInTheirOwnTable() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--cells", "gru", "--length", "9", "--layers", "2", "--json")
    let table = try CSVTable(path: runs.path("run/contributions.csv"))
    #expect(table.columnNames == ["label", "cell", "layer", "weight", "seed", "lag", "norm"])
    #expect(table.rows.count == 2 * 2 * 9)
    #expect(table.rows[8] == ["gru", "gru", "0", "weight_hh", "1", "8", "0.0"])
    let norms = try table.column(named: "norm")
    #expect(norms.enumerated().allSatisfy { ($1 == 0) == ($0 % 18 == 8) })
    let found = try #require(outcome.json["contributions"]?.array)
    #expect(found.count == 4)
    #expect(
      found.map { $0["weight"]?.string } == ["weight_hh", "weight_ih", "weight_hh", "weight_ih"])
  }

  /// The gates of an LSTM that forgets, and where its gradient leaves float16.
  @Test func gatesAndFormatsHaveTheirTables() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--cells", "rnn,lstm/forget-bias=-1,gru", "--length", "30", "--layers", "2", "--json")
    let gates = try CSVTable(path: runs.path("run/gates.csv"))
    #expect(gates.rows.count == 2 * 2 * 30)
    #expect(
      gates.columnNames.suffix(4) == [
        "log_gate_product", "log_decay", "share_explained", "log_through_gates",
      ])
    #expect(gates.rows[0].prefix(4) == ["lstm/forget-bias=-1", "lstm", "0", "c"])
    // Lag 0 has not moved: no share.
    #expect(gates.rows[0].suffix(4) == ["0.0", "0.0", "", "0.0"])
    let last = try #require(outcome.json["gates"]?.array?.first)
    let share = try #require(last["share_explained"]?.double)
    let parts = (last["log_gate_product"]?.double ?? 0, last["log_decay"]?.double ?? 0)
    #expect(share == parts.0 / parts.1 && last["lag"] == 29)
    // σ(−1) is 0.27: with small weights the gates' product is near 29 ln 0.27.
    #expect(abs(parts.0 / 29 - log(0.27)) < 0.3)
    // Unit by unit no less is left: the units whose gates are more open carry more of the norm.
    let carried = try #require(last["log_through_gates"]?.double)
    #expect(carried > parts.0 && carried < parts.0 / 2)
    #expect(try gates.column(named: "log_through_gates")[29] == carried)

    let formats = try CSVTable(path: runs.path("run/formats.csv"))
    #expect(formats.rows.count == 2 * (1 + 2 + 1) * 30)
    let limits = try #require(outcome.json["formats"]?.array)
    #expect(limits.count == 2 * (1 + 2 + 1) * 3)
    let half = try #require(
      limits.first { $0["format"] == "float16" && $0["path"] == "c" })
    // A cell state that falls by 0.27 a step is below 6e-5 within 10 lags or so.
    #expect((1...20).contains(half["below_normal"]?.int ?? 0) && half["overflow"] == .null)
  }
}
