import Testing
import UnrollFileFormats
import UnrollSequenceTasks

@testable import UnrollCommands

struct TasksCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  @Test func everyTaskIsListedWithinEightyColumns() {
    let outcome = runs.run(["tasks"])
    #expect(outcome.status == .done && outcome.errors.isEmpty)
    for entry in TaskTable.all {
      #expect(outcome.out.contains("\(entry.name)\n"))
      #expect(outcome.out.contains(entry.summary))
    }
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(outcome.out.contains("squared error 0.1667 (always 1) at T = 100"))
  }

  @Test func jsonHasTheBaselinesAtTheLength() throws {
    let tasks = try #require(runs.run(["tasks", "--length", "50", "--json"]).json["tasks"]?.array)
    #expect(tasks.map { $0["name"]?.string } == TaskTable.all.map(\.name))
    let baselines = Dictionary(
      uniqueKeysWithValues: tasks.map { ($0["name"]?.string ?? "", $0["baseline_loss"]) })
    #expect(baselines["adding"] == .number(1.0 / 6))
    // 10 ln 8 / (50 + 20).
    #expect(try abs(#require(baselines["copy"]??.double) - 0.297_063_077_382_8) < 1e-11)
    #expect(baselines["text"] == .null)
  }

  @Test func aLengthTooShortForATaskIsSaid() {
    let outcome = runs.run(["tasks", "--length", "5"])
    #expect(outcome.status == .done)
    #expect(outcome.out.contains("T = 5 is too short for this task"))
  }
}
