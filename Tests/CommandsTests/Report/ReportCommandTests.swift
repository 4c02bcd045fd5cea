import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// `unroll report`: what the page of each kind of folder has, and that its numbers are the files'.
struct ReportCommandTests {
  private static let small = ["--length", "6", "--hidden", "4", "--batch", "2"]

  private func column(
    _ runs: TemporaryRuns, _ file: String, _ name: String,
    where column: String? = nil, is value: String = ""
  ) throws -> [Double?] {
    let table = try CSVTable(path: runs.path(file))
    let chosen = try column.map { try table.texts(inColumn: $0) }
    return zip(try table.texts(inColumn: name), table.rows.indices)
      .filter { chosen == nil || chosen?[$0.1] == value }
      .map { CSVNumber.written($0.0).flatMap { $0.isFinite ? $0 : nil } }
  }

  @Test func trainingShowsItsLosses() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "train", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "40",
      "--eval-every", "10", "--watch-decay", "20", "--threads", "1")
    let (outcome, page) = try runs.report("run")
    #expect(page.nestingProblem == nil)
    #expect(outcome.out.contains("1 run, 4 figures"))
    #expect(
      try page.values(0, "training loss") == column(runs, "run/metrics.csv", "loss"))
    #expect(
      try page.values(1, "norm") == column(runs, "run/metrics.csv", "gradient_norm"))
    let validations = try column(runs, "run/metrics.csv", "validation_loss").compactMap(\.self)
    #expect(try page.values(0, "validation loss") == validations && validations.count == 4)
    // The norms after 20 updates are those of the table.
    let table = try CSVTable(path: runs.path("run/decay-over-training.csv"))
    let norms = table.rows.filter { $0[0] == "20" && $0[2] == "c" }.map { Double($0[4]) }
    #expect(try page.values(2, "after 20 updates") == norms && norms.count == 6)
    #expect(
      page.html.contains(
        "unroll train adding --length 6 --hidden 4 --steps 40 --batch 2 --eval-every 10"))
    #expect(page.html.contains("<math") && page.html.contains("<h1>adding, lstm"))
    #expect(page.html.contains("<span class=\"state finished\">"))
  }

  @Test func decayShowsItsCurves() throws {
    let runs = try TemporaryRuns()
    runs.decay("--length", "12", "--truncation", "1,4", "--exponents")
    let (_, page) = try runs.report("run")
    #expect(page.nestingProblem == nil)
    let table = try CSVTable(path: runs.path("run/decay.csv"))
    for (label, path) in [("rnn", "h"), ("lstm", "h"), ("lstm", "c"), ("lstm", "state")] {
      let rows = table.rows.filter { $0[0] == label && $0[3] == path }
      for (key, place) in [("y", 6), ("low", 8), ("high", 10)] {
        #expect(
          try page.values(0, "\(label) \(path)", key) == rows.map { Double($0[place]) },
          "\(label) \(path) \(key)")
      }
    }
    let titles = ["contributions", "gates", "formats", "truncation", "exponents"]
    #expect(page.figures.count == 1 + titles.count)
    #expect(
      try page.values(3, "rnn h")
        == column(runs, "run/formats.csv", "largest_element", where: "label", is: "rnn"))
    // Tables that have no figure are there as tables.
    for heading in ["Curves", "Exponents convergence", "Singular values", "Truncation"] {
      #expect(page.html.contains("<summary>\(heading) <small>"), "\(heading)")
    }
    // Every digit of a number is behind it.
    let rate = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["curves"]?.array?[0]["rate"]?.double)
    #expect(page.html.contains("data-all=\"\(rate)\" title=\"\(rate)\""))
  }

  /// Over seeds the curves are the means that `decay-seeds.csv` has.
  @Test func decayOverSeedsShowsMeans() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "9", "--seeds", "3")
    let (_, page) = try runs.report("run")
    #expect(
      try page.values(0, "rnn h")
        == column(runs, "run/decay-seeds.csv", "norm_mean", where: "path", is: "h"))
  }

  @Test func clippingShowsWhatBecameOfRuns() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "clip", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "20",
      "--seeds", "2", "--thresholds", "none,0.01", "--cells", "rnn,lstm")
    let (_, page) = try runs.report("run")
    #expect(page.nestingProblem == nil && page.figures.count == 2)
    let groups = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["groups"]?.array)
    for (figure, cell) in ["rnn", "lstm"].enumerated() {
      let own = groups.filter { $0["cell"]?.string == cell }
      #expect(
        try page.values(figure, "clipped fraction") == own.map { $0["clipped_fraction"]?.double })
      #expect(try page.values(figure, "effective step") == own.map { $0["effective_step"]?.double })
      #expect(
        try page.values(figure, "unsolved") == own.map { ($0["unsolved"]?.double ?? 0) / 2 })
    }
    #expect(page.html.contains("<td>norm:0.01</td>"))
  }

  @Test func theSurfaceShowsTheDescent() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "clip", "--surface", "--steps", "40")
    let (_, page) = try runs.report("run")
    #expect(
      try page.values(0, "norm:1")
        == column(runs, "run/path.csv", "error", where: "threshold", is: "norm:1"))
    #expect(page.html.contains("src=\"data:image/png;base64,"))
    #expect(
      page.html.contains("unroll clip --steps 40 --surface") || page.html.contains("--surface"))
  }

  @Test func sweepsShowTheirSettings() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "sweep", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "20",
      "--seeds", "2", "--vary", "cell=rnn,gru", "--vary", "learning-rate=0.001,0.01,0.1",
      "--against", "cell=rnn", "--solve-at", "0.5")
    let (_, page) = try runs.report("run")
    // Whether a run reaches so high a loss is the figure's matter: it has the shares where one does.
    let solved = try column(runs, "run/groups.csv", "solved").compactMap(\.self)
    #expect(solved.contains { $0 > 0 })
    #expect(page.nestingProblem == nil && page.figures.count == 2)
    for cell in ["rnn", "gru"] {
      for (figure, key, name) in [
        (0, "y", "solved_share"), (0, "high", "solved_high"), (1, "y", "loss_median"),
        (1, "low", "loss_q1"), (1, "high", "loss_q3"),
      ] {
        #expect(
          try page.values(figure, "cell \(cell)", key)
            == column(runs, "run/groups.csv", name, where: "cell", is: cell), "\(cell) \(name)")
      }
    }
    #expect(try page.values(1, "cell gru", "x") == [0.001, 0.01, 0.1])
    for table in ["Settings", "Settings compared, seed by seed", "Runs"] {
      #expect(page.html.contains("<summary>\(table) <small>"))
    }
    #expect(
      page.html.contains(
        "--vary cell=rnn,gru --vary learning-rate=0.001,0.01,0.1 --seeds 2 --against cell=rnn"))
  }

  @Test func depthShowsItsLayers() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "depth", "--layers", "4", "--width", "3", "--steps", "2")
    let (_, page) = try runs.report("run")
    #expect(page.nestingProblem == nil)
    for label in ["sigmoid", "relu/init=he"] {
      #expect(
        try page.values(0, label)
          == column(runs, "run/depth.csv", "hidden_norm_mean", where: "label", is: label))
    }
    // An example whose figure is not in its table is shown as it was drawn.
    runs.make("example", "depth", "--example", "exploding")
    let example = try runs.report("example").page
    #expect(example.figures.isEmpty && example.html.contains("src=\"data:image/png;base64,"))
    #expect(example.html.contains("unroll depth --example exploding"))
  }

  @Test func predictionsAreDrawn() throws {
    let runs = try TemporaryRuns()
    let file = try runs.seriesFile()
    let model = runs.train(
      "series", ["--file", file, "--column", "level", "--window", "5", "--holdout", "7"]
    ).model
    runs.make("run", "predict", "--model", model, "--horizon", "5")
    let (_, page) = try runs.report("run")
    for kind in ["observed", "predicted", "forecast"] {
      #expect(try page.values(0, kind) == column(runs, "run/predict.csv", kind), "\(kind)")
    }
    #expect(page.nestingProblem == nil)
  }

  @Test func otherCommandsShowTheirSummary() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "check", "--length", "2", "--hidden", "2", "--layers", "1")
    let (_, page) = try runs.report("run")
    #expect(page.nestingProblem == nil && page.html.contains("<summary>Cases <small>"))
  }

  @Test func severalRunsStandSideBySide() throws {
    let runs = try TemporaryRuns()
    for cell in ["rnn", "lstm"] {
      runs.make(
        "runs/\(cell)", "train", "adding", "--cell", cell, "--length", "6", "--hidden", "4",
        "--batch", "2", "--steps", "30", "--eval-every", "10")
      runs.make("runs/decay-\(cell)", "decay", "--cells", cell, "--length", "6", "--hidden", "4")
    }
    let (outcome, page) = try runs.report("runs")
    #expect(page.nestingProblem == nil && outcome.out.contains("4 runs, 13 figures"))
    #expect(page.names(0) == ["lstm", "rnn"].map { "\(runs.path("runs"))/\($0)" })
    let validation = try column(runs, "runs/lstm/metrics.csv", "validation_loss").compactMap(\.self)
    #expect(try page.values(0, "\(runs.path("runs"))/lstm") == validation)
    #expect(
      try page.values(1, "\(runs.path("runs"))/decay-rnn: rnn h")
        == column(runs, "runs/decay-rnn/decay.csv", "norm_mean", where: "path", is: "h"))
    #expect(page.html.contains("<h1>4 runs of unroll</h1>"))
    #expect(page.html.contains("<a href=\"#run-4\">") && page.html.contains("id=\"run-4\""))
    // A folder that is given twice is shown once.
    let twice = try runs.report("runs", "runs/rnn").page
    #expect(twice.html.contains("4 runs of unroll"))
  }

  // MARK: Text from files

  /// Markup in options, labels, columns and paths is shown as text, wherever it stands.
  @Test func textFromFilesIsEscaped() throws {
    let hostile = "</script><img src=x onerror=alert(1)>\"'&"
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    try runs.change("run/decay.csv") {
      $0.replacing("rnn,rnn", with: "\"\(hostile.replacing("\"", with: "\"\""))\",rnn")
    }
    let quoted = JSONValue.string(hostile).encoded()
    try runs.change("run/config.json") {
      $0.replacing("\"cells\": \"rnn\"", with: "\"cells\": \(quoted)")
        .replacing("\"task\": \"adding\"", with: "\"task\": \(quoted)")
    }
    try runs.change("run/summary.json") {
      $0.replacing("\"label\": \"rnn\"", with: "\"label\": \(quoted)")
        .replacing("\"loss_name\": \"squared error\"", with: "\"loss_name\": \(quoted)")
    }
    let (_, page) = try runs.report("run")
    #expect(page.nestingProblem == nil)
    #expect(!page.html.contains("<img") && !page.html.contains("onerror=alert(1)>"))
    #expect(page.names(0).contains("\(hostile) h"))
    let escaped = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"
    #expect(page.html.components(separatedBy: escaped).count > 5)
  }

  /// A browser runs the page's own script and no other.
  @Test func thePolicyNamesTheScriptByItsHash() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    let html = try runs.report("run").page.html
    func content(_ name: String) throws -> Substring {
      let start = try #require(html.firstRange(of: "<\(name)>"))
      let end = try #require(html[start.upperBound...].firstRange(of: "</\(name)>"))
      return html[start.upperBound..<end.lowerBound]
    }
    for name in ["script", "style"] {
      var hash = SHA256()
      hash.update(String(try content(name)))
      let digits = Array(hash.hexadecimal())
      let bytes = stride(from: 0, to: 64, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      #expect(html.contains("\(name)-src 'sha256-\(Data(bytes).base64EncodedString())'"))
    }
    #expect(
      html.contains("default-src 'none'") && html.components(separatedBy: "<script>").count == 2)
    #expect(!html.contains("http://") || html.components(separatedBy: "http://").count == 2)
    #expect(!html.contains("https://") && !html.contains("@import") && !html.contains("<link"))
  }

  // MARK: Folders that are not whole

  @Test func anUnfinishedRunIsShownAsFarAsItCame() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "train", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "9")
    try FileManager.default.removeItem(atPath: runs.path("run/summary.json"))
    let rows = try runs.text("run/metrics.csv").split(separator: "\n")
    _ = try runs.file(
      "run/metrics.csv.partial", rows.prefix(6).joined(separator: "\n") + "\n6,0.5,0.")
    try FileManager.default.removeItem(atPath: runs.path("run/metrics.csv"))
    let (outcome, page) = try runs.report("run")
    #expect(outcome.errors.isEmpty)
    #expect(page.html.contains("<span class=\"state unfinished\">"))
    #expect(try page.values(0, "training loss").count == 5)
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

  @Test func anUnfinishedSweepIsSummedUp() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "sweep", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "9",
      "--seeds", "2", "--vary", "cell=rnn,gru")
    let groups = try runs.text("run/groups.csv")
    for name in ["summary.json", "groups.csv"] {
      try FileManager.default.removeItem(atPath: runs.path("run/\(name)"))
    }
    let page = try runs.report("run").page
    let losses = groups.split(separator: "\n").dropFirst()
      .map { Double($0.split(separator: ",", omittingEmptySubsequences: false)[11]) }
    #expect(try page.values(0, "all runs") == losses && losses.count == 2)
  }

  @Test(arguments: [
    ("metrics.csv", "step,loss\n1,2\n", "columns"), ("metrics.csv", "", "empty"),
    ("metrics.csv", "\u{0}\u{1}", "metrics.csv"),
  ])
  func aBrokenFileIsANote(name: String, content: String, words: String) throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "train", "adding", "--length", "6", "--hidden", "4", "--batch", "2", "--steps", "9")
    _ = try runs.file("run/\(name)", content)
    let (outcome, page) = try runs.report("run")
    #expect(outcome.errors.count == 1 && outcome.errors[0].contains(words), "\(outcome.errors)")
    #expect(page.html.contains("This could not be read: ") && page.nestingProblem == nil)
    #expect(page.html.contains("Summary"))
  }

  // MARK: Wrong usage

  @Test func foldersOfNoRunAreRefused() throws {
    let workspace = try Workspace()
    let folder = workspace("notes")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try workspace.file("notes/text.txt", "mine")
    let out = ["--out", workspace("page.html")]
    workspace.expectRefusal(
      ["report", folder] + out, .failed, saying: ["notes is no run's folder", "accepted"])
    workspace.expectRefusal(
      ["report", workspace("no")] + out, .failed, saying: ["no is not there", "accepted"])
    _ = try workspace.file("notes/config.json", "{\"command\": 3}")
    workspace.expectRefusal(
      ["report", folder] + out, .failed, saying: ["config.json names no command"])
    _ = try workspace.file("notes/config.json", "{")
    workspace.expectRefusal(["report", folder] + out, .failed, saying: ["config.json", "line 1"])
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
    let refused = runs.run(["report", runs.path("runs/b"), "--out", runs.path("b.html")])
    #expect(refused.status == .failed && refused.errors.count == 1)
    _ = try runs.file("runs/a/config.json", "{")
    #expect(
      runs.run(["report", runs.path("runs"), "--out", runs.path("b.html")]).status == .failed)
    #expect(runs.files(in: "")?.contains("b.html") == false)
  }

  @Test func aFileOfAnotherKindIsNotReplaced() throws {
    let workspace = try Workspace()
    #expect(
      workspace.run([
        "check", "--length", "2", "--hidden", "2", "--layers", "1", "--out", workspace("run"),
      ])
      .status == .done)
    let page = try workspace.file("page.html", "<html>mine</html>")
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", page], .usage,
      saying: ["--out", "page.html", "has not written", "accepted"])
    #expect(try String(contentsOfFile: page, encoding: .utf8) == "<html>mine</html>")
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", workspace("run")], .failed, saying: ["is a folder"])
    workspace.expectRefusal(
      ["report", workspace("run"), "--out", workspace("no/page.html")], .failed,
      saying: ["no/page.html"])
    // Its own pages are.
    for _ in 0..<2 {
      #expect(
        workspace.run(["report", workspace("run"), "--out", workspace("own.html")]).status == .done)
    }
    #expect(workspace.names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test func jsonSaysWhatWasWritten() throws {
    let runs = try TemporaryRuns()
    runs.decay("--cells", "rnn", "--length", "6")
    let outcome = runs.run(["report", runs.path("run"), "--out", runs.path("p.html"), "--json"])
    let run = try #require(outcome.json["runs"]?.array?.first)
    #expect(outcome.json["file"]?.string == runs.path("p.html"))
    #expect(run["state"] == "finished" && run["command"] == "decay" && run["problems"] == [])
    #expect(
      run["command_line"] == "unroll decay --length 6 --cells rnn --hidden 3 --batch 3")
  }
}
