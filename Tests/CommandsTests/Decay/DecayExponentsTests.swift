import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// `--exponents`.
struct DecayExponentsTests {
  @Test func filesAndSummaryAgree() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--cells", "rnn,lstm", "--length", "20", "--exponents", "--json")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let files = try #require(runs.files(in: "run"))
    for name in ["exponents.png", "exponents.svg", "exponents.gp"] { #expect(files.contains(name)) }

    let spectrum = try CSVTable(path: runs.path("run/exponents.csv"))
    #expect(
      spectrum.columnNames == [
        "label", "cell", "layer", "seed", "index", "exponent", "deviation",
      ])
    #expect(
      spectrum.rows.map { $0[0] } == Array(repeating: "rnn", count: 3)
        + Array(repeating: "lstm", count: 6))
    #expect(spectrum.rows.map { $0[4] } == ["1", "2", "3", "1", "2", "3", "4", "5", "6"])
    let singular = try CSVTable(path: runs.path("run/singular-values.csv"))
    #expect(
      singular.columnNames == [
        "label", "cell", "layer", "seed", "lag", "index", "log_singular_value",
      ])
    #expect(Set(singular.rows.map { $0[4] }) == ["1", "2", "5", "10", "19"])
    #expect(singular.rows.count == 5 * (3 + 6))
    let convergence = try CSVTable(path: runs.path("run/exponents-convergence.csv"))
    #expect(
      convergence.columnNames == [
        "label", "cell", "layer", "seed", "steps", "index", "exponent", "deviation",
      ])
    // 20 steps without a fifth at either end.
    #expect(convergence.rows.count == 12 * (3 + 6))
    #expect(convergence.rows[11 * 3].suffix(2) == spectrum.rows[0].suffix(2))

    let entries = try #require(outcome.json["exponents"]?.array)
    #expect(entries.map { $0["label"]?.string } == ["rnn", "lstm"])
    let rnn = entries[0]
    #expect(rnn["steps"]?.int == 12 && rnn["warmup"]?.int == 4 && rnn["rows"]?.int == 3)
    #expect(rnn["layer"]?.int == 0 && rnn["lost_directions"]?.int == 0)
    #expect(
      rnn["spectrum"]?.array?.map { $0.double?.description } == spectrum.rows[0..<3].map { $0[5] })
    #expect(rnn["largest_exponent"]?.double?.description == spectrum.rows[0][5])
    #expect(rnn["largest_exponent_deviation"]?.double?.description == spectrum.rows[0][6])
    // tanh: γ = 1. An eigenvalue is never larger than the largest singular value.
    let bound = try #require(rnn["bound"]?.double)
    #expect(bound == rnn["largest_singular_value"]?.double)
    #expect(try #require(rnn["spectral_radius"]?.double) <= bound)
    #expect(try #require(rnn["largest_exponent"]?.double) < log(bound))
    let means = try runs.decayTable().norms["norm_geomean"]?.prefix(20) ?? []
    // The least-squares line through 20 lags, by hand.
    let slope = means.enumerated().reduce(0) { $0 + (Double($1.offset) - 9.5) * log($1.element) }
    #expect(abs(try #require(rnn["geometric_slope"]?.double) - slope / 665) < 1e-12)
    for name in ["bound", "spectral_radius"] { #expect(entries[1][name] == .null) }
    #expect(entries[1]["largest_singular_value"]?.double ?? 0 > 0)
    #expect(entries[1]["spectrum"]?.array?.count == 6)
  }

  /// A ReLU that is off loses its direction.
  @Test func lostDirectionsAreInfiniteInCSVAndNullInJSON() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--cells", "rnn/activation=relu/init=identity:1", "--hidden", "8", "--length", "12",
      "--exponents", "--exponent-warmup", "0", "--json")
    let entry = try #require(outcome.json["exponents"]?.array?.first)
    let lost = try #require(entry["lost_directions"]?.int)
    #expect(lost > 0)
    let spectrum = try #require(entry["spectrum"]?.array)
    #expect(spectrum.suffix(lost).allSatisfy { $0 == .null })
    #expect(spectrum.dropLast(lost).allSatisfy { $0 != .null })
    let table = try CSVTable(path: runs.path("run/exponents.csv"))
    #expect(table.rows.suffix(lost).allSatisfy { $0[5] == "-inf" && $0[6].isEmpty })
    #expect(table.rows.dropLast(lost).allSatisfy { Double($0[5])?.isFinite == true })
    let singular = try CSVTable(path: runs.path("run/singular-values.csv"))
    #expect(singular.rows.contains { $0[6] == "-inf" })
  }

  @Test func someExponentsOfEachLayer() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay(
      "--cells", "gru", "--length", "6", "--layers", "2", "--seeds", "2", "--exponents",
      "--exponent-count", "2", "--exponent-steps", "40", "--exponent-warmup", "5")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let table = try CSVTable(path: runs.path("run/exponents.csv"))
    #expect(table.rows.map { $0[2] } == ["0", "0", "1", "1", "0", "0", "1", "1"])
    #expect(table.rows.map { $0[3] } == ["1", "1", "1", "1", "2", "2", "2", "2"])
    #expect(runs.files(in: "run")?.contains("singular-values.csv") == false)
    let convergence = try CSVTable(path: runs.path("run/exponents-convergence.csv"))
    #expect(convergence.rows.last?[4] == "30")
    #expect(outcome.out.contains("Lyapunov exponents over 30 steps, mean over 3 sequences"))
    #expect(outcome.out.contains("gru l1"))
  }

  @Test func withoutThemNothingIsWritten() throws {
    let runs = try TemporaryRuns()
    let outcome = runs.decay("--cells", "rnn", "--length", "6", "--json")
    #expect(outcome.json["exponents"]?.array?.isEmpty == true)
    #expect(runs.files(in: "run")?.contains { $0.hasPrefix("exponents") } == false)
  }

  /// A saved model on a batch of the user's own, and the same again from its config.
  @Test func savedModelsAndReplays() throws {
    let runs = try TemporaryRuns()
    let words = [
      "--model", TemporaryRuns.golden("pytorch-lstm"), "--inputs",
      TemporaryRuns.golden("pytorch-batch"), "--exponents", "--threads", "1", "--quiet",
    ]
    #expect(runs.run(["decay"] + words + ["--out", runs.path("one")]).status == .done)
    let again = runs.run([
      "decay", "--config", runs.path("one/config.json"), "--quiet", "--threads", "2", "--out",
      runs.path("two"),
    ])
    #expect(again.status == .done, "\(again.errors)")
    for name in ["exponents", "exponents-convergence", "singular-values"] {
      #expect(try runs.text("one/\(name).csv") == runs.text("two/\(name).csv"))
    }
  }

  @Test(arguments: [
    (
      ["--exponents", "--exponent-warmup", "50"], "--exponent-warmup 50: must be less than half of"
    ),
    (["--exponents", "--exponent-steps", "0"], "--exponent-steps 0: must be"),
    (["--exponents", "--exponent-count", "0"], "--exponent-count 0: must be"),
    (["--exponents", "--exponent-warmup=-1"], "--exponent-warmup -1: must be"),
    (["--exponent-steps", "50"], "--exponent-steps 50: must be left out without --exponents"),
    (["--exponents=yes"], "--exponents takes no value"),
    (["--exponents", "--hidden", "20000", "--batch", "1", "--length", "2"], "GB of memory"),
    (
      [
        "--exponents", "--hidden", "4096", "--cells", "lstm", "--exponent-steps", "1000000",
        "--threads", "1024", "--exponent-count", "1",
      ], "accepted are a smaller --exponent-count, --exponent-steps"
    ),
  ])
  func wrongUsageIsOneLine(words: [String], expected: String) throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["decay", "--out", workspace("run")] + words, .usage, saying: [expected])
  }
}
