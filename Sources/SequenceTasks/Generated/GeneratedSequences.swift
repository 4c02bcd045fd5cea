/// The longest sequence that is generated; far beyond what memory holds, yet no sum or product of
/// it with a task's small constants overflows.
let longestLength = 1 << 30

/// Checks a length against the least that a task's definition needs.
func requireLength(_ length: Int, atLeast minimum: Int, for task: String) throws(TaskError) {
  guard (minimum...longestLength).contains(length) else {
    throw .lengthOutOfRange(task: task, length: length, accepted: minimum...longestLength)
  }
}

/// How many generated sequences are kept for validation and for the test.
public struct HeldOutCounts: Sendable, Equatable {
  /// The number of either, unless told otherwise: 1,000.
  public static let usual = 1000
  /// The number of validation sequences, at least 1.
  public var validation: Int
  /// The number of test sequences, at least 1.
  public var test: Int

  /// 1,000 of both, where nothing else is said.
  public init(validation: Int = usual, test: Int = usual) {
    self.validation = validation
    self.test = test
  }

  /// The sequences of a part; nil for training data, which never run out.
  public func count(in split: Split) -> Int? {
    switch split {
    case .train: nil
    case .validation: validation
    case .test: test
    }
  }
}
