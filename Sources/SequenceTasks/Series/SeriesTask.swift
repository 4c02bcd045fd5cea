import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells

/// Forecasting the next value of one column of a CSV file from the values before it. Squared error
/// at every step, in scaled units. The last values are for the test, as many before them for
/// validation.
///
/// Training runs over the training part cut into rows. Validation and test are each one row from the
/// series' beginning, so that the state runs on through the parts before, and count the steps whose
/// targets are in the part.
public struct SeriesTask: SequenceTask {
  /// The series in its own units.
  public let values: [Double]
  /// Where the validation values begin: the number of values trained on.
  public let firstValidation: Int
  /// Where the test values begin.
  public let firstTest: Int
  /// What brings the training part to mean 0 and standard deviation 1, or a model's own scaling.
  public let scaling: SeriesScaling
  /// Of known methods on the test values, in the series' own units.
  public let baselines: SeriesBaselines
  /// The same on the validation values.
  public let validationBaselines: SeriesBaselines
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
  public var modelMetadata: [String: String] {
    [SeriesScaling.metadataKey: scaling.encoded, DataSplit.metadataKey: split.encoded]
  }
  private var split: DataSplit {
    DataSplit(
      count: values.count, training: firstValidation, validation: firstTest - firstValidation)
  }
  /// The error of persistence, x̂_t = x_{t−1}, on the test values, in scaled units.
  public var baselineLoss: Double { baselineLoss(in: .test) }

  /// The fewest values that AR(2) can be fitted to: three equations for its three coefficients.
  static let leastTrainingCount = 5
  /// One value for the test, and one for validation.
  static let leastCount = leastTrainingCount + 2

  /// - Parameters:
  ///   - column: a name in the header, or a number from 1.
  ///   - holdout: how many values at the end are for the test, and as many before them for validation;
  ///     nil is a fifth, at least 1.
  ///   - scaling: a model's own; nil takes the training part's.
  ///   - reading: how the file is to be read.
  ///   - split: how a run has divided the series, of which what lies beyond is not used; nil uses all.
  /// - Throws: `FileError` for what is no CSV file with such a column of numbers,
  ///   ``TaskError/tooFewData(path:count:needed:)``,
  ///   ``TaskError/holdoutOutOfRange(path:holdout:accepted:)``,
  ///   ``TaskError/notScalable(path:column:)``, ``TaskError/nothingKnown(path:column:part:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``,
  ///   ``TaskError/otherSplit(path:recorded:found:)``.
  public init(
    path: String, column: String, holdout: Int? = nil, scaling: SeriesScaling? = nil,
    reading: CSVReading = CSVReading(), split: DataSplit? = nil
  ) throws {
    let series = try CSVSeries(path: path, columns: [column], as: reading)
    let count = try DataSplit.count(split, of: series.count, path: path)
    let values = Array(series.columns[0].values.prefix(count))
    let isTarget = Array(series.columns[0].isTarget.prefix(count))
    guard values.count >= Self.leastCount else {
      throw TaskError.tooShort(path: path, count: values.count, needed: Self.leastCount)
    }
    let accepted = 1...(values.count - Self.leastTrainingCount) / 2
    let holdout = holdout ?? max(values.count / 5, 1)
    guard accepted.contains(holdout) else {
      throw TaskError.holdoutOutOfRange(path: path, holdout: holdout, accepted: accepted)
    }
    let firstTest = values.count - holdout
    let firstValidation = firstTest - holdout
    // The first value is no target: nothing comes before it.
    let targets = [
      (Split.train, 1..<firstValidation), (.validation, firstValidation..<firstTest),
      (.test, firstTest..<values.count),
    ]
    for (part, places) in targets where !isTarget[places].contains(true) {
      throw TaskError.nothingKnown(path: path, column: column, part: part)
    }
    let known = (0..<firstValidation).filter { isTarget[$0] }.map { values[$0] }
    guard let scaling = scaling ?? SeriesScaling(known[...]) else {
      throw TaskError.notScalable(path: path, column: column)
    }
    self.path = path
    self.column = series.columns[0].name
    self.isTarget = isTarget
    index = series.index
    notices = series.notices.map(\.description)
    self.values = values
    self.firstValidation = firstValidation
    self.firstTest = firstTest
    self.scaling = scaling
    baselines = SeriesBaselines(
      values, trainingCount: firstValidation, part: firstTest..<values.count, isTarget: isTarget)
    validationBaselines = SeriesBaselines(
      values, trainingCount: firstValidation, part: firstValidation..<firstTest, isTarget: isTarget)
    scaled = Matrix(rows: values.count, columns: 1, values.map(scaling.scaled))
    try self.split.requireSame(as: split, path: path)
  }

  public func requireData(forRows rows: Int) throws(TaskError) {
    let needed = StreamRows.elementsNeeded(forRows: rows)
    if firstValidation < needed {
      throw .tooFewData(path: path, count: firstValidation, needed: needed)
    }
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { cut(split, rows: rows).length }

  public func layout(of split: Split, trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    split == .train ? (rows, rows) : (1, 1)
  }

  public func baselineLoss(in split: Split) -> Double {
    baselines(in: split).persistence / (scaling.deviation * scaling.deviation)
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
    let firstTarget = part(location.split).lowerBound
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

  public func results(loss: Double, in split: Split) -> [TaskResult] {
    let baselines = baselines(in: split)
    return [
      TaskResult(
        key: "squared_error", label: "squared error, unscaled",
        value: scaling.unscaled(loss: loss)),
      TaskResult(key: "ar2_squared_error", label: "the same of AR(2)", value: baselines.ar2),
      TaskResult(
        key: "persistence_squared_error", label: "the same of persistence",
        value: baselines.persistence),
    ]
  }

  private func baselines(in split: Split) -> SeriesBaselines {
    switch split {
    case .train:
      SeriesBaselines(values, trainingCount: firstValidation, part: 2..<firstValidation)
    case .validation: validationBaselines
    case .test: baselines
    }
  }

  private func part(_ split: Split) -> Range<Int> {
    switch split {
    case .train: 0..<firstValidation
    case .validation: firstValidation..<firstTest
    case .test: firstTest..<values.count
    }
  }

  /// An evaluation begins at the series' beginning, wherever its part does.
  private func cut(_ split: Split, rows: Int) -> StreamRows {
    StreamRows(elements: part(split).upperBound, rows: rows)
  }
}
