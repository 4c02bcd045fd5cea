import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Blank fields of a grid, which leave an option as it is for all runs, and settings to compare with.
struct SweepBlankTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func sweep(_ grid: String, _ words: [String] = []) throws -> TemporaryRuns.Outcome {
    runs.run(
      [
        "sweep", "adding", "--length", "4", "--hidden", "3", "--steps", "2", "--grid",
        try runs.file("grid.csv", grid), "--seeds", "1", "--validation-sequences", "4",
        "--test-sequences", "4", "--quiet", "--out", runs.path("a"),
      ] + words)
  }

  /// A blank is shown as the value that it stands for, and compared with as that.
  @Test func aBlankIsTheDefault() throws {
    let grid = "clip,cell\n,rnn\n5,rnn\n1,lstm\n5,lstm\n"
    let outcome = try sweep(grid, ["--against", "clip=1"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains(#/\nnorm:1 +rnn /#), "\(outcome.out)")
    #expect(outcome.out.contains("against clip norm:1, seed by seed"))
    #expect(
      try CSVTable(path: runs.path("a/pairs.csv")).texts(inColumn: "cell") == ["rnn", "lstm"])
    #expect(try runs.text("a/sweep.gp").contains("as given") == false)
    let page = runs.path("page.html")
    #expect(runs.run(["report", runs.path("a"), "--out", page]).status == .done)
    #expect(
      try runs.text("page.html").contains(
        #/"values": \[\[[^\]]*"1", "norm:1"\], \[[^\]]*"5", "norm:5"\]\]/#))
  }

  /// A grid's rows have no values that --vary could add to.
  @Test func aRecordedGridAndVariedValuesExcludeEachOther() throws {
    #expect(try sweep("clip,cell\n,rnn\n5,lstm\n").status == .done)
    let outcome = runs.run([
      "sweep", "--config", runs.path("a/config.json"), "--vary", "clip=2", "--out", runs.path("b"),
    ])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(
      outcome.errors.last?.contains("--vary and --grid exclude each other") == true,
      "\(outcome.errors)")
    #expect(runs.files(in: "b") == nil)
  }

  /// An option without a value for all runs has none to show.
  @Test func aBlankWithoutAValueSaysSo() throws {
    let outcome = try sweep(
      "cell,forget-bias\nlstm,\nlstm,0\n", ["--against", "forget-bias=default"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.out.contains(#/\nlstm +default /#), "\(outcome.out)")
    #expect(try CSVTable(path: runs.path("a/pairs.csv")).rows.count == 1)
  }

  /// What no setting differs by is refused before a run is made.
  @Test(arguments: [
    ("clip=5", "no setting differs from another by clip norm:5 alone"),
    ("clip=7", "clip has the values norm:1 and norm:5"),
  ])
  func settingsWithoutAPairAreRefused(setting: String, said: String) throws {
    let outcome = try sweep("clip,cell\n,rnn\n5,lstm\n", ["--against", setting])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors.last?.contains(said) == true, "\(outcome.errors)")
    #expect(runs.files(in: "a") == nil)
  }
}
