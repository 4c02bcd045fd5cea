import Foundation
import Testing
import UnrollKit

/// Results and errors as a user of the library gets them, with one import and without the program.
@Suite struct ResultTests {
  @Test func aCheckReportsForPeopleAndPrograms() throws {
    let sizes = CheckSizes(hidden: 2, layers: 1, length: 3)
    let cells = [(label: "gru", specification: CellSpecification(.gru))]
    let cases = Array(CheckCase.all(of: cells, sizes: sizes).prefix(2))
    let report = CheckReport(cases, cases.map { $0.run(seed: 1) })
    #expect(report.isOK)
    #expect(report.json["failed"]?.int == 0)
    #expect(report.text.contains("2 cases, all agree"))
  }

  @Test func metricsAreRecordedWhileTraining() throws {
    try BuiltProducts.withTemporaryFolder { folder in
      let plan = try TrainingPlan(
        task: AddingTask(length: 10, seed: 1), specification: CellSpecification(.rnn),
        configuration: ModelConfiguration(input: .values(2), target: .values(1), hidden: 4),
        settings: Self.fewUpdates, seed: 1)
      let trainer: Trainer<Float> = try plan.trainer()
      let path = folder.appending(path: "metrics.csv").path
      let metrics = MetricsLog(try CSVLog(path: path, columns: MetricsLog.columns)) { 0 }
      let history = RunHistory()
      trainer.observers = [metrics, history]
      try trainer.run()
      try metrics.finish()
      #expect(try CSVTable(path: path).rows.count == 3)
      #expect(history.steps == [1, 2, 3])
      #expect(history.validations.map(\.step) == [3])
      let summary = TrainingSummary(plan: plan, trainer: trainer, outcome: .finished)
      #expect(summary.json["steps"]?.int == 3)
      #expect(summary.text.hasPrefix("adding, rnn, "))
    }
  }

  /// As tables and files name them.
  @Test func whatIsNamedInFilesPrintsThatName() {
    func check<Value: RawRepresentable<String>>(_ values: [Value]) {
      for value in values { #expect("\(value)" == value.rawValue) }
    }
    check(DecayPath.allCases)
    check(LossPlacement.allCases)
    check(DecayFit.Verdict.allCases)
    check(ContributionCurve.Weight.allCases)
    check([RunOutcome.finished, .interrupted, .nonFinite])
    check(CellOption.allCases)
    check(OptimizerKind.allCases)
    check(SafetensorsDtype.allCases)
    check(LessonLanguage.allCases)
    check(CheckCase.Loss.allCases)
    check(TaskOption.allCases)
    check(FigureFormat.allCases)
    check(NonFinitePolicy.allCases)
    check(ClipResult.Outcome.allCases)
  }

  private static var fewUpdates: TrainingSettings {
    var settings = TrainingSettings()
    settings.updates = 3
    return settings
  }

  @Test(arguments: [
    SavedModelError.checkpoint(path: "a") as any Error,
    SavedModelError.otherSizes(
      path: "a", task: "adding", needed: .init(.values(2), .values(1)),
      got: .init(.values(1), .classes(3))),
    SavedModelError.otherWidth(path: "a", inputs: "b", needed: 1, got: 2),
    ModelFileError.unknownCell(path: "a", cell: "b", known: ["rnn"]),
    ModelFileError.severalCells(path: "a", fitting: ["rnn", "mine"]),
    FolderOwnerError.otherCommand(path: "a/config.json", saved: nil, own: "mine"),
    FolderOwnerError.foreignFile(folder: "a", name: "b.csv"),
  ])
  func errorsNameNoOptionOfTheProgram(_ error: any Error) {
    #expect(!error.localizedDescription.contains("--"))
    #expect(error.localizedDescription == "\(error)")
    #expect(!"\(error)".contains("\n"))
  }
}
