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
public protocol SequenceTask: Sendable {
  /// The name on the command line.
  var name: String { get }
  var input: InputKind { get }
  var target: TargetKind { get }
  var isStream: Bool { get }
  /// T, or for a stream of `rows` rows the steps of one pass over the training or test data.
  func timeSteps(in split: Split, rows: Int) -> Int
  /// The steps with targets and the steps scored for accuracy, of a batch of `steps` steps.
  func supervision(steps: Int) -> (supervised: Range<Int>, scored: Range<Int>)
  /// How the test data are laid out when training uses `rows` rows: rows side by side, and how many
  /// sequences there are (for a stream, the rows themselves).
  func testLayout(trainingRows rows: Int) -> (rows: Int, sequences: Int)
  /// The test loss of a model that has learned nothing of what the task is about.
  var baselineLoss: Double { get }
  /// What such a model does, in a few words: `always 1`.
  var baselineName: String { get }
  /// When the task counts as solved; nil without a criterion.
  var criterion: SolveCriterion? { get }
  /// Refuses a number of rows side by side that the training data cannot be cut into.
  ///
  /// - Throws: ``TaskError/tooFewData(path:count:needed:)``.
  func requireData(forRows rows: Int) throws(TaskError)
  /// Writes the inputs, targets and weights of every row and step of `batch`, from `location` on.
  /// Steps past the end of a stream get weight 0.
  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation)
}

/// Training data, or the fixed test data from a seed of their own.
public enum Split: UInt64, Sendable, CaseIterable {
  case train = 0
  case test = 1
}

/// What a batch is to be filled with.
public struct BatchLocation: Sendable {
  public var split: Split
  /// The number of the first row's sequence; in a stream, of the first row.
  public var sequence: Int
  /// Rows side by side over all workers: a stream is cut into that many.
  public var rows: Int
  /// The first step of the window; 0 but for streams.
  public var step: Int

  public init(split: Split, sequence: Int, rows: Int, step: Int = 0) {
    self.split = split
    self.sequence = sequence
    self.rows = rows
    self.step = step
  }
}

/// When a task counts as solved, judged on the test data.
public enum SolveCriterion: Sendable, Equatable {
  case lossBelow(Double)
  case accuracyAtLeast(Double)

  /// The same kind of criterion at another value.
  public func at(_ value: Double) -> SolveCriterion {
    switch self {
    case .lossBelow: .lossBelow(value)
    case .accuracyAtLeast: .accuracyAtLeast(value)
    }
  }

  public func isMet(loss: Double, accuracy: Double?) -> Bool {
    switch self {
    case .lossBelow(let limit): loss < limit
    case .accuracyAtLeast(let share): (accuracy ?? 0) >= share
    }
  }
}

extension SequenceTask {
  /// The test set of generated tasks: 1,000 sequences.
  public func testLayout(trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    (rows: min(rows, 1000), sequences: 1000)
  }

  public var isStream: Bool { false }

  /// Generated data and sequences that are used again never run out.
  public func requireData(forRows rows: Int) throws(TaskError) {}

  /// The sizes of a batch of `steps` steps of this task.
  public func batchShape(steps: Int, rows: Int) -> BatchShape {
    let (supervised, scored) = supervision(steps: steps)
    return BatchShape(
      timeSteps: steps, rows: rows, input: input, target: target, supervised: supervised,
      scored: scored)
  }
}
