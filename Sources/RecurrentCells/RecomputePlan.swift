import UnrollDenseMath
import UnrollText

/// How a ``SequenceWorkspace`` keeps the states of a window of which not all are kept.
public struct RecomputePlan: Sendable, Equatable {
  /// The steps of a segment, of all of which gates and states are kept at once; rounded up to whole
  /// tiles.
  public let segment: Int
  /// The number of states kept at once, that before the window included; with fewer than the window has
  /// segments, steps are run more than twice.
  public let checkpoints: Int

  /// - Precondition: both are 1 or more.
  public init(segment: Int, checkpoints: Int) {
    require(
      segment >= 1 && checkpoints >= 1,
      "expected at least 1 step and checkpoint, got \(segment), \(checkpoints)")
    self.segment = segment
    self.checkpoints = checkpoints
  }

  /// A checkpoint before every segment of `segment` steps in a window of `capacity` steps.
  public static func every(_ segment: Int, of capacity: Int) -> RecomputePlan {
    RecomputePlan(segment: segment, checkpoints: (capacity - 1) / segment + 1)
  }
}

/// What the states of a window of T steps and B rows take, with all of them kept or with fewer.
package struct WindowMemory: Sendable {
  /// B.
  package let rows: Int
  private let capacity: Int
  /// Steps of a tile.
  private let tile: Int
  /// Bytes of the gates and states of one step, of a state alone, and of one step's outputs.
  private let step, state, outputs: Double
  private let supervised: Int

  /// - Parameters:
  ///   - capacity: T.
  ///   - supervised: the most steps with a target, whose outputs are kept.
  package init<Element: Scalar>(
    _ model: RecurrentModel, capacity: Int, rows: Int, supervised: Int, as type: Element.Type
  ) {
    let element = Double(MemoryLayout<Element>.size)
    let (hidden, blocks) = (Double(model.configuration.hidden), Double(model.cell.blocks))
    let units = Double(model.configuration.layers * rows) * hidden * element
    self.rows = rows
    self.capacity = max(capacity, 1)
    self.supervised = supervised
    tile = TileBuffers<Element>.steps(model, capacity: self.capacity, rows: rows)
    state = units * (model.cell.hasCellState ? 2 : 1)
    step = units * blocks + state
    outputs = Double(model.configuration.target.width * rows) * element
  }

  /// Bytes under `plan`, or with all states kept. What backward needs for one tile is small beside it
  /// and left out.
  package func bytes(_ plan: RecomputePlan?) -> Double {
    guard let plan else { return Double(capacity) * step + Double(supervised) * outputs }
    let segment = min(plan.segment, capacity)
    // The state after the segment, and the one that the next window starts from.
    return Double(segment) * step + Double(plan.checkpoints + 2) * state
      + Double(min(tile, supervised)) * outputs
  }

  private var tiles: Int { (capacity - 1) / tile + 1 }

  private func plan(tiles count: Int, checkpoints: Int? = nil) -> RecomputePlan? {
    let segments = (tiles - 1) / count + 1
    if segments == 1 { return nil }
    // The last segment is run backward as soon as it is reached: no state is kept for it.
    return RecomputePlan(segment: count * tile, checkpoints: checkpoints ?? segments - 1)
  }

  /// A checkpoint before every segment of `steps` steps, rounded up to tiles; nil where all states are
  /// kept.
  func every(_ steps: Int) -> RecomputePlan? { plan(tiles: (min(steps, capacity) - 1) / tile + 1) }

  /// A checkpoint before every segment, in the least memory; nil where that is to keep all states.
  var squareRoot: RecomputePlan? {
    // n tiles in segments of k take n/k states and k tiles' steps.
    let length = (Double(tiles) * state / (Double(tile) * step)).squareRoot()
    let lengths = [Int(length), Int(length) + 1].map { min(max($0, 1), tiles) }
    let plans = lengths.map { plan(tiles: $0) }
    return bytes(plans[0]) <= bytes(plans[1]) ? plans[0] : plans[1]
  }

  /// In the least memory with which no step is run forward more than about log₂ n times, for n tiles:
  /// a checkpoint takes little beside a tile.
  var least: RecomputePlan? {
    var checkpoints = 1
    while 1 << checkpoints < tiles { checkpoints += 1 }
    return plan(tiles: 1, checkpoints: min(checkpoints, max(tiles - 1, 1)))
  }

  var leastBytes: Double { bytes(least) }

  /// With the fewest forward runs in `budget` bytes, or ``least`` where that takes more; nil where all
  /// states are kept.
  func fitting(_ budget: Double) -> RecomputePlan? {
    if bytes(nil) <= budget { return nil }
    guard let least, tiles > 1 else { return nil }
    var best = (plan: least, runs: runs(of: least))
    for count in 1..<tiles {
      let segments = (tiles - 1) / count + 1
      let single = bytes(RecomputePlan(segment: count * tile, checkpoints: 1))
      let room = ((budget - single) / state).rounded(.down)
      if room < 0 { break }
      let checkpoints = min(Int(min(room, Double(segments))) + 1, segments - 1)
      let plan = RecomputePlan(segment: count * tile, checkpoints: checkpoints)
      let runs = runs(of: plan)
      if runs < best.runs { best = (plan, runs) }
    }
    return best.plan
  }

  /// Forward runs of single tiles.
  private func runs(of plan: RecomputePlan) -> Int {
    let count = (plan.segment - 1) / tile + 1
    let segments = (tiles - 1) / count + 1
    let leading = ReversalSchedule.leadingRuns(of: segments, keeping: plan.checkpoints)
    return leading * count + tiles
  }
}

extension Recompute {
  /// How each of several windows, which are in memory at the same time, keeps its states.
  ///
  /// - Parameters:
  ///   - windows: one for each thread's rows.
  ///   - other: bytes of what else is in memory: weights and data.
  ///   - available: the machine's bytes.
  /// - Returns: for each window its plan, or nil where it keeps all states. A size that is too small
  ///   gets the plans that take the least: ``leastBytes(of:besides:)``.
  package func plans(
    of windows: [WindowMemory], besides other: Double, available: Double
  ) -> [RecomputePlan?] {
    let whole = windows.reduce(other) { $0 + $1.bytes(nil) }
    switch self {
    case .auto:
      return windows.map { whole <= available ? nil : $0.squareRoot }
    case .every(let steps):
      return windows.map { $0.every(steps) }
    case .memory(let bytes):
      if whole <= Double(bytes) { return windows.map { _ in nil } }
      // Each gets the least that it can do with, and by its rows a share of what is left then.
      let rest = Double(bytes) - Self.leastBytes(of: windows, besides: other)
      let rows = Double(windows.reduce(0) { $0 + $1.rows })
      return windows.map { $0.fitting($0.leastBytes + rest * Double($0.rows) / rows) }
    }
  }

  /// The least bytes that ``memory(_:)`` may name for these windows.
  package static func leastBytes(of windows: [WindowMemory], besides other: Double) -> Double {
    windows.reduce(other) { $0 + $1.leastBytes }
  }
}
