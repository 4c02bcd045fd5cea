import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// Where a model's data come from, and what counts as having learned.
///
/// Most tasks are sets of independent sequences of T steps: a batch holds B of them, the state
/// starts anew with each. A *stream* is one long sequence cut into B rows that run side by side:
/// the batch holds one window at a time, and the state is carried from window to window until the
/// pass over the data ends.
///
/// Filling is a pure function of the location asked for, so that workers fill their own rows in
/// parallel, a resumed run sees the data it would have seen, and no number depends on the number of
/// workers.
///
/// A task of your own needs six members; the others have defaults. Here a model is to say whether
/// more than half of T coin tosses were heads:
///
///     struct MajorityTask: SequenceTask {
///       let name = "majority"
///       let input = InputKind.values(1)
///       let target = TargetKind.classes(2)
///       let baselineLoss = log(2.0)
///       func timeSteps(in split: Split, rows: Int) -> Int { 15 }
///
///       func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
///         for row in 0..<batch.shape.rows {
///           var random = location.randomNumbers(seed: 1, row: row)
///           var heads = 0
///           for step in 0..<15 {
///             let toss = random.integer(in: 0..<2)
///             batch.inputs(step: step, row: row)[0, 0] = Element(toss)
///             heads += toss
///           }
///           batch.targetClasses[row] = heads > 7 ? 1 : 0
///         }
///       }
///     }
public protocol SequenceTask: Sendable {
  /// What the task is called, on the command line and in files.
  var name: String { get }
  /// What enters at each step.
  var input: InputKind { get }
  /// What a model is to give at each step with a target.
  var target: TargetKind { get }
  /// T, or for a stream of `rows` rows the steps of one pass over that part of the data.
  func timeSteps(in split: Split, rows: Int) -> Int
  /// The test loss of a model that has learned nothing of what the task is about.
  var baselineLoss: Double { get }
  /// Writes the inputs, targets and loss mask of every row and step of `batch`, from `location` on.
  /// Steps past the end of a stream get 0 in the loss mask, all other targets 1. A new batch has
  /// zeros as inputs and targets and ones in the mask, and a task that never writes anything else
  /// there may leave them.
  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation)

  /// Whether the task is one long sequence; false by default.
  var isStream: Bool { get }
  /// The number of sequences in a part of the data: nil where they never run out, as generated
  /// training data do not, and 0 for a part that the task does not have. Training goes over the same
  /// sequences again and again, an evaluation over each of them once. By default nil for training and
  /// 1,000 generated sequences for validation and for the test. Streams are not asked.
  func sequenceCount(in split: Split) -> Int?
  /// The steps with targets and the steps scored for accuracy, of a batch of `steps` steps. By
  /// default the targets are at the last step, in a stream at every step, and all of them are scored
  /// where they are classes.
  func supervision(in split: Split, steps: Int) -> (supervised: Range<Int>, scored: Range<Int>)
  /// Whether no target of the training data is left out: the loss mask is 1 everywhere. Ranks that share
  /// a batch then need not tell each other how many targets their rows have. False by default, which is
  /// right for every task.
  var hasEveryTarget: Bool { get }
  /// How an evaluation lays out a part of the data when training uses `rows` rows: rows side by side,
  /// and how many sequences there are (for a stream, the rows themselves). By default all sequences of
  /// `sequenceCount(in:)`, or a stream in as many rows as in training.
  func layout(of split: Split, trainingRows rows: Int) -> (rows: Int, sequences: Int)
  /// The baseline loss on a part of the data, where it differs from the test's; by default it does not.
  func baselineLoss(in split: Split) -> Double
  /// What a model at ``baselineLoss`` does, in a few words: `always 1`. By default `nothing learned`.
  var baselineName: String { get }
  /// When the task counts as solved; nil, the default, without a criterion.
  var criterion: SolveCriterion? { get }
  /// How far before the last loss the input lies that an answer depends on, at most; nil, the default,
  /// where that is not known.
  var neededLag: NeededLag? { get }
  /// Refuses a number of rows side by side that the training data cannot be cut into. Nothing is
  /// refused by default: generated data and sequences that are used again never run out.
  ///
  /// - Throws: ``TaskError/tooFewData(path:count:heldOut:needed:)``.
  func requireData(forRows rows: Int) throws(TaskError)
  /// Refuses to go on where files that are read during the run were cut short, so that what a batch was
  /// filled with is worth nothing. By default there are none: other files are read once.
  ///
  /// - Throws: `FileError.cutShort`.
  func requireWholeFiles() throws(FileError)
  /// Refuses also files that were changed during the run. It may read them, so that it is asked before something is
  /// saved or reported rather than for each batch. By default as ``requireWholeFiles()``.
  ///
  /// - Throws: `FileError.cutShort`, `.changed`.
  func requireUnchangedFiles() throws(FileError)
  /// What was made of the data that may have been meant otherwise, a line each; nothing by default.
  var notices: [String] { get }
  /// What is odd, though allowed, about training with `rows` rows side by side, a line each. By
  /// default ``notices``, and that a batch holds more rows than there are sequences to train on.
  func warnings(rows: Int) -> [String]
  /// A loss on a part of the data in units that people of the field use, beside those of known
  /// methods; none by default.
  func results(loss: Double, in split: Split) -> [TaskResult]
  /// Which elements of a file an evaluation of a part is on when training uses `rows` rows; nil, the
  /// default, for data from no file, and for a part that there is not.
  func measured(in split: Split, trainingRows rows: Int) -> MeasuredElements?
  /// How the elements of a file are divided into parts; nil, the default, for generated data.
  var dataSplit: DataSplit? { get }
  /// What a model file keeps so that data can be turned into numbers and back without the task, such
  /// as a vocabulary; nothing by default.
  var modelMetadata: [String: String] { get }
}

/// A number that says in a task's own units how well a model does.
public struct TaskResult: Sendable, Equatable {
  /// Its name in `summary.json`: `bits_per_character`.
  public let key: String
  /// Its name for people: `bits per character`.
  public let label: String
  /// The number.
  public let value: Double
  /// Whether the number is a share, from 0 to 1, which people read as a percentage.
  public let isShare: Bool

  /// A result with its two names.
  public init(key: String, label: String, value: Double) {
    (self.key, self.label, self.value, isShare) = (key, label, value, false)
  }

  /// A share, from 0 to 1, with its two names.
  public init(key: String, label: String, share: Double) {
    (self.key, self.label, value, isShare) = (key, label, share, true)
  }

  /// The number for people.
  public var text: String {
    isShare ? NumberText.percent(value) : NumberText.significant(value)
  }
}

/// A part of a task's data. Sequences that are generated come from seeds of the part's own.
public enum Split: UInt64, Sendable, CaseIterable {
  /// What the weights are fitted to.
  case train = 0
  /// Measured during training: the best weights are chosen by it, and it says whether the task is
  /// solved.
  case validation = 1
  /// Measured once, after training.
  case test = 2
}

/// Which part of a task's data fills a batch.
public struct BatchLocation: Sendable {
  /// The part of the data.
  public var split: Split
  /// The number of the first row's sequence; in a stream, of the first row.
  public var sequence: Int
  /// Rows side by side over all workers: a stream is cut into that many.
  public var rows: Int
  /// The first step of the window; 0 but for streams.
  public var step: Int
  /// Whether training asks, which may take sequences in an order of its own. An evaluation takes them
  /// in the order they have.
  public var isForTraining: Bool

  /// The place from `sequence` and `step` on.
  public init(
    split: Split, sequence: Int, rows: Int, step: Int = 0, isForTraining: Bool = false
  ) {
    self.split = split
    self.sequence = sequence
    self.rows = rows
    self.step = step
    self.isForTraining = isForTraining
  }

  /// The random numbers of the generated sequence in row `row` of the batch. They depend on `seed`,
  /// the split and the sequence's number alone, so that a sequence is the same in whatever batch and
  /// on whichever worker it is generated.
  public func randomNumbers(seed: UInt64, row: Int) -> RandomNumbers {
    RandomNumbers(seed: seed, split.rawValue, UInt64(sequence + row))
  }
}

/// When a task counts as solved, judged on the validation data.
public enum SolveCriterion: Sendable, Equatable {
  /// The mean loss is below a limit.
  case lossBelow(Double)
  /// The share of right answers is at least this.
  case accuracyAtLeast(Double)

  /// The same kind of criterion at another value.
  public func at(_ value: Double) -> SolveCriterion {
    switch self {
    case .lossBelow: .lossBelow(value)
    case .accuracyAtLeast: .accuracyAtLeast(value)
    }
  }

  /// Whether a result meets it; without an accuracy, a criterion of accuracy is not met.
  public func isMet(loss: Double, accuracy: Double?) -> Bool {
    switch self {
    case .lossBelow(let limit): loss < limit
    case .accuracyAtLeast(let share): (accuracy ?? 0) >= share
    }
  }
}

extension SequenceTask {
  public var isStream: Bool { false }
  public var hasEveryTarget: Bool { false }
  public var baselineName: String { "nothing learned" }
  public var criterion: SolveCriterion? { nil }
  public var neededLag: NeededLag? { nil }
  public var notices: [String] { [] }
  public var dataSplit: DataSplit? { nil }
  public func measured(in split: Split, trainingRows rows: Int) -> MeasuredElements? { nil }
  public var modelMetadata: [String: String] { [:] }

  public func sequenceCount(in split: Split) -> Int? { HeldOutCounts().count(in: split) }

  public func supervision(
    in split: Split, steps: Int
  ) -> (supervised: Range<Int>, scored: Range<Int>) {
    let supervised = (isStream ? 0 : max(steps - 1, 0))..<steps
    if case .classes = target { return (supervised, supervised) }
    return (supervised, steps..<steps)
  }

  public func layout(of split: Split, trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    if isStream { return (rows: rows, sequences: rows) }
    let count = max(sequenceCount(in: split) ?? HeldOutCounts.usual, 1)
    return (rows: min(rows, count), sequences: count)
  }

  public func baselineLoss(in split: Split) -> Double { baselineLoss }

  public func requireData(forRows rows: Int) throws(TaskError) {}

  public func requireWholeFiles() throws(FileError) {}

  public func requireUnchangedFiles() throws(FileError) { try requireWholeFiles() }

  public func warnings(rows: Int) -> [String] {
    guard !isStream, let count = sequenceCount(in: .train), rows > count else { return notices }
    return notices + [
      "a batch of \(rows) rows holds some of the data several times: \(NumberText.count(count, "sequence"))"
    ]
  }

  public func results(loss: Double, in split: Split) -> [TaskResult] { [] }

  /// The sizes of a batch of `steps` steps of a part of this task's data.
  public func batchShape(in split: Split = .train, steps: Int, rows: Int) -> BatchShape {
    let (supervised, scored) = supervision(in: split, steps: steps)
    return BatchShape(
      timeSteps: steps, rows: rows, input: input, target: target, supervised: supervised,
      scored: scored)
  }
}

// MARK: - The parts that a task has

extension SequenceTask {
  /// Whether the task has this part of the data. Every task has training data.
  public func has(_ split: Split) -> Bool {
    if split == .train { return true }
    return isStream ? timeSteps(in: split, rows: 1) > 0 : sequenceCount(in: split) != 0
  }

  /// Whether training goes over the same sequences again and again.
  public var hasFixedSequences: Bool { !isStream && sequenceCount(in: .train) != nil }

  /// What is evaluated during training, and what the best weights are chosen by: the validation data,
  /// or the training data of a task without them.
  public var selectionSplit: Split { has(.validation) ? .validation : .train }

  /// What a finished model is measured on: the test data; without them the validation data, and
  /// without those all there are.
  public var measuredSplit: Split { has(.test) ? .test : selectionSplit }
}
