import Foundation
import Testing
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollReports
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What an interrupted command says, with the signal there before its first update.
struct InterruptedOutcomeTests {
  @Test(arguments: [
    (
      ["decay", "--length", "9", "--hidden", "4", "--steps", "50"],
      "interrupted: measured 1 of 2 models, rnn after 0 updates"
    ),
    (
      [
        "clip", "adding", "--length", "9", "--hidden", "4", "--thresholds", "1,2x", "--seeds", "2",
      ], "interrupted after 0 of 8 runs"
    ),
    (
      [
        "sweep", "adding", "--length", "9", "--hidden", "4", "--vary", "clip=1,2x", "--seeds", "2",
      ], "interrupted after 0 of 4 runs; continue with unroll sweep --config"
    ),
    (
      ["train", "adding", "--length", "9", "--hidden", "4"],
      "interrupted after 0 updates; go on with unroll train --resume"
    ),
    (
      ["depth", "--layers", "3", "--width", "4", "--steps", "50", "--stacks", "tanh,relu"],
      "interrupted: tanh is measured after 0 updates, and is number 1 of 2 stacks"
    ),
  ]) func anInterruptedCommandSaysHowFarItCame(words: [String], note: String) async {
    await #expect(processExitsWith: .success) { [words, note] in
      let workspace = try Workspace()
      Interrupt.install()
      // To the process: the pool's own threads block signals.
      kill(getpid(), SIGINT)
      while !Interrupt.isRequested { usleep(1_000) }
      // How to go on is said also under --quiet.
      let outcome = workspace.run(words + ["--json", "--quiet", "--out", workspace("run")])
      #expect(outcome.status == .interrupted)
      #expect(outcome.errors.contains { $0.contains(note) }, "\(outcome.errors)")
      let object = try JSONValue(parsing: Data(outcome.output.utf8))
      #expect(object["outcome"] == "interrupted")
      #expect(try JSONValue(contentsOf: workspace("run/summary.json")) == object)
    }
  }

  /// Commands whose output is no run say how much of it there is.
  private static func expectInterruption(
    _ words: (TemporaryRuns) throws -> [String], saying note: String
  ) throws {
    let runs = try TemporaryRuns()
    let words = try words(runs)
    Interrupt.install()
    kill(getpid(), SIGINT)
    while !Interrupt.isRequested { usleep(1_000) }
    let outcome = runs.run(words)
    #expect(outcome.status == .interrupted)
    #expect(outcome.errors.last == note, "\(outcome.errors)")
  }

  @Test func sample() async {
    await #expect(processExitsWith: .success) {
      try Self.expectInterruption(
        { runs in
          let file = try runs.textFile()
          let (_, model) = runs.train("text", ["--file", file, "--window", "4"])
          return ["sample", "--model", model, "--characters", "1000"]
        }, saying: "interrupted after 0 of 1,000 characters")
    }
  }

  @Test func predictASeries() async {
    await #expect(processExitsWith: .success) {
      try Self.expectInterruption(
        { runs in
          let file = try runs.seriesFile()
          let (_, model) = runs.train("series", ["--file", file, "--column", "level"])
          return [
            "predict", "--model", model, "--horizon", "5000", "--out", runs.path("out"), "--quiet",
          ]
        }, saying: "interrupted; nothing was written")
    }
  }

  // MARK: Nothing half done counts as a result

  private static func plan(seed: UInt64, updates: Int) throws -> TrainingPlan {
    let task = try AddingTask(length: 10, seed: 1)
    var settings = TrainingSettings()
    settings.updates = updates
    return TrainingPlan(
      task: task, specification: CellSpecification(.rnn),
      configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 4),
      settings: settings, seed: seed)
  }

  /// The second of three trainings is stopped: the mean is over the first alone.
  @Test func aMeanOverSeedsIsOfWholeTrainings() throws {
    let data = try DecayData(AddingTask(length: 10, seed: 1), rows: 4)
    let subjects = try (1...3).map {
      try DecaySubject(training: Self.plan(seed: UInt64($0), updates: 6), label: "rnn")
    }
    var asked = 0
    let study = DecayStudy(subjects: subjects, data: data)
    let report = try DecayReport(
      measuring: study, sections: [],
      until: {
        asked += 1
        return asked > 10
      })
    #expect(report.models.count == 1 && report.models[0].training?.updates == 6)
    #expect(!report.isComplete && report.outcome == .interrupted)
  }

  @Test func aMeanNormIsOfAWholePass() throws {
    let plan = try Self.plan(seed: 1, updates: 20)
    let run = SweepRun(
      id: "a", setting: SweepSetting([]), seed: 1, threshold: .rule(.none), unclippedPass: "a"
    ) { plan }
    var asked = 0
    let stopped = try run.meanNorm(
      updates: 8,
      until: {
        asked += 1
        return asked > 5
      })
    #expect(stopped == nil && asked == 6)
    #expect(try run.meanNorm(updates: 8)?.steps == 8)
  }
}
