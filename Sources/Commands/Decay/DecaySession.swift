import UnrollCommandLine
import UnrollReports
import UnrollStudies
import UnrollText

/// Trains where that is asked for, measures, and writes everything `unroll decay` leaves behind.
struct DecaySession {
  private let plan: DecayPlan
  private let terminal: Terminal
  private let output: RunOutput

  /// - Throws: `FileError` when the folder cannot be made.
  init(_ plan: DecayPlan, terminal: Terminal) throws {
    self.plan = plan
    self.terminal = terminal
    output = try RunOutput(plan.arguments, subject: plan.name, terminal: terminal)
  }

  func run() throws -> ExitStatus {
    try output.writeConfig(plan.arguments)
    // An error leaves no live line behind.
    defer { terminal.clearLive() }
    for reading in plan.readings { terminal.warn(reading) }
    for note in plan.notes { terminal.note(note) }
    let isTraining = plan.study.isTraining
    if isTraining { Interrupt.install() }
    let report = try DecayReport(
      measuring: plan.study, observer: DecayProgress(plan.study, on: terminal),
      until: { isTraining && Interrupt.isRequested })
    try plan.task?.requireUnchangedFiles()
    for missing in try report.write(to: output.folder, npz: plan.arguments[.npz]) {
      terminal.warn(missing.description)
    }
    if let raggedness = report.raggedness { terminal.warn(raggedness) }
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.summary(in: output.folder))
    if report.outcome == .interrupted { terminal.tell(Self.interruption(of: report)) }
    // A training that became non-finite is measured with its last finite weights, of which the
    // training's observer has warned.
    return report.outcome.status
  }

  /// Which models were measured before an interruption.
  private static func interruption(of report: DecayReport) -> String {
    let (done, all) = (report.models.count, report.study.subjects.count)
    var text =
      "interrupted: measured \(NumberText.count(done)) of \(NumberText.count(all, "model"))"
    if let last = report.models.last, let training = last.training, !training.isDone {
      text += ", \(last.subject.label) after \(training.extent)"
    }
    return text
  }
}
