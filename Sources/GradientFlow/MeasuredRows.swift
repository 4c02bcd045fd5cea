/// The rows of a batch that have a target, and where lag 0 lies for each.
struct MeasuredRows {
  /// Each row's last supervised step, those that reach back furthest first: so the rows that reach a
  /// lag are the first of the list, and place i is one row's at every lag.
  let lastSteps: [(row: Int, step: Int)]
  /// The same by row, −1 for one without a target.
  private let lastStepOfRow: [Int]

  /// - Parameter lastSteps: nil for a row without a target.
  init(lastSteps: [Int?]) {
    lastStepOfRow = lastSteps.map { $0 ?? -1 }
    self.lastSteps = lastSteps.enumerated().compactMap { row, step in step.map { (row, $0) } }
      .sorted { ($1.step, $0.row) < ($0.step, $1.row) }
  }

  /// B, rows without a target included.
  var batchRows: Int { lastStepOfRow.count }

  /// The batch's last supervised step, −1 without any.
  var lastStep: Int { lastSteps.first?.step ?? -1 }

  /// The number of lags of the row that reaches back furthest.
  var lags: Int { lastStep + 1 }

  /// The lag of `step` for a row; nil where it comes after the row's last supervised step.
  func lag(of row: Int, at step: Int) -> Int? {
    step <= lastStepOfRow[row] ? lastStepOfRow[row] - step : nil
  }

  /// The rows for which `step` is at or before their last supervised one, with its lag.
  func reaching(_ step: Int) -> [(row: Int, lag: Int)] {
    lastSteps.prefix { $0.step >= step }.map { ($0.row, $0.step - step) }
  }
}
