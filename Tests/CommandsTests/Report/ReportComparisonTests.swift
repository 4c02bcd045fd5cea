import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// Several runs on one page stand side by side where they can be compared.
struct ReportComparisonTests {
  @Test func severalRunsStandSideBySide() throws {
    let runs = try TemporaryRuns()
    for cell in ["rnn", "lstm"] {
      runs.makeSmall(
        "runs/\(cell)", "train", "adding", "--cell", cell, "--steps", "30", "--eval-every",
        "10")
      runs.make("runs/decay-\(cell)", "decay", "--cells", cell, "--length", "6", "--hidden", "4")
    }
    let (outcome, page) = try runs.report("runs")
    #expect(outcome.out.contains("4 runs, 13 figures"))
    #expect(page.names(0) == ["lstm", "rnn"].map { "\(runs.path("runs"))/\($0)" })
    let validation = try runs.column("runs/lstm/metrics.csv", "validation_loss").compactMap(\.self)
    #expect(try page.values(0, "\(runs.path("runs"))/lstm") == validation)
    #expect(
      try page.values(1, "\(runs.path("runs"))/decay-rnn: rnn h")
        == runs.column("runs/decay-rnn/decay.csv", "norm_mean", where: ["path": "h"]))
    #expect(page.html.contains("<h1>4 runs of unroll</h1>"))
    #expect(page.html.contains("<a href=\"#run-4\">") && page.html.contains("id=\"run-4\""))
    // A folder that is given twice is shown once.
    let twice = try runs.report("runs", "runs/rnn").page
    #expect(twice.html.contains("4 runs of unroll"))
  }

  /// Losses are drawn together where they are of the same data: the content of files counts, not their names.
  @Test func lossesOfDifferentDataAreNotCompared() throws {
    let runs = try TemporaryRuns()
    let series = try runs.seriesFile()
    let same = try runs.file("same.csv", runs.text("series.csv"))
    let other = try runs.file("other.csv", runs.text("series.csv").replacing(",7\n", with: ",8\n"))
    for (name, file) in [("a", series), ("b", same), ("c", other)] {
      runs.make(
        "runs/\(name)", "train", "series", "--file", file, "--column", "level", "--window", "5",
        "--hidden", "3", "--batch", "2", "--steps", "5")
    }
    runs.makeSmall("runs/d", "train", "adding", "--steps", "5")
    let page = try runs.report("runs").page
    #expect(
      page.titles.filter { $0.contains("compared") }
        == ["Training runs compared: series, level, series.csv"])
    #expect(page.names(0) == ["a", "b"].map { "\(runs.path("runs"))/\($0)" })
    // Other columns of a file are other data.
    let two = try runs.file(
      "two.csv", "level,flow\n" + (0..<30).map { "\($0 % 7),\($0 % 5)\n" }.joined())
    for column in ["level", "flow"] {
      runs.make(
        "columns/\(column)", "train", "series", "--file", two, "--column", column, "--window", "5",
        "--hidden", "3", "--batch", "2", "--steps", "5")
    }
    #expect(try !runs.report("columns").page.titles.contains { $0.contains("compared") })
  }

  /// Of a file of targets the content counts as well, and which steps it is of; of data that are divided,
  /// how.
  @Test func theSameTargetsAndPartsAreCompared() throws {
    let runs = try TemporaryRuns()
    let inputs = try runs.arraysFile { _ in }
    func targets(_ name: String, _ last: Double) throws -> String {
      var writer = SafetensorsWriter(requireFinite: true)
      writer.append("y", shape: [5, 1], [1, 2, 3, 4, last])
      try writer.write(to: runs.path(name))
      return runs.path(name)
    }
    let (one, same, other) = (
      try targets("y.safetensors", 5), try targets("same.safetensors", 5),
      try targets("other.safetensors", 6)
    )
    for (name, words) in [
      ("a", ["--targets", one]), ("b", ["--targets", same]), ("c", ["--targets", other]),
      ("d", ["--targets", one, "--test", "1"]), ("e", ["--targets", one, "--validation", "1"]),
    ] {
      let outcome = runs.run(
        ["train", "arrays", "--inputs", inputs, "--hidden", "3", "--batch", "2", "--steps", "5"]
          + ["--quiet", "--out", runs.path("arrays/\(name)")] + words)
      #expect(outcome.status == .done, "\(outcome.errors)")
      runs.awaitRelease(of: "arrays/\(name)")
    }
    let page = try runs.report("arrays").page
    #expect(
      page.titles.filter { $0.contains("compared") }
        == ["Training runs compared: arrays, arrays.safetensors, y.safetensors"])
    #expect(page.names(0) == ["a", "b"].map { "\(runs.path("arrays"))/\($0)" })
    let series = try runs.seriesFile()
    for holdout in ["5", "7"] {
      runs.make(
        "series/\(holdout)", "train", "series", "--file", series, "--column", "level", "--window",
        "5", "--hidden", "3", "--batch", "1", "--steps", "5", "--holdout", holdout)
    }
    #expect(try !runs.report("series").page.titles.contains { $0.contains("compared") })
  }

  /// A label has one color in all figures of a page, whichever labels stand beside it.
  @Test func aLabelHasOneColor() throws {
    let runs = try TemporaryRuns()
    runs.make("runs/a", "decay", "--cells", "rnn,lstm,gru", "--length", "6", "--hidden", "3")
    runs.make("runs/b", "decay", "--cells", "gru,lstm", "--length", "6", "--hidden", "3")
    let page = try runs.report("runs").page
    let colors = page.html.matches(
      of: /<button type="button" class="line k(\d)"[^>]*><svg.*?<b>(rnn|lstm|gru)\b/
    ).map { (label: $0.2, color: $0.1) }
    // Of a: decay, contributions, gates and formats.
    #expect(colors.count > 10)
    #expect(Set(colors.map { "\($0)" }).count == 3, "\(colors)")
    #expect(Set(colors.map(\.color)).count == 3)
  }

  /// A network whose gradient by the outputs was not measured is not compared by another quantity.
  @Test func networksAreComparedByOneQuantity() throws {
    let runs = try TemporaryRuns()
    for name in ["a", "b", "c"] {
      runs.make("runs/\(name)", "depth", "--layers", "3", "--width", "3", "--steps", "1")
    }
    let count = try runs.column("runs/b/depth.csv", "hidden_norm_mean").count
    try runs.setColumn(
      "runs/b/depth.csv", "hidden_norm_mean", to: Array(repeating: "0.0", count: count))
    let page = try runs.report("runs").page
    let names = page.names(0)
    #expect(names.count == 4 && !names.contains { $0.contains("/b: ") }, "\(names)")
    for name in ["a", "c"] {
      #expect(
        try page.values(0, "\(runs.path("runs"))/\(name): sigmoid")
          == runs.column(
            "runs/\(name)/depth.csv", "hidden_norm_mean", where: ["label": "sigmoid"]))
    }
  }
}
