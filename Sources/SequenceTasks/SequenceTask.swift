import UnrollDenseMath
import UnrollRecurrentCells

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
  /// T, or for a stream of `rows` rows the steps of one pass over the training or test data.
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
  /// The number of sequences, where training goes over the same ones again and again and the test
  /// over all of them once; nil, the default, for generated data and streams.
  var sequenceCount: Int? { get }
  /// The steps with targets and the steps scored for accuracy, of a batch of `steps` steps. By
  /// default the targets are at the last step, in a stream at every step, and all of them are scored
  /// where they are classes.
  func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>)
  /// How the test data are laid out when training uses `rows` rows: rows side by side, and how many
  /// sequences there are (for a stream, the rows themselves). By default 1,000 generated sequences,
  /// all of the task's own `sequenceCount`, or a stream in as many rows as in training.
  func testLayout(trainingRows rows: Int) -> (rows: Int, sequences: Int)
  /// What a model at ``baselineLoss`` does, in a few words: `always 1`. By default `nothing learned`.
  var baselineName: String { get }
  /// When the task counts as solved; nil, the default, without a criterion.
  var criterion: SolveCriterion? { get }
  /// Refuses a number of rows side by side that the training data cannot be cut into. Nothing is
  /// refused by default: generated data and sequences that are used again never run out.
  ///
  /// - Throws: ``TaskError/tooFewData(path:count:needed:)``.
  func requireData(forRows rows: Int) throws(TaskError)
  /// What was made of the data that may have been meant otherwise, a line each; nothing by default.
  var notices: [String] { get }
  /// What is odd, though allowed, about training with `rows` rows side by side, a line each. By
  /// default ``notices``, and that a batch is larger than the task's own `sequenceCount`.
  func warnings(rows: Int) -> [String]
  /// The test loss in units that people of the field use, beside those of known methods; none by
  /// default.
  func results(testLoss: Double) -> [TaskResult]
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

  /// A result with its two names.
  public init(key: String, label: String, value: Double) {
    self.key = key
    self.label = label
    self.value = value
  }
}

/// Training data, or the fixed test data from a seed of their own.
public enum Split: UInt64, Sendable, CaseIterable {
  /// Training data.
  case train = 0
  /// Test data.
  case test = 1
}

/// Which part of a task's data fills a batch.
public struct BatchLocation: Sendable {
  /// Training or test data.
  public var split: Split
  /// The number of the first row's sequence; in a stream, of the first row.
  public var sequence: Int
  /// Rows side by side over all workers: a stream is cut into that many.
  public var rows: Int
  /// The first step of the window; 0 but for streams.
  public var step: Int

  /// The part from `sequence` and `step` on.
  public init(split: Split, sequence: Int, rows: Int, step: Int = 0) {
    self.split = split
    self.sequence = sequence
    self.rows = rows
    self.step = step
  }

  /// The random numbers of the generated sequence in row `row` of the batch. They depend on `seed`,
  /// the split and the sequence's number alone, so that a sequence is the same in whatever batch and
  /// on whichever worker it is generated.
  public func randomNumbers(seed: UInt64, row: Int) -> RandomNumbers {
    RandomNumbers(seed: seed, split.rawValue, UInt64(sequence + row))
  }
}

/// When a task counts as solved, judged on the test data.
public enum SolveCriterion: Sendable, Equatable {
  /// The mean test loss is below a limit.
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

  /// Whether a test result meets it; without an accuracy, a criterion of accuracy is not met.
  public func isMet(loss: Double, accuracy: Double?) -> Bool {
    switch self {
    case .lossBelow(let limit): loss < limit
    case .accuracyAtLeast(let share): (accuracy ?? 0) >= share
    }
  }
}

extension SequenceTask {
  public var isStream: Bool { false }
  public var sequenceCount: Int? { nil }
  public var baselineName: String { "nothing learned" }
  public var criterion: SolveCriterion? { nil }
  public var notices: [String] { [] }
  public var modelMetadata: [String: String] { [:] }

  public func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>) {
    let supervised = (isStream ? 0 : max(steps - 1, 0))..<steps
    if case .classes = target { return (supervised, supervised) }
    return (supervised, steps..<steps)
  }

  public func testLayout(trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    if isStream { return (rows: rows, sequences: rows) }
    let count = sequenceCount ?? 1000
    return (rows: min(rows, count), sequences: count)
  }

  public func requireData(forRows rows: Int) throws(TaskError) {}

  public func warnings(rows: Int) -> [String] {
    guard let sequenceCount, rows > sequenceCount else { return notices }
    return notices + [
      "a batch of \(rows) rows holds some of the \(sequenceCount) sequences several times"
    ]
  }

  public func results(testLoss: Double) -> [TaskResult] { [] }

  /// The sizes of a batch of `steps` steps of this task.
  public func batchShape(steps: Int, rows: Int) -> BatchShape {
    let (supervised, scored) = supervision(steps: steps)
    return BatchShape(
      timeSteps: steps, rows: rows, input: input, target: target, supervised: supervised,
      scored: scored)
  }
}
