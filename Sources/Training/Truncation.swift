import UnrollOptimization

/// Where backpropagation through time is cut (Williams & Peng 1990, *An efficient gradient-based
/// algorithm for on-line training of recurrent network trajectories*).
public enum Truncation: Sendable, Equatable {
  /// The whole sequence at once.
  case full
  /// An update after every `period` (K1) steps from the losses of those steps, backpropagated
  /// through at most the last `depth` (K2 ≥ K1) steps.
  case windows(period: Int, depth: Int)

  /// The forms accepted by ``init(parsing:)``.
  public static let accepted = "full, K or K1:K2 with whole numbers 1 ≤ K1 ≤ K2 ≤ 1,000,000,000"

  /// - Throws: ``InvalidSetting`` for any other text.
  public init(parsing text: String) throws(InvalidSetting) {
    if text == "full" {
      self = .full
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    let valid = 1...1_000_000_000
    guard (1...2).contains(parts.count), let period = parts[0], let depth = parts[parts.count - 1],
      valid.contains(period), valid.contains(depth), depth >= period
    else { throw InvalidSetting(value: text, accepted: Self.accepted) }
    self = .windows(period: period, depth: depth)
  }

  /// The pass for window `index` of a sequence of `length` steps; nil past its end.
  public func window(_ index: Int, of length: Int) -> BPTTWindow? {
    switch self {
    case .full:
      return index == 0 ? BPTTWindow(start: 0, lossStart: 0, end: length) : nil
    case .windows(let period, let depth):
      let (lossStart, overflow) = index.multipliedReportingOverflow(by: period)
      guard !overflow, lossStart < length else { return nil }
      return BPTTWindow(
        start: max(0, lossStart - (depth - period)), lossStart: lossStart,
        end: min(lossStart + period, length))
    }
  }

  /// The largest lag at which the gradient of the loss at `step` of a sequence arrives: its window starts
  /// that many steps before.
  public func reach(ofLossAt step: Int) -> Int {
    switch self {
    case .full: step
    case .windows(let period, _): step - (window(step / period, of: step + 1)?.start ?? 0)
    }
  }

  /// The most steps that one pass over a sequence of `length` steps runs through.
  public func capacity(for length: Int) -> Int {
    switch self {
    case .full: length
    case .windows(_, let depth): min(depth, length)
    }
  }

  /// The most steps whose loss one pass takes.
  public func lossCapacity(for length: Int) -> Int {
    switch self {
    case .full: length
    case .windows(let period, _): min(period, length)
    }
  }
}

extension Truncation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .full: "full"
    case .windows(let period, let depth): period == depth ? "\(period)" : "\(period):\(depth)"
    }
  }
}

/// One forward and backward pass: from the state before `start`, with the losses of the steps
/// `lossStart..<end`.
public struct BPTTWindow: Sendable, Equatable {
  /// The first step that is run.
  public let start: Int
  /// The first step whose loss counts.
  public let lossStart: Int
  /// The step after the last.
  public let end: Int

  /// All steps that are run.
  public var steps: Range<Int> { start..<end }
  /// The steps whose losses count.
  public var lossSteps: Range<Int> { lossStart..<end }
}
