import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// What the page of each kind of folder has, and that its numbers are the files'.
struct ReportKindsTests {
  @Test func trainingShowsItsLosses() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "train", "adding", "--steps", "40",
      "--eval-every", "10", "--watch-decay", "20", "--threads", "1")
    let (outcome, page) = try runs.report("run")
    #expect(outcome.out.contains("1 run, 4 figures"))
    #expect(
      try page.values(0, "training loss") == runs.column("run/metrics.csv", "loss"))
    #expect(
      try page.values(1, "norm") == runs.column("run/metrics.csv", "gradient_norm"))
    let validations = try runs.column("run/metrics.csv", "validation_loss").compactMap(\.self)
    #expect(try page.values(0, "validation loss") == validations && validations.count == 4)
    // The norms after 20 updates are those of the table.
    let norms = try runs.column(
      "run/decay-over-training.csv", "norm_mean", where: ["step": "20", "path": "c"])
    #expect(try page.values(2, "after 20 updates") == norms && norms.count == 6)
    #expect(
      page.commandLines[0].hasPrefix(
        "unroll train adding --length 6 --hidden 4 --steps 40 --batch 2 --eval-every 10"))
    #expect(page.html.contains("<math") && page.html.contains("<h1>adding, lstm"))
    #expect(page.html.contains("<span class=\"state finished\">"))
  }

  @Test func decayShowsItsCurves() throws {
    let runs = try TemporaryRuns()
    runs.decay("--length", "12", "--truncation", "1,4", "--exponents")
    let page = try runs.report("run").page
    for (label, path) in [("rnn", "h"), ("lstm", "h"), ("lstm", "c")] {
      for (key, name) in [("y", "norm_mean"), ("low", "norm_p10"), ("high", "norm_p90")] {
        #expect(
          try page.values(0, "\(label) \(path)", key)
            == runs.column("run/decay.csv", name, where: ["label": label, "path": path]),
          "\(label) \(path) \(key)")
      }
    }
    // Contributions, gates, formats, truncation, exponents, their convergence, singular values.
    #expect(page.figures.count == 1 + 7)
    let singular = try CSVTable(path: runs.path("run/singular-values.csv"))
    #expect(
      try page.values(7, "lstm k = 5")
        == singular.rows.filter { $0[0] == "lstm" && $0[4] == "5" }.map { Double($0[6]) })
    #expect(
      try page.values(3, "rnn h")
        == runs.column("run/formats.csv", "largest_element", where: ["label": "rnn"]))
    // Tables that have no figure, or one of some of their rows, are there as tables.
    for heading in ["Curves", "Exponents convergence", "Truncation"] {
      #expect(page.hasTable(heading), "\(heading)")
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
    let page = try runs.report("run").page
    #expect(
      try page.values(0, "rnn h")
        == runs.column("run/decay-seeds.csv", "norm_mean", where: ["path": "h"]))
  }

  @Test func clippingShowsWhatBecameOfRuns() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "clip", "adding", "--steps", "20",
      "--seeds", "2", "--thresholds", "none,0.01", "--cells", "rnn,lstm")
    let page = try runs.report("run").page
    #expect(page.figures.count == 2)
    let groups = try #require(
      JSONValue(contentsOf: runs.path("run/summary.json"))["groups"]?.array)
    for (figure, cell) in ["rnn", "lstm"].enumerated() {
      let own = groups.filter { $0["cell"]?.string == cell }
      // A gap keeps the line from joining the threshold to none.
      for (name, key) in [
        ("clipped fraction", "clipped_fraction"), ("effective step", "effective_step"),
      ] {
        let values = own.map { $0[key]?.double }
        #expect(try page.values(figure, name) == [values[0], nil, values[1]])
      }
      #expect(
        try page.values(figure, "unsolved") == own.map { ($0["unsolved"]?.double ?? 0) / 2 })
    }
    #expect(page.html.contains("<td>norm:0.01</td>"))
  }

  @Test func theSurfaceShowsTheDescent() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "clip", "--surface", "--steps", "40")
    let page = try runs.report("run").page
    #expect(
      try page.values(0, "norm:1")
        == runs.column("run/path.csv", "error", where: ["threshold": "norm:1"]))
    #expect(page.html.contains("src=\"data:image/png;base64,"))
    #expect(
      page.commandLines == [
        "unroll clip --steps 40 --learning-rate 0.08 --thresholds none,norm:1 --surface "
          + "--start 4.9,-2.3"
      ])
    #expect(
      page.titles == [
        "The descent: error E", "The descent: gradient norm before clipping", "The surface",
      ])
  }

  @Test func sweepsShowTheirSettings() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "sweep", "adding", "--steps", "20", "--seeds", "2", "--vary", "cell=rnn,gru",
      "--vary", "learning-rate=0.001,0.01,0.1", "--against", "cell=rnn", "--solve-at", "0.5")
    let page = try runs.report("run").page
    // Whether a run reaches so high a loss is the figure's matter: it has the shares where one does.
    let solved = try runs.column("run/groups.csv", "solved").compactMap(\.self)
    #expect(solved.contains { $0 > 0 })
    #expect(page.figures.count == 2)
    for cell in ["rnn", "gru"] {
      // The losses of settings of which a run has diverged are another test's.
      let diverged = try runs.column("run/groups.csv", "diverged", where: ["cell": cell])
      for (figure, key, name) in [
        (0, "y", "solved_share"), (0, "high", "solved_high"), (1, "y", "loss_median"),
        (1, "low", "loss_q1"), (1, "high", "loss_q3"),
      ] {
        let shown = try page.values(figure, "cell \(cell)", key)
        let own = try runs.column("run/groups.csv", name, where: ["cell": cell])
        #expect(shown.count == own.count)
        for (place, count) in diverged.enumerated() where figure == 0 || count == 0 {
          #expect(shown[place] == own[place], "\(cell) \(name) \(place)")
        }
      }
    }
    // Places on a logarithmic axis.
    for (x, place) in zip(try page.values(1, "cell gru", "x"), [-3.0, -2, -1]) {
      #expect(abs((x ?? .nan) - place) < 1e-12)
    }
    for table in ["Settings", "Settings compared, seed by seed", "Runs"] {
      #expect(page.hasTable(table))
    }
    #expect(
      page.commandLines[0].contains(
        "--vary cell=rnn,gru --vary learning-rate=0.001,0.01,0.1 --seeds 2 --against cell=rnn"))
  }

  /// A run that has diverged may have a finite loss all the same; in the medians of a figure it is infinite,
  /// as in the figure that the sweep draws.
  @Test func divergedRunsCountAsInfinite() throws {
    let runs = try TemporaryRuns()
    runs.makeSmall(
      "run", "sweep", "adding", "--steps", "9", "--seeds", "3", "--vary", "cell=rnn,gru,lstm")
    // All of the first setting's, one of the second's, and two of the last's.
    let names: [Character: String] = ["d": "diverged", "s": "solved", "u": "unsolved"]
    try runs.setColumn(
      "run/runs.csv", "outcome", to: ("ddd" + "dsu" + "dud").compactMap { names[$0] })
    try runs.setColumn(
      "run/runs.csv", "updates_to_solve", to: (0..<9).map { $0 == 4 ? "5" : "" })
    let losses = try runs.column("run/runs.csv", "test_loss", where: ["cell": "gru"])
    let page = try runs.report("run").page
    // Of three, the median is the second: the larger one of two that have not diverged.
    let left = losses.dropFirst().compactMap(\.self)
    // Each value stands apart, behind a gap.
    #expect(try page.values(1, "all runs") == [nil, nil, nil, left.max(), nil, nil])
  }

  @Test func depthShowsItsLayers() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "depth", "--layers", "4", "--width", "3", "--steps", "2")
    let page = try runs.report("run").page
    for label in ["sigmoid", "relu/init=he"] {
      #expect(
        try page.values(0, label)
          == runs.column("run/depth.csv", "hidden_norm_mean", where: ["label": label]))
    }
  }

  /// The lesson's words are on its own page.
  @Test func aLessonShowsItsPredictions() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "lesson", "chain", "--weights", "2")
    let page = try runs.report("run").page
    #expect(page.figures.isEmpty && page.html.contains("src=\"data:image/png;base64,"))
    #expect(page.commandLines == ["unroll lesson chain --weights 2"])
    #expect(page.hasTable("Predictions") && page.hasTable("Lesson"))
    #expect(page.html.contains("5 of 5 predictions hold"))
  }

  @Test func depthShowsAModel() throws {
    let runs = try TemporaryRuns()
    runs.make(
      "run", "depth", "--model", DepthModelTests.golden("widths-model"), "--inputs",
      DepthModelTests.golden("widths-batch"))
    let page = try runs.report("run").page
    #expect(
      try page.values(0, "widths-model")
        == runs.column("run/depth.csv", "hidden_norm_mean", where: ["label": "widths-model"]))
    #expect(page.commandLines.count == 1 && page.commandLines[0].contains("--activation tanh"))
  }

  @Test func predictionsAreDrawn() throws {
    let runs = try TemporaryRuns()
    let file = try runs.seriesFile()
    let model = runs.train(
      "series", ["--file", file, "--column", "level", "--window", "5", "--holdout", "7"]
    ).model
    runs.make("run", "predict", "--model", model, "--horizon", "5")
    let page = try runs.report("run").page
    for kind in ["observed", "predicted", "forecast"] {
      #expect(try page.values(0, kind) == runs.column("run/predict.csv", kind), "\(kind)")
    }
  }

  @Test func otherCommandsShowTheirSummary() throws {
    let runs = try TemporaryRuns()
    runs.make("run", "check", "--length", "2", "--hidden", "2", "--layers", "1")
    let page = try runs.report("run").page
    #expect(page.hasTable("Cases"))
  }
}
