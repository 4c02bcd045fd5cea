import UnrollCommandLine
import UnrollText
import UnrollTraining

/// Shows a comparison's runs on the terminal.
struct ClipProgress: Sendable {
  /// Columns the live table fills beside the labels: bar, step, loss, and the gaps between all.
  private static func progressWidth(steps: Int) -> Int {
    let count = NumberText.count(steps).count
    return 12 + 2 * count + 1 + 14 + 2 * 3
  }

  private let table: LiveTable
  private let steps: Int

  /// - Parameter steps: the updates of a run that is not solved before.
  init(of runs: [ClipRun], steps: Int, withWindow: Bool, on terminal: Terminal) {
    self.steps = steps
    let header = ["threshold"] + (withWindow ? ["window"] : []) + ["seed"]
    let labels = runs.map { run in
      [run.threshold.description] + (withWindow ? [run.truncation.description] : [])
        + ["\(run.seed)"]
    }
    // The cells' texts are shortened to what the others leave of a line.
    let widths = header.indices.map { column in
      ([header] + labels).map { $0[column].count + 2 }.max() ?? 0
    }
    let room = terminal.diagnosticsSize.columns - 1 - Self.progressWidth(steps: steps)
    let cellWidth = terminal.isLive ? max(8, room - widths.reduce(0, +)) : Int.max
    table = LiveTable(
      header: ["cell"] + header,
      labels: zip(runs, labels).map { [Self.shortened($0.cell, to: cellWidth)] + $1 },
      on: terminal)
  }

  /// Shows an update of run `number`. May be called from several threads.
  func show(_ record: UpdateRecord, of number: Int) {
    table.update(number, step: record.update, of: steps, loss: record.loss)
  }

  /// Shows the end of run `number`. May be called from several threads.
  func show(_ result: ClipResult, of number: Int) {
    let verdict: LiveTable.Verdict =
      switch result.outcome {
      case .solved: .good
      case .unsolved: .fair
      case .diverged: .bad
      }
    table.end(
      number, outcome: result.outcome.rawValue, verdict,
      detail: "loss \(NumberText.significant(result.finalLoss))")
  }

  /// Shows the end of run `number`, an unclipped pass. May be called from several threads.
  func show(meanNorm: Double?, of number: Int) {
    table.end(
      number, outcome: "measured", .good,
      detail: "mean norm \(meanNorm.map(NumberText.significant) ?? "not finite")")
  }

  /// Takes the live table away.
  func finish() { table.finish() }

  /// A cell's text with its middle left out: the ends tell specifications apart.
  private static func shortened(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    let head = width / 2
    return text.prefix(head) + "…" + text.suffix(width - 1 - head)
  }
}
