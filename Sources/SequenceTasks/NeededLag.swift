import UnrollText

/// How far back a task makes a model remember: the lag between the loss and the earliest input that the
/// answer depends on.
///
/// A gradient that has vanished at this lag teaches nothing about that input.
public struct NeededLag: Sendable, Equatable {
  /// The number of steps from that input to the one whose loss is read, 1 or more. Of a task whose
  /// sequences differ, the largest.
  public let lag: Int
  /// What lies so far back, in a few words: `the first marked number, at its earliest`.
  public let source: String

  /// - Precondition: `lag` is at least 1.
  public init(_ lag: Int, of source: String) {
    require(lag >= 1, "expected a lag of at least 1 step, got \(lag)")
    self.lag = lag
    self.source = source
  }
}
