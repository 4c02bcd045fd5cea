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
    #expect(page.nestingProblem == nil && outcome.out.contains("4 runs, 13 figures"))
    #expect(page.names(0) == ["lstm", "rnn"].map { "\(runs.path("runs"))/\($0)" })
    let validation = try runs.column("runs/lstm/metrics.csv", "validation_loss").compactMap(\.self)
    #expect(try page.values(0, "\(runs.path("runs"))/lstm") == validation)
    #expect(
      try page.values(1, "\(runs.path("runs"))/decay-rnn: rnn h")
        == runs.column("runs/decay-rnn/decay.csv", "norm_mean", where: "path", is: "h"))
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

  /// A network whose gradient by the outputs was not measured is not compared by another quantity.
  @Test func networksAreComparedByOneQuantity() throws {
    let runs = try TemporaryRuns()
    for name in ["a", "b", "c"] {
      runs.make("runs/\(name)", "depth", "--layers", "3", "--width", "3", "--steps", "1")
    }
    let table = try CSVTable(path: runs.path("runs/b/depth.csv"))
    let place = try #require(table.columnNames.firstIndex(of: "hidden_norm_mean"))
    let rows = table.rows.map { row in
      var row = row
      row[place] = "0.0"
      return row
    }
    _ = try runs.file(
      "runs/b/depth.csv",
      ([table.columnNames] + rows).map { $0.joined(separator: ",") + "\n" }.joined())
    let page = try runs.report("runs").page
    let names = page.names(0)
    #expect(names.count == 4 && !names.contains { $0.contains("/b: ") }, "\(names)")
    for name in ["a", "c"] {
      #expect(
        try page.values(0, "\(runs.path("runs"))/\(name): sigmoid")
          == runs.column(
            "runs/\(name)/depth.csv", "hidden_norm_mean", where: "label", is: "sigmoid"))
    }
  }
}
