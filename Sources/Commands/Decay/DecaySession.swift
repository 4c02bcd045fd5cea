import UnrollCommandLine
import UnrollReports
import UnrollStudies

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
    let isTraining = plan.study.isTraining
    if isTraining { Interrupt.install() }
    let report = try DecayReport(
      measuring: plan.study, observer: DecayProgress(plan.study, on: terminal),
      until: { isTraining && Interrupt.isRequested })
    for missing in try report.write(to: output.folder) { terminal.warn(missing.description) }
    report.print(on: terminal, folder: output.folder)
    try output.writeSummary(report.summary)
    if !report.isComplete { return .interrupted }
    // Measured with the last finite weights, of which the training's observer has warned.
    return report.models.contains { $0.training?.failure != nil } ? .nonFinite : .done
  }
}
