import Testing
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollTestSupport
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollStudies

/// What is said of given times, which no machine disturbs: ranks share 20 rows, as tenths of milliseconds.
struct ScalingReportTests {
  private struct Said {
    let text: String
    let isDoubtful: Bool?
  }

  private func said(of compute: [Double], latency: Double) throws -> Said {
    let task = try AddingTask(length: 4, seed: 1)
    var settings = TrainingSettings()
    settings.batch = 20
    let plan = TrainingPlan(
      task: task, specification: CellSpecification(.lstm),
      configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 3),
      settings: settings)
    let study = ScalingStudy(
      plan, ranks: 4, link: NetworkLink(latency: latency, bandwidth: 1e12), budget: 0)
    let report = ScalingReport(
      study, zip(study.counts, compute).map { study.point($0, compute: $1 * 1e-4) })
    let test = TestTerminal()
    report.print(on: test.terminal)
    return Said(
      text: test.output.text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
      isDoubtful: report.json["is_doubtful"]?.bool)
  }

  @Test(arguments: [
    ([8, 4, 2], 0, "4 ranks are the fastest: 4.00 times"),
    ([8, 7, 6.5], 0, "4 ranks are the fastest: 1.23 times"),
    ([8, 4, 2], 1, "One process is the fastest: with 2 ranks, sharing the rows saves 0.400 ms"),
  ])
  func timesThatFollowFromTheRowsHaveAVerdict(
    compute: [Double], latency: Double, verdict: String
  ) throws {
    let said = try said(of: compute, latency: latency)
    #expect(said.text.contains(verdict), "\(said.text)")
    #expect(said.isDoubtful == false && !said.text.contains("do not follow"))
  }

  /// Half of the rows in a quarter of the time, whatever the network adds; fewer rows in more time.
  @Test(arguments: [([8, 2, 1], 0), ([8, 2, 1.9], 1), ([8, 4, 6], 0)] as [([Double], Double)])
  func timesThatDoNotFollowHaveNone(compute: [Double], latency: Double) throws {
    let said = try said(of: compute, latency: latency)
    #expect(said.text.contains("do not follow from the rows") && said.isDoubtful == true)
    #expect(!said.text.contains("the fastest:"), "\(said.text)")
  }
}
