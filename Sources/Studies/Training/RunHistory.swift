import UnrollTraining

/// A run's losses and norms for its figure, thinned so that a long run needs no more memory than a
/// short one: of every `stride` updates the last is kept.
package final class RunHistory: TrainingObserver {
  private static let capacity = 20_000

  package private(set) var steps: [Int] = []
  package private(set) var losses: [Double] = []
  package private(set) var norms: [Double] = []
  package private(set) var tests: [(step: Int, loss: Double)] = []
  private var stride = 1

  /// Takes up the rows of a resumed run's `metrics.csv`.
  package init(rows: [[String]] = []) {
    for row in rows where row.count == MetricsLog.columns.count {
      guard let step = Int(row[0]) else { continue }
      append(step: step, loss: Double(row[1]) ?? .nan, norm: Double(row[2]) ?? .nan)
      if let test = Double(row[6]) { tests.append((step, test)) }
    }
  }

  package func didUpdate(_ record: UpdateRecord) {
    append(step: record.update, loss: record.loss, norm: record.gradientNorm)
  }

  package func didEvaluate(_ record: EvaluationRecord, isBest: Bool) {
    tests.append((record.update, record.loss))
  }

  private func append(step: Int, loss: Double, norm: Double) {
    guard step % stride == 0 else { return }
    steps.append(step)
    losses.append(loss)
    norms.append(norm)
    guard steps.count > Self.capacity else { return }
    stride *= 2
    let kept = steps.indices.filter { steps[$0] % stride == 0 }
    (steps, losses, norms) = (
      kept.map { steps[$0] }, kept.map { losses[$0] }, kept.map { norms[$0] }
    )
  }
}
