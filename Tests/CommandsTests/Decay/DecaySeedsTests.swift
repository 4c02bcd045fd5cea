import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// `--seeds` and `--truncation`.
struct DecaySeedsTests {
  /// Each seed's rows are those of a run of its own with the batch of the first; fits are of the
  /// means over seeds.
  @Test func curvesAreMeansOverSeeds() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--cells", "rnn,gru", "--length", "20", "--seeds", "3", "--json")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let table = try CSVTable(path: runs.path("run/decay.csv"))
    #expect(table.rows.count == 2 * 2 * 3 * 20)
    func means(seed: String) -> [Double] {
      table.rows.filter { $0[0] == "rnn" && $0[3] == "h" && $0[4] == seed }
        .compactMap { Double($0[6]) }
    }
    let seeds = ["1", "2", "3"].map(means)
    #expect(Set(seeds).count == 3)
    let curves = try #require(outcome.json["curves"]?.array)
    #expect(curves.count == 4)
    let rate = try #require(curves[0]["rate"]?.double)
    // The least-squares line through the means over seeds, by hand.
    let logs = (0..<20).map { lag in log(seeds.reduce(0) { $0 + $1[lag] } / 3) }
    let slope =
      logs.enumerated().reduce(0) { $0 + (Double($1.offset) - 9.5) * $1.element } / 665
    #expect(abs(log(rate) - slope) < 1e-12)
    let interval = try #require(curves[0]["rate_interval"]?.array).compactMap(\.double)
    #expect(interval.count == 2 && interval[0] < rate && rate < interval[1])
    #expect(outcome.json["gates"]?.array?.map { $0["seed"]?.int } == [1, 2, 3])

    // What the figure draws: the means, and a fifth of the way from the least of three to the next.
    let drawn = try CSVTable(path: runs.path("run/decay-seeds.csv"))
    #expect(
      drawn.columnNames == [
        "label", "path", "layer", "lag", "norm_mean", "norm_p10", "norm_p90",
      ])
    #expect(drawn.rows.count == 2 * 2 * 20 && drawn.rows[3].prefix(4) == ["rnn", "h", "0", "3"])
    let (third, sorted) = (drawn.rows[3].compactMap(Double.init), seeds.map { $0[3] }.sorted())
    // Sums of three: some units in the last place.
    #expect(abs(third[2] / (sorted.reduce(0, +) / 3) - 1) < 1e-15)
    #expect(abs(third[3] / (0.8 * sorted[0] + 0.2 * sorted[1]) - 1) < 1e-15)
    #expect(abs(third[4] / (0.2 * sorted[1] + 0.8 * sorted[2]) - 1) < 1e-15)
    let script = try runs.text("run/decay.gp")
    #expect(script.contains("lines: means over seeds 1 to 3, where the slowest decay weighs most"))
    #expect(script.contains("bands: 10th to 90th percentile over seeds"))

    let printed = runs.decay("--cells", "rnn", "--length", "20", "--seeds", "3")
    #expect(printed.out.contains("means over seeds 1 to 3"))
    #expect(printed.out.components(separatedBy: "\nrnn  loss ").count == 2)
  }

  @Test func oneSeedIsARunOfItsOwn() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "9", "--seeds", "2", "--steps", "2")
    let both = try runs.text("run/decay.csv").split(separator: "\n")
    runs.decay("--cells", "rnn", "--length", "9", "--steps", "2")
    let one = try runs.text("run/decay.csv").split(separator: "\n")
    #expect(both.count == 1 + 2 * 2 * 9 && Array(both.prefix(one.count)) == one)
    // One seed has no means over seeds: the earlier run's are gone.
    #expect(runs.files(in: "run")?.contains("decay-seeds.csv") == false)
    #expect(try runs.text("run/decay.gp").contains("10th to 90th percentile over the batch"))
  }

  @Test func cutsHaveARowForEachParameter() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--cells", "lstm", "--length", "12", "--truncation", "1,6,12", "--json")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let table = try CSVTable(path: runs.path("run/truncation.csv"))
    #expect(
      table.columnNames == [
        "label", "cell", "seed", "steps", "parameter", "cosine", "norm_ratio", "relative_bias",
        "predicted_bias",
      ])
    #expect(table.rows.count == 3 * (4 + 2 + 1))
    #expect(table.rows[6].prefix(5) == ["lstm", "lstm", "1", "1", "all"])
    // The readout reads the last state alone, and all 12 steps are the whole.
    #expect(table.rows[4][4] == "head.weight" && table.rows[4].suffix(3) == ["1.0", "0.0", "0.0"])
    let whole = try #require(outcome.json["truncation"]?.array)
    #expect(whole.map { $0["steps"]?.int } == [1, 6, 12])
    let biases = whole.compactMap { $0["relative_bias"]?.double }
    #expect(biases.count == 3 && biases[0] > biases[1] && biases[1] > 0 && biases[2] == 0)

    let printed = runs.decay("--cells", "lstm", "--length", "12", "--truncation", "1,12").out
    let lines = printed.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let header = lines.firstIndex { $0.starts(with: ["cell", "K", "cosine"]) }
    let first = try #require(header) + 1
    #expect(lines[first].prefix(2) == ["lstm", "1"])
    // K, cosine, ratio, bias, expected.
    #expect(lines[first + 1] == ["12", "1.000", "1.000", "0.000", "0.000"])
    // What shows one seed of several says so.
    let seeds = runs.decay(
      "--cells", "lstm", "--length", "12", "--truncation", "1", "--exponents", "--seeds", "2")
    #expect(seeds.out.contains("against the whole one, seed 1\n"))
    #expect(seeds.out.contains("sequences, seed 1\n"))
    #expect(try runs.text("run/gates.gp").contains("seed 1"))
    #expect(try runs.text("run/decay.gp").contains("means over seeds 1 to 2"))
    // A run without them takes an earlier one's away.
    #expect(runs.files(in: "run")?.contains("truncation.csv") == true)
    #expect(runs.decay("--cells", "rnn", "--length", "12").status == .done)
    let optional = ["truncation", "exponents", "singular-values", "gates"]
    #expect(
      runs.files(in: "run")?.contains { file in optional.contains { file.hasPrefix($0) } } == false)
  }

  @Test(arguments: [
    (["--truncation", "0"], "--truncation 0: must be"),
    (["--truncation", "2,,3"], "--truncation 2,,3: must be"),
    (["--truncation", "5", "--loss-at", "all"], "--loss-at all: must be last with --truncation"),
    (["--exponents", "--loss-at", "all"], "--loss-at all: must be last with --exponents"),
    (["--seeds", "0"], "--seeds 0: must be"),
    (["--seed", "9223372036854775807", "--seeds", "2"], "--seeds 2: must be at most"),
  ])
  func wrongUsageIsOneLine(words: [String], expected: String) throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["decay", "--out", workspace("run")] + words, .usage, saying: [expected])
  }
}
