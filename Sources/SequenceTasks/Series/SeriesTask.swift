import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells

/// Forecasting the next value of one column of a CSV file from the values before it. Squared error
/// at every step, in scaled units; the last values are held out.
///
/// Training runs over the training part cut into rows. The test is one row over the whole series,
/// so that the state is warm, and counts the steps whose targets are held out.
public struct SeriesTask: SequenceTask {
  /// The series in its own units.
  public let values: [Double]
  /// Where the held-out values begin.
  public let firstHeldOut: Int
  /// What brings the training part to mean 0 and standard deviation 1, or a model's own scaling.
  public let scaling: SeriesScaling
  /// In the series' own units.
  public let baselines: SeriesBaselines
  /// Where the values lie.
  public let index: SeriesIndex
  /// The column's name; without a header its number.
  public let column: String
  /// Whether each value counts as a target: false for those that are missing and masked.
  public let isTarget: [Bool]
  public let notices: [String]
  private let path: String
  /// The scaled series [n, 1].
  private let scaled: Matrix<Double>

  public var name: String { "series" }
  public var input: InputKind { .values(1) }
  public var target: TargetKind { .values(1) }
  public var isStream: Bool { true }
  public var baselineName: String { "persistence" }
  public var modelMetadata: [String: String] { [SeriesScaling.metadataKey: scaling.encoded] }
  /// The error of persistence, x̂_t = x_{t−1}, in scaled units.
  public var baselineLoss: Double {
    baselines.persistence / (scaling.deviation * scaling.deviation)
  }

  /// The fewest values that AR(2) can be fitted to: three equations for its three coefficients.
  static let leastTrainingCount = 5

  /// - Parameters:
  ///   - column: a name in the header, or a number from 1.
  ///   - holdout: how many values at the end are held out; nil is a fifth, at least 1.
  ///   - scaling: a model's own; nil takes the training part's.
  ///   - reading: how the file is to be read.
  /// - Throws: `FileError` for what is no CSV file with such a column of numbers,
  ///   ``TaskError/tooFewData(path:count:needed:)``,
  ///   ``TaskError/holdoutOutOfRange(path:holdout:accepted:)``,
  ///   ``TaskError/notScalable(path:column:)``, ``TaskError/nothingToTest(path:column:)``.
  public init(
    path: String, column: String, holdout: Int? = nil, scaling: SeriesScaling? = nil,
    reading: CSVReading = CSVReading()
  ) throws {
    let series = try CSVSeries(path: path, columns: [column], as: reading)
    let (values, isTarget) = (series.columns[0].values, series.columns[0].isTarget)
    guard values.count > Self.leastTrainingCount else {
      throw TaskError.tooFewData(
        path: path, count: max(values.count - 1, 0), needed: Self.leastTrainingCount)
    }
    let accepted = 1...values.count - Self.leastTrainingCount
    let holdout = holdout ?? max(values.count / 5, 1)
    guard accepted.contains(holdout) else {
      throw TaskError.holdoutOutOfRange(path: path, holdout: holdout, accepted: accepted)
    }
    let firstHeldOut = values.count - holdout
    let known = values.indices.filter { $0 < firstHeldOut && isTarget[$0] }.map { values[$0] }
    guard let scaling = scaling ?? SeriesScaling(known[...]) else {
      throw TaskError.notScalable(path: path, column: column)
    }
    guard isTarget[firstHeldOut...].contains(true) else {
      throw TaskError.nothingToTest(path: path, column: column)
    }
    self.path = path
    self.column = series.columns[0].name
    self.isTarget = isTarget
    index = series.index
    notices = series.notices.map(\.description)
    self.values = values
    self.firstHeldOut = firstHeldOut
    self.scaling = scaling
    baselines = SeriesBaselines(values, firstHeldOut: firstHeldOut, isTarget: isTarget)
    scaled = Matrix(rows: values.count, columns: 1, values.map(scaling.scaled))
  }

  public func requireData(forRows rows: Int) throws(TaskError) {
    let needed = StreamRows.elementsNeeded(forRows: rows)
    if firstHeldOut < needed {
      throw .tooFewData(path: path, count: firstHeldOut, needed: needed)
    }
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { cut(split, rows: rows).length }

  public func testLayout(trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    (rows: 1, sequences: 1)
  }

  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let (rows, steps) = (batch.shape.rows, batch.shape.timeSteps)
    let cut = cut(location.split, rows: location.rows)
    let filled = cut.steps(from: location.step, atMost: steps)
    let inputs = batch.inputs.reshaped(rows: steps, columns: rows)
    let targets = batch.targets.reshaped(rows: steps, columns: rows)
    let weights = batch.lossMask.reshaped(rows: steps, columns: rows)
    inputs.rows(filled..<steps).fill(0)
    targets.rows(filled..<steps).fill(0)
    weights.rows(filled..<steps).fill(0)
    guard filled > 0 else { return }
    let firstTarget = location.split == .train ? 0 : firstHeldOut
    for row in 0..<rows {
      let start = cut.element(row: location.sequence + row, step: location.step)
      let column = row..<row + 1
      inputs.rows(0..<filled).columns(column).assign(rounding: scaled.rows(start..<start + filled))
      targets.rows(0..<filled).columns(column).assign(
        rounding: scaled.rows(start + 1..<start + 1 + filled))
      let unweighted = min(max(firstTarget - (start + 1), 0), filled)
      weights.rows(0..<unweighted).columns(column).fill(0)
      weights.rows(unweighted..<filled).columns(column).fill(1)
      for step in unweighted..<filled where !isTarget[start + 1 + step] { weights[step, row] = 0 }
    }
  }

  public func results(testLoss: Double) -> [TaskResult] {
    [
      TaskResult(
        key: "squared_error", label: "squared error, unscaled",
        value: scaling.unscaled(loss: testLoss)),
      TaskResult(key: "ar2_squared_error", label: "the same of AR(2)", value: baselines.ar2),
      TaskResult(
        key: "persistence_squared_error", label: "the same of persistence",
        value: baselines.persistence),
    ]
  }

  private func cut(_ split: Split, rows: Int) -> StreamRows {
    StreamRows(elements: split == .train ? firstHeldOut : values.count, rows: rows)
  }
}
