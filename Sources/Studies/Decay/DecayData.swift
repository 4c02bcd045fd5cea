import UnrollDenseMath
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText

/// The batch that gradients are measured on: validation sequences of a generated task, all sequences of
/// a file, stretches of a stream, or a batch of your own.
public struct DecayData: Sendable {
  /// Where the sequences come from.
  public enum Source: Equatable, Sendable {
    /// A task, or a batch of your own, of this name.
    case task(String)
    /// A file of sequences.
    case file(path: String)
  }

  /// Where the sequences come from, which names them in reports.
  public let source: Source
  /// T, B, and what enters and leaves at each step.
  public let shape: BatchShape
  /// The elements of a file that the rows are taken from; nil for data from no file.
  public let measured: MeasuredElements?
  /// How far before the loss the input lies that the task's answer depends on; nil where the task does
  /// not say, and for data from elsewhere.
  public let neededLag: NeededLag?
  /// Whether the rows are stretches of one sequence, as of a text.
  package let isOfStretches: Bool
  /// The last step of each row's sequence, beyond which there is padding.
  package let lastSteps: [Int]
  /// What the file has in place of targets; nil where a loss is differentiated.
  let gradients: GradientSequences?
  private let make: @Sendable () -> Batch<Double>

  /// - Parameter lastSteps: nil for rows without padding.
  private init(
    _ source: Source, _ shape: BatchShape, measured: MeasuredElements? = nil,
    neededLag: NeededLag? = nil, isOfStretches: Bool = false, lastSteps: [Int]? = nil,
    gradients: GradientSequences? = nil,
    make: @escaping @Sendable () -> Batch<Double>
  ) {
    self.source = source
    self.shape = shape
    self.measured = measured
    self.neededLag = neededLag
    self.isOfStretches = isOfStretches
    self.lastSteps = lastSteps ?? Array(repeating: shape.timeSteps - 1, count: shape.rows)
    self.gradients = gradients
    self.make = make
  }

  /// The gradients that the file has in place of targets, of ``GradientSequences/names``; empty where a
  /// loss is differentiated.
  public var givenGradients: [String] { gradients?.given ?? [] }
  /// The number of rows whose gradient ends before their last step, where lag 0 lies all the same.
  public var rowsEndingEarly: Int { gradients?.earlyRows ?? 0 }
  /// Whether these rows may end early because the file does not say their lengths.
  package var mayLackLengths: Bool { gradients?.mayLackLengths ?? false }
  /// Whether gradient enters at more than one step, but at no row's last one.
  package var lacksLastEntry: Bool { gradients?.lacksLastEntry ?? false }

  /// Validation sequences of a task: all of them where it goes over the same sequences again and again,
  /// and those trained on where there is no validation. Of a stream (a text or a series), stretches of
  /// its training part that start at equal distances.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - rows: B, the number of sequences, 1 or more.
  ///   - stretch: T of a stream's stretches; other tasks have their own length.
  ///   - isExact: whether a stream that is shorter than `stretch` is refused; otherwise the whole
  ///     stream is one stretch.
  /// - Throws: `TaskError.lengthOutOfRange` for a stream that is refused.
  public init(
    _ task: any SequenceTask, rows: Int = 20, stretch: Int = 100, isExact: Bool = true
  ) throws(TaskError) {
    let split = task.selectionSplit
    let rows =
      task.hasFixedSequences ? task.layout(of: split, trainingRows: rows).sequences : rows
    try self.init(task, in: split, rows: rows, stretch: stretch, isExact: isExact)
  }

  /// The first `rows` sequences of a part of a task's data, or stretches of a stream's training part; see
  /// ``init(_:rows:stretch:isExact:)``.
  package init(
    _ task: any SequenceTask, in split: Split, rows: Int, stretch: Int, isExact: Bool
  ) throws(TaskError) {
    require(
      rows >= 1 && stretch >= 1, "expected at least 1 row and step, got \(rows), \(stretch)")
    guard task.isStream else {
      self.init(.task(task.name), sequencesOf: task, in: split, rows: rows)
      return
    }
    let available = task.timeSteps(in: .train, rows: 1)
    if isExact, stretch > available {
      throw TaskError.lengthOutOfRange(
        task: task.name, length: stretch, accepted: 1...max(available, 1))
    }
    let shape = task.batchShape(steps: min(stretch, available), rows: rows)
    self.init(
      .task(task.name), shape, measured: Self.stretches(rows, ofTrainingPartOf: task),
      neededLag: task.neededLag, isOfStretches: true
    ) {
      let batch = Batch<Double>(shape)
      batch.fill(withStretchesOf: task)
      return batch
    }
  }

  /// The elements of a stream's training part, which stretches are taken from.
  private static func stretches(
    _ rows: Int, ofTrainingPartOf task: any SequenceTask
  ) -> MeasuredElements? {
    guard let all = task.measured(in: .train, trainingRows: 1),
      let range = task.dataSplit?.range(of: .train)
    else { return nil }
    // A stretch's first element is read, though not predicted.
    return MeasuredElements(
      path: all.path, noun: all.noun, part: all.part, range: range, total: all.total,
      stretches: rows)
  }

  /// The first `rows` whole sequences of a part of a task that is no stream.
  private init(
    _ source: Source, sequencesOf task: any SequenceTask, in split: Split, rows: Int
  ) {
    let shape = task.batchShape(
      in: split, steps: task.timeSteps(in: split, rows: rows), rows: rows)
    let lengths = (task as? ArraysTask)?.lengths(in: split)
    self.init(
      source, shape, measured: task.measured(in: split, trainingRows: rows),
      neededLag: task.neededLag, lastSteps: lengths?.prefix(rows).map { $0 - 1 }
    ) {
      let batch = Batch<Double>(shape)
      task.fill(batch, from: BatchLocation(split: split, sequence: 0, rows: rows))
      return batch
    }
  }

  /// All sequences of a file of arrays: `x` [T, B, I], and targets `y` or, for a saved model, the
  /// gradient by its outputs (`GradientSequences`).
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - targets: a file of `y` alone, beside one without it, and at which steps they stand.
  ///   - classes: O for integer targets, a model's own; nil is the largest one plus 1.
  ///   - masksMissing: whether number targets of NaN are left out rather than refused.
  /// - Throws: what `ArraysTask` and `GradientSequences` throw.
  public init(
    file path: String, targets: TargetsChoice = TargetsChoice(), classes: Int? = nil,
    masksMissing: Bool = false
  ) throws {
    if let gradients = try GradientSequences(path: path, targets: targets.path) {
      self.init(gradients)
      return
    }
    try self.init(
      ArraysTask(
        path: path, targets: targets, seed: 1, classes: classes, masksMissing: masksMissing
      ).undivided,
      of: path)
  }

  /// All sequences of a file that has the gradient by a saved model's outputs in place of targets.
  public init(_ gradients: GradientSequences) {
    self.init(
      .file(path: gradients.path), gradients.shape,
      measured: .all(sequences: gradients.shape.rows, of: gradients.path),
      lastSteps: gradients.lastSteps, gradients: gradients, make: gradients.batch)
  }

  /// All sequences of the file at `path`, of which `task` holds none out.
  package init(_ task: ArraysTask, of path: String) {
    self.init(
      .file(path: path), sequencesOf: task, in: .train, rows: task.lengths(in: .train).count)
  }

  /// A batch of your own.
  ///
  /// - Parameters:
  ///   - name: what the data are called in reports.
  ///   - batch: of sequences that each start from the initial state; it must not be changed later.
  public init(named name: String, _ batch: Batch<Double>) {
    // Safe, because it is only read from here on.
    nonisolated(unsafe) let batch = batch
    self.init(.task(name), batch.shape, lastSteps: batch.stateGradients?.lastSteps) { batch }
  }

  /// The batch, filled.
  public func batch() -> Batch<Double> { make() }

  /// Whether the sequences could as well be read with B before T, so that T = B tells nothing.
  public var isSquare: Bool {
    if case .file = source { shape.timeSteps == shape.rows && shape.rows > 1 } else { false }
  }
}

extension Batch<Double> {
  /// Fills the rows with stretches of a stream's training part that start at equal distances; they
  /// overlap where the stream is short.
  fileprivate func fill(withStretchesOf task: any SequenceTask) {
    let (steps, rows) = (shape.timeSteps, shape.rows)
    let spare = task.timeSteps(in: .train, rows: 1) - steps
    let stretch = Batch(task.batchShape(steps: steps, rows: 1))
    for row in 0..<rows {
      let start = rows > 1 ? spare * row / (rows - 1) : 0
      task.fill(stretch, from: BatchLocation(split: .train, sequence: 0, rows: 1, step: start))
      copy(stretch, toRow: row)
    }
  }

  /// Copies a batch of one row into row `row`.
  private func copy(_ single: Batch, toRow row: Int) {
    let rows = shape.rows
    func copy(_ source: Matrix<Double>, to target: Matrix<Double>, places: Int) {
      guard source.count > 0 else { return }
      let width = source.count / places
      target.reshaped(rows: places, columns: rows * width)
        .columns(row * width..<(row + 1) * width)
        .assign(source.reshaped(rows: places, columns: width))
    }
    let supervised = shape.supervised.count
    copy(single.inputs, to: inputs, places: shape.timeSteps)
    copy(single.targets, to: targets, places: supervised)
    copy(single.lossMask, to: lossMask, places: supervised)
    for (step, index) in single.inputClasses.enumerated() {
      inputClasses[step * rows + row] = index
    }
    for (step, index) in single.targetClasses.enumerated() {
      targetClasses[step * rows + row] = index
    }
  }
}
