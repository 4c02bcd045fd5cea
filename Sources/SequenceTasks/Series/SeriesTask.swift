import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// Forecasting the next values of columns of a CSV file from the values before them: one column from
/// itself, or one or more columns from several. Squared error at every step, in scaled units, the mean
/// over the columns that are predicted. The last values are for the test, as many before them for
/// validation.
///
/// Training runs over the training part cut into rows. Validation and test are each one row from the
/// series' beginning, so that the state runs on through the parts before, and count the steps whose
/// targets are in the part. A step counts where the value of every predicted column is known.
public struct SeriesTask: SequenceTask {
  /// The columns that are read at each step.
  public let inputs: [SeriesColumn]
  /// The columns whose next values are predicted.
  public let targets: [SeriesColumn]
  /// Where the validation values begin: the number of values trained on.
  public var firstValidation: Int { parts.training }
  /// Where the test values begin.
  public var firstTest: Int { parts.range(of: .test).lowerBound }
  /// Where the values lie.
  public let index: SeriesIndex
  /// Whether each row counts as a target: false where a predicted column's value is missing and masked.
  public let isTarget: [Bool]
  /// For each of ``inputs``, which of ``targets`` it is, so that predictions can be read in its place;
  /// nil where a column is read that is not predicted.
  public let feedback: [Int]?
  /// The name of a column that is read but not predicted; nil where there is none.
  public let columnWithoutFeedback: String?
  public let notices: [String]
  private let path: String
  private let parts: DataSplit
  private let extent: TestExtent?
  private let baselinesOfTargets: [Split: [SeriesBaselines]]
  /// How many values the file has.
  private let total: Int
  /// The scaled columns [n, I] and [n, O].
  private let scaledInputs: Matrix<Double>
  private let scaledTargets: Matrix<Double>

  public var name: String { "series" }
  public var input: InputKind { .values(inputs.count) }
  public var target: TargetKind { .values(targets.count) }
  public var isStream: Bool { true }
  public var baselineName: String { "persistence" }
  public var dataSplit: DataSplit? { parts }
  public var modelMetadata: [String: String] { [SeriesScalings.metadataKey: scalings.encoded] }
  /// The error of persistence, x̂_t = x_{t−1}, on the test values, in scaled units.
  public var baselineLoss: Double { baselineLoss(in: .test) }

  /// A task on one column, which is read and predicted.
  ///
  /// - Parameters:
  ///   - column: a name in the header, or a number from 1.
  ///   - holdout: how many values at the end are for the test, and as many before them for validation;
  ///     nil is a fifth, at least 1.
  ///   - scaling: a model's own; nil takes the training part's.
  ///   - reading: how the file is to be read.
  ///   - split: how a run has divided the series, of which what lies beyond is not used; nil uses all.
  /// - Throws: as ``init(path:columns:targets:holdout:scalings:reading:split:extent:)``.
  public init(
    path: String, column: String, holdout: Int? = nil, scaling: SeriesScaling? = nil,
    reading: CSVReading = CSVReading(), split: DataSplit? = nil
  ) throws {
    try self.init(
      path: path, columns: [column], holdout: holdout, scalings: scaling.map { SeriesScalings($0) },
      reading: reading, split: split)
  }

  /// A task on several columns.
  ///
  /// - Parameters:
  ///   - columns: what is read, names in the header or numbers from 1.
  ///   - targets: what is predicted, likewise; nil is all that is read.
  ///   - holdout: how many rows at the end are for the test, and as many before them for validation;
  ///     nil is a fifth, at least 1.
  ///   - scalings: a model's own, in the order of columns and targets; nil takes each column's training
  ///     part.
  ///   - reading: how the file is to be read.
  ///   - split: how a run has divided the series, of which what lies beyond is not used; nil uses all.
  ///   - extent: what a model is tested on that was trained before, in place of the hold-out and the
  ///     split. A series that is tested as a whole has no part to train on: AR(2), and the scaling where
  ///     there is none, are fitted to the values measured.
  /// - Throws: `FileError` for what is no CSV file with such columns of numbers,
  ///   ``TaskError/repeatedColumn(path:column:)``,
  ///   ``TaskError/otherColumns(path:inputs:targets:neededInputs:neededTargets:)``,
  ///   ``TaskError/tooShort(path:count:needed:)``,
  ///   ``TaskError/holdoutOutOfRange(path:holdout:accepted:)``,
  ///   ``TaskError/notScalable(path:column:)``,
  ///   ``TaskError/tooClose(path:column:spread:)``, ``TaskError/nothingKnown(path:columns:part:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``,
  ///   ``TaskError/otherSplit(path:recorded:found:)``.
  public init(
    path: String, columns: [String], targets: [String]? = nil, holdout: Int? = nil,
    scalings: SeriesScalings? = nil, reading: CSVReading = CSVReading(), split: DataSplit? = nil,
    extent: TestExtent? = nil
  ) throws {
    let targetNames = targets ?? columns
    require(
      !columns.isEmpty && !targetNames.isEmpty, "expected at least 1 column and 1 target, got none")
    let unfilled = try UnfilledSeries(path: path, columns: columns + targetNames, as: reading)
    let count =
      extent == nil ? try DataSplit.count(split, of: unfilled.count, path: path) : unfilled.count
    try unfilled.requireAcceptedValues(count: count)
    let parts =
      try extent?.split(
        count: count, path: path, least: DataSplit.leastTestCount(extent), noun: "value",
        isReversed: unfilled.isReversed)
      ?? .series(path: path, count: count, holdout: holdout)
    // Without a training part, what there is is fitted.
    let fitted: (part: Split, range: Range<Int>) =
      parts.training >= DataSplit.leastTrainingCount
      ? (.train, parts.range(of: .train)) : (.test, 0..<count)
    // What stands in for missing values is made part by part, so that none knows of a later one.
    let series = try CSVSeries(unfilled, count: count, partStarts: parts.starts)
    let inputPlaces = Array(series.places[..<columns.count])
    let targetPlaces = Array(series.places[columns.count...])
    for places in [inputPlaces, targetPlaces] {
      for (index, place) in places.enumerated() where places[..<index].contains(place) {
        throw TaskError.repeatedColumn(path: path, column: series.columns[place].name)
      }
    }
    if let scalings,
      scalings.inputs.count != inputPlaces.count || scalings.targets.count != targetPlaces.count
    {
      throw TaskError.otherColumns(
        path: path, inputs: inputPlaces.count, targets: targetPlaces.count,
        neededInputs: scalings.inputs.count, neededTargets: scalings.targets.count)
    }
    func column(_ place: Int, _ own: SeriesScaling?) throws -> SeriesColumn {
      let column = series.columns[place]
      return SeriesColumn(
        name: column.name, values: column.values, isKnown: column.isKnown,
        scaling: try own ?? Self.scaling(of: column, path: path, fittedTo: fitted))
    }
    inputs = try inputPlaces.enumerated().map { try column($1, scalings?.inputs[$0].scaling) }
    self.targets = try targetPlaces.enumerated().map {
      try column($1, scalings?.targets[$0].scaling)
    }
    let unpredicted = inputPlaces.first { !targetPlaces.contains($0) }
    columnWithoutFeedback = unpredicted.map { series.columns[$0].name }
    feedback = unpredicted == nil ? inputPlaces.compactMap(targetPlaces.firstIndex) : nil
    // Under --missing mask, what comes before the first value is that value, of whatever part.
    for column in inputs + self.targets where !column.isKnown[fitted.range].contains(true) {
      throw TaskError.nothingKnown(path: path, columns: [column.name], part: fitted.part)
    }
    let isTarget = (0..<count).map { row in
      targetPlaces.allSatisfy { series.columns[$0].isTarget[row] }
    }
    let presentParts = Split.allCases.filter { !parts.range(of: $0).isEmpty }
    for part in presentParts {
      // The first value is no target: nothing comes before it.
      let places = parts.range(of: part).clamped(to: 1..<count)
      if !isTarget[places].contains(true) {
        throw TaskError.nothingKnown(path: path, columns: self.targets.map(\.name), part: part)
      }
    }
    self.path = path
    total = unfilled.count
    self.isTarget = isTarget
    self.parts = parts
    self.extent = extent
    index = series.index
    notices =
      series.notices.map(\.description)
      + Self.notices(of: inputs + self.targets, in: scalings, path: path)
    let models = self.targets.map {
      AR2Model(fitting: $0.values[fitted.range], isKnown: $0.isKnown[fitted.range])
    }
    var baselines: [Split: [SeriesBaselines]] = [:]
    for part in presentParts {
      let places = parts.range(of: part).clamped(to: 1..<count)
      baselines[part] = zip(self.targets, models).map {
        SeriesBaselines($0.values, ar2: $1, part: places, isTarget: isTarget)
      }
    }
    baselinesOfTargets = baselines
    scaledInputs = Self.scaled(inputs)
    scaledTargets = Self.scaled(self.targets)
    if extent == nil { try parts.requireSame(as: split, path: path) }
  }

  public func requireData(forRows rows: Int) throws(TaskError) {
    if extent != nil { return }
    let needed = StreamRows.elementsNeeded(forRows: rows)
    if firstValidation < needed {
      throw .tooFewData(
        path: path, count: firstValidation, heldOut: parts.count - firstValidation, needed: needed)
    }
    // What is left over behind the last row is not trained on.
    let used = cut(.train, rows: rows).spacing * rows
    if !isTarget[1...used].contains(true) {
      throw .nothingKnown(path: path, columns: targets.map(\.name), part: .train)
    }
  }

  public func measured(in split: Split, trainingRows rows: Int) -> MeasuredElements? {
    let range = parts.range(of: split).clamped(to: 1..<isTarget.count)
    guard !range.isEmpty else { return nil }
    let isWhole = parts.range(of: split).count == total
    return MeasuredElements(
      path: path, noun: "values", part: isWhole ? nil : split, range: range, total: total,
      count: isTarget[range].count { $0 },
      hasGrown: split == .test && extent?.adds(behind: parts) ?? false)
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { cut(split, rows: rows).length }

  public func layout(of split: Split, trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    split == .train ? (rows, rows) : (1, 1)
  }

  public func baselineLoss(in split: Split) -> Double {
    let losses = zip(targets, baselines(in: split)).map { target, baselines in
      baselines.persistence / (target.scaling.deviation * target.scaling.deviation)
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let (rows, steps) = (batch.shape.rows, batch.shape.timeSteps)
    let cut = cut(location.split, rows: location.rows)
    let filled = cut.steps(from: location.step, atMost: steps)
    let (width, outputs) = (inputs.count, targets.count)
    let inputs = batch.inputs.reshaped(rows: steps, columns: rows * width)
    let targets = batch.targets.reshaped(rows: steps, columns: rows * outputs)
    let weights = batch.lossMask.reshaped(rows: steps, columns: rows)
    inputs.rows(filled..<steps).fill(0)
    targets.rows(filled..<steps).fill(0)
    weights.rows(filled..<steps).fill(0)
    guard filled > 0 else { return }
    let firstTarget = parts.range(of: location.split).lowerBound
    for row in 0..<rows {
      let start = cut.element(row: location.sequence + row, step: location.step)
      inputs.rows(0..<filled).columns(row * width..<(row + 1) * width)
        .assign(rounding: scaledInputs.rows(start..<start + filled))
      targets.rows(0..<filled).columns(row * outputs..<(row + 1) * outputs)
        .assign(rounding: scaledTargets.rows(start + 1..<start + 1 + filled))
      let (column, unweighted) = (row..<row + 1, min(max(firstTarget - (start + 1), 0), filled))
      weights.rows(0..<unweighted).columns(column).fill(0)
      weights.rows(unweighted..<filled).columns(column).fill(1)
      for step in unweighted..<filled where !isTarget[start + 1 + step] { weights[step, row] = 0 }
    }
  }

  /// An evaluation begins at the series' beginning, wherever its part does.
  private func cut(_ split: Split, rows: Int) -> StreamRows {
    StreamRows(elements: parts.range(of: split).upperBound, rows: rows)
  }
}

// MARK: - What a model needs and what it reaches

extension SeriesTask {
  /// Whether AR(2) is fitted to the values that are measured: of a series that is tested as a whole there
  /// are no others.
  public var fitsMeasuredValues: Bool { parts.training < DataSplit.leastTrainingCount }

  /// The scalings of the columns, which a model file keeps.
  public var scalings: SeriesScalings {
    func named(_ columns: [SeriesColumn]) -> [SeriesScalings.Column] {
      columns.map { .init(name: $0.name, scaling: $0.scaling) }
    }
    return SeriesScalings(inputs: named(inputs), targets: named(targets))
  }

  /// What simple forecasters reach on a part of each predicted column.
  public func baselines(in split: Split) -> [SeriesBaselines] { baselinesOfTargets[split] ?? [] }

  /// The mean squared errors of predictions on a part, in each predicted column's own units squared.
  ///
  /// - Parameter predictions: for each predicted column, element i for value i + 1, as
  ///   ``SeriesForecast/oneStepAhead(columns:until:)`` gives them.
  public func squaredErrors(of predictions: [[Double]], in split: Split) -> [Double] {
    let places = parts.range(of: split).filter { $0 > 0 && isTarget[$0] }
    return zip(targets, predictions).map { target, predictions in
      places.reduce(0) { sum, place in
        let error = predictions[place - 1] - target.values[place]
        return sum + error * error
      } / Double(places.count)
    }
  }

  /// Of one predicted column, the squared error in its own units beside those of known methods. The loss
  /// alone does not tell the errors of several columns; see ``squaredErrors(of:in:)``.
  public func results(loss: Double, in split: Split) -> [TaskResult] {
    guard targets.count == 1, let baselines = baselines(in: split).first else { return [] }
    return [
      TaskResult(
        key: "squared_error", label: "squared error, unscaled",
        value: scaling.unscaled(loss: loss)),
      TaskResult(key: "ar2_squared_error", label: ar2Label, value: baselines.ar2),
      TaskResult(
        key: "persistence_squared_error", label: "the same of persistence",
        value: baselines.persistence),
    ]
  }

  /// What the error of AR(2) is called beside a model's.
  package var ar2Label: String {
    fitsMeasuredValues ? "AR(2), fitted to these" : "the same of AR(2)"
  }

  /// The name of the first predicted column.
  public var column: String { targets[0].name }
  /// The values of the first predicted column.
  public var values: [Double] { targets[0].values }
  /// The scaling of the first predicted column.
  public var scaling: SeriesScaling { targets[0].scaling }
  /// Of known methods on the test values of the first predicted column, in its own units.
  public var baselines: SeriesBaselines { baselines(in: .test)[0] }
}
