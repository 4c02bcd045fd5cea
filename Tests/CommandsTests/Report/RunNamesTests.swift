import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

/// What a page calls runs whose folder says less, or more, than one command line.
struct RunNamesTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// The command line is one that the program accepts: no task stands beside those that are varied.
  @Test func aSweepOfSeveralTasksNamesNone() throws {
    runs.makeSmall(
      "run", "sweep", "--vary", "task=adding,copy", "--seeds", "1", "--steps", "2",
      "--validation-sequences", "4", "--test-sequences", "4")
    let page = try runs.report("run").page
    let line = try #require(page.commandLines.first)
    #expect(line.hasPrefix("unroll sweep --"))
    #expect(line.contains("--vary task=adding,copy"))
    #expect(page.html.contains("several tasks, over task"))
    #expect(!page.html.contains("<dt>task</dt>"))
  }

  /// What the Python package has watched was written by no command.
  @Test func aWatchedTrainingHasItsFigureAndNoCommand() throws {
    let folder = runs.path("run")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try AtomicFile.write(
      #"{"command": "watch", "options": {"every": 20}}"#, to: "\(folder)/config.json")
    let rows = [0, 20].flatMap { step in
      (0..<3).map { "\(step),0,h,\($0),\(pow(0.5, Double($0))),\(pow(0.5, Double($0)))" }
    }
    try AtomicFile.write(
      (["step,layer,path,lag,norm_mean,norm_geomean"] + rows).joined(separator: "\n") + "\n",
      to: "\(folder)/decay-over-training.csv")
    let page = try runs.report("run").page
    #expect(try page.values(0, "after 20 updates") == [1, 0.5, 0.25])
    #expect(!page.html.contains("Run it again"))
    #expect(page.html.contains("watched while it was trained in PyTorch"))
  }

  @Test func aHeadlineSaysHowManyFindingsItLeavesOut() {
    let findings = (1...7).map { "f\($0)" }
    #expect(ReportedRun.headline(Array(findings.prefix(5))) == "f1; f2; f3; f4; f5")
    #expect(ReportedRun.headline(findings) == "f1; f2; f3; f4; and 3 more")
  }
}
