import Synchronization
import UnrollCommandLine
import UnrollStudies
import UnrollText
import UnrollTraining

/// Shows a comparison's runs on the terminal.
final class ClipProgress: ClipStudyObserver {
  private let withWindow: Bool
  private let updates: Int
  private let hasCriterion: Bool
  private let terminal: Terminal
  /// The table of the runs in progress.
  private let shown = Mutex<LiveTable?>(nil)

  /// - Parameters:
  ///   - updates: the number of updates that a run makes at most.
  ///   - hasCriterion: whether runs can solve the task; otherwise they have finished.
  init(withWindow: Bool, updates: Int, hasCriterion: Bool, on terminal: Terminal) {
    self.withWindow = withWindow
    self.updates = updates
    self.hasCriterion = hasCriterion
    self.terminal = terminal
  }

  func willTrain(_ runs: [ClipRun]) {
    let table = table(of: runs)
    shown.withLock { $0 = table }
  }

  private func table(of runs: [ClipRun]) -> LiveTable {
    let header = ["threshold"] + (withWindow ? ["window"] : []) + ["seed"]
    let labels = runs.map { run in
      [run.threshold.description] + (withWindow ? [run.truncation.description] : [])
        + ["\(run.seed)"]
    }
    // The cells' labels are shortened to the room that the other columns leave.
    let widths = header.indices.map { column in
      ([header] + labels).map { $0[column].count + 2 }.max() ?? 0
    }
    let room = LiveTable.labelRoom(updates: updates, on: terminal)
    let cellWidth = terminal.isLive ? max(8, room - widths.reduce(0, +)) : Int.max
    return LiveTable(
      header: ["cell"] + header,
      labels: zip(runs, labels).map { [$0.cell.shortened(to: cellWidth)] + $1 }, on: terminal)
  }

  func didUpdate(_ record: UpdateRecord, of number: Int, updates: Int) {
    shown.withLockIfAvailable { $0 }??
      .update(number, step: record.update, of: updates, loss: record.loss)
  }

  func didEnd(_ result: ClipResult, of number: Int) {
    let outcome = result.outcome.shown(hasCriterion: hasCriterion)
    shown.withLock { $0 }?.end(
      number, outcome: outcome.text, outcome.verdict,
      detail: RunMeasures.shown(result.finalLoss))
  }

  func didMeasure(meanNorm: Double?, of number: Int) {
    shown.withLock { $0 }?.end(
      number, outcome: "measured", .good,
      detail: "mean norm \(meanNorm.map(NumberText.significant) ?? "not finite")")
  }

  func didTrain() { shown.withLock { $0 }?.finish() }
}
