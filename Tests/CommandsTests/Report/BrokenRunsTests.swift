import Foundation
import Testing
import UnrollFileFormats
import UnrollStudies

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// Folders that are not whole: what can be read is shown, and what cannot be is said.
struct BrokenRunsTests {
  @Test func anUnfinishedRunIsShownAsFarAsItCame() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "train", "adding", "--steps", "9")
    try runs.remove("run/summary.json")
    let rows = try runs.text("run/metrics.csv").split(separator: "\n")
    _ = try runs.file(
      "run/metrics.csv.partial", rows.prefix(6).joined(separator: "\n") + "\n6,0.5,0.")
    try runs.remove("run/metrics.csv")
    let (outcome, page) = try runs.report("run")
    #expect(outcome.errors.isEmpty)
    #expect(page.html.contains("<span class=\"state unfinished\">"))
    #expect(try page.values(0, "training loss").count == 5)
    #expect(page.html.contains("Go on with it</h3>") && page.html.contains("unroll train <"))
    #expect(page.html.contains("--resume</span> \(runs.path("run"))<"))
  }

  /// The figure shows what is there, and a line says that it is not all.
  @Test func lostRowsOfAFinishedRunAreSaid() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall("run", "train", "adding", "--steps", "9")
    var rows = try runs.text("run/metrics.csv").split(separator: "\n")
    rows.removeSubrange(4...5)
    _ = try runs.file("run/metrics.csv", rows.joined(separator: "\n") + "\n")
    let (outcome, page) = try runs.report("run")
    #expect(
      outcome.errors.count == 1
        && outcome.errors[0].contains(
          "metrics.csv: the rows of step 4 to 5 are missing of those up to 9"),
      "\(outcome.errors)")
    #expect(try page.values(0, "training loss").count == 7)
  }

  /// A summary of another run than the folder's is one that an interruption left.
  @Test func anotherRunsSummaryIsNotShown() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    try runs.change("run/config.json") {
      $0.replacing(#/"run": "[0-9a-f]{16}"/#, with: "\"run\": \"0123456789abcdef\"")
    }
    #expect(try runs.report("run").page.html.contains("<span class=\"state unfinished\">"))
  }

  /// The summary of a run that is being resumed, or whose resumption was killed, is of its earlier part.
  @Test func aResumedRunHasNoSummaryYet() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall("run", "train", "adding", "--steps", "9")
    let finished = try runs.report("run").page
    #expect(finished.isOf("finished") && !finished.html.contains("Go on with it"))
    let lock = try FolderLock(runs.path("run"))
    let page = try runs.report("run").page
    withExtendedLifetime(lock) {}
    #expect(page.isOf("running") && !page.html.contains("<summary>Summary</summary>"))
    #expect(try page.values(0, "training loss").count == 9)
    let killed = try TemporaryRuns()
    killed.makeSmall("run", "train", "adding", "--steps", "9")
    _ = try killed.file("run/metrics.csv.partial", killed.text("run/metrics.csv"))
    let left = try killed.report("run").page
    #expect(left.isOf("unfinished") && !left.html.contains("<summary>Summary</summary>"))
  }

  /// A row of a comparison that is no result is named by its line; the run's other tables stay.
  @Test func aBrokenRowIsNamedByItsLine() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "clip", "adding", "--steps", "5", "--seeds", "2", "--cells", "rnn", "--thresholds",
      "none,1")
    var lines = try runs.text("run/clip.csv").split(separator: "\n")
    try #require(lines.count == 5)
    lines[3].replace("norm:1", with: "norm:x")
    lines[3].replace("solved", with: "so-so")
    _ = try runs.file("run/clip.csv", lines.joined(separator: "\n") + "\n")
    let (outcome, page) = try runs.report("run")
    #expect(
      outcome.errors.count == 1 && outcome.errors[0].contains("clip.csv: line 4 is no result"))
    #expect(page.figures.isEmpty && page.html.contains("<summary>Summary</summary>"))
  }

  /// A table whose columns are not those of its figure, or that is only begun, is shown as a table; one
  /// without rows is not.
  @Test func everyTableWithRowsIsShown() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "lstm", "--length", "6")
    let titles = try runs.report("run").page.titles
    #expect(titles.contains("What the gates let through, beside the gradient"))
    _ = try runs.file("run/gates.csv", "label,mine\nlstm,2.5\n")
    _ = try runs.file("run/decay.csv", "label,mine\nlstm,0.123456789\n")
    _ = try runs.file("run/own.csv.partial", "label,mine\nlstm,2.5\nls")
    _ = try runs.file("run/none.csv", "label,mine\n")
    let (outcome, page) = try runs.report("run")
    for name in ["Gates", "Decay", "Own"] { #expect(page.hasTable(name), "\(name)") }
    #expect(page.html.contains("data-all=\"0.123456789\"") && !page.hasTable("None"))
    #expect(!page.titles.contains("What the gates let through, beside the gradient"))
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("decay.csv"))
  }

  @Test func aPictureThatIsCutOffIsLeftOut() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "clip", "--surface", "--steps", "5")
    let file = URL(filePath: runs.path("run/clip-surface.png"))
    try Data(contentsOf: file).dropLast(20).write(to: file)
    let page = try runs.report("run").page
    #expect(page.figures.count == 2 && !page.html.contains("<img"))
  }

  @Test func anUnfinishedSweepIsSummedUp() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "sweep", "adding", "--steps", "9",
      "--seeds", "2", "--vary", "cell=rnn,gru")
    let groups = try runs.text("run/groups.csv")
    for name in ["summary.json", "groups.csv"] {
      try runs.remove("run/\(name)")
    }
    let page = try runs.report("run").page
    // The median of two runs of which one has diverged is infinite.
    let losses = groups.split(separator: "\n").dropFirst().map { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return fields[3] == "0" ? Double(fields[11]) : nil
    }
    // Each value stands apart, behind a gap.
    #expect(losses.count == 2)
    #expect(try page.values(0, "all runs") == losses.flatMap { [nil, $0] })
  }

  @Test(arguments: [
    ("metrics.csv", "step,loss\n1,2\n", "columns"), ("metrics.csv", "", "empty"),
    ("metrics.csv", "\u{0}\u{1}", "metrics.csv"),
    (
      "metrics.csv", MetricsLog.columns.joined(separator: ",") + "\nnan,1,1,0,0.1,1,,\n",
      "not a whole number"
    ),
    (
      "decay-over-training.csv", "step,layer,path,lag,norm_mean\nnan,0,c,0,1\n",
      "not a whole number"
    ),
    (
      "decay-over-training.csv", "step,layer,path,lag,norm_mean\n1,0,c,1e300,1\n",
      "not a whole number"
    ), ("summary.json", "{", "summary.json"), ("summary.json", "", "summary.json"),
  ])
  func aBrokenFileIsANote(name: String, content: String, words: String) throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "train", "adding", "--steps", "9")
    _ = try runs.file("run/\(name)", content)
    let (outcome, page) = try runs.report("run")
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains(words), "\(outcome.errors)")
    #expect(page.html.contains("This could not be read: "))
    // What is whole is there.
    #expect(page.html.contains("<summary>Summary</summary>") == (name != "summary.json"))
    #expect(page.titles.contains("Loss") == (name != "metrics.csv"))
  }

  /// One of the runs in a folder that cannot be read does not keep the others from their page; one that was
  /// named does.
  @Test func aBrokenRunAmongOthersIsLeftOut() throws {
    let runs = try TemporaryRuns()
    for name in ["runs/a", "runs/b"] {
      runs.make(name, "check", "--length", "2", "--hidden", "2", "--layers", "1")
    }
    _ = try runs.file("runs/b/config.json", "{")
    let (outcome, page) = try runs.report("runs")
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains("the run is left out"))
    #expect(page.html.contains("Made from the files of 1 run;"))
    // Also where it is found in a folder that was given before.
    for folders in [["runs/b"], ["runs", "runs/b"], ["runs/b", "runs"]] {
      let refused = runs.run(
        ["report"] + folders.map(runs.path) + ["--out", runs.path("b.html")])
      #expect(refused.status == .failed && refused.errors.count == 1, "\(folders)")
    }
    _ = try runs.file("runs/a/config.json", "{")
    #expect(
      runs.run(["report", runs.path("runs"), "--out", runs.path("b.html")]).status == .failed)
    #expect(runs.files(in: "")?.contains("b.html") == false)
  }
}
