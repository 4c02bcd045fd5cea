import Foundation
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
  /// Bytes of the gates and states of one step, and of one step's outputs.
  package let step, outputs: Double
  /// Bytes of a state alone, and of what backward needs for one tile.
  private let state, backward: Double
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
    // Gradients by h, c and the gates, what W_hh multiplies, and each layer's input beside it.
    let inputs = (0..<model.configuration.layers).map { model.inputWidth(of: $0) }.reduce(0, +)
    backward =
      Double((tile + 1) * rows) * element
      * (hidden * (blocks + (model.cell.hasCellState ? 3 : 2)) + Double(inputs))
  }

  /// Bytes under `plan`, or with all states kept.
  package func bytes(_ plan: RecomputePlan?) -> Double {
    let segment = plan.map { min($0.segment, capacity) } ?? capacity
    // One state more than steps; those at checkpoints and the one that the next window starts from.
    let states = plan.map { $0.checkpoints + 2 } ?? 1
    let steps = plan == nil ? supervised : min(tile, supervised)
    return Double(segment) * step + Double(states) * state + Double(steps) * outputs + backward
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

  /// How often the window is run forward under `plan`, for one update.
  package func forwardPasses(under plan: RecomputePlan) -> Double {
    Double(runs(of: plan)) / Double(tiles)
  }

  /// Forward runs of single tiles.
  private func runs(of plan: RecomputePlan) -> Int {
    let count = (plan.segment - 1) / tile + 1
    let segments = (tiles - 1) / count + 1
    // The state before the last segment takes no place: it is run backward as soon as it is reached.
    let leading = ReversalSchedule.leadingRuns(of: segments, keeping: plan.checkpoints)
    return leading * count + tiles
  }
}

/// How each of several windows that are in memory at the same time, one for each thread's rows, keeps
/// its states.
package struct RecomputeChoice: Sendable {
  /// For each window its plan, or nil where it keeps all states.
  package let plans: [RecomputePlan?]
  private let windows: [WindowMemory]

  fileprivate init(_ windows: [WindowMemory], _ plan: (WindowMemory) -> RecomputePlan?) {
    self.windows = windows
    plans = windows.map(plan)
  }

  /// Bytes of all windows.
  package var bytes: Double { zip(windows, plans).reduce(0) { $0 + $1.0.bytes($1.1) } }

  /// What is kept and what it costs, for people; nil where all states are kept.
  package var note: String? {
    guard let index = plans.firstIndex(where: { $0 != nil }), let plan = plans[index] else {
      return nil
    }
    let whole = windows.reduce(0) { $0 + $1.bytes(nil) }
    let passes = windows[index].forwardPasses(under: plan)
    return "states are kept at \(NumberText.count(plan.checkpoints, "checkpoint")) and of "
      + "\(NumberText.count(plan.segment, "step")) at a time: "
      + "\(Recompute.text(ofBytes: bytes)) instead of \(Recompute.text(ofBytes: whole)), with "
      + String(format: "%.2f forward passes instead of 1", passes)
  }
}

extension Recompute {
  /// Bytes that this process may take.
  package static var machineBytes: Double { Double(AvailableMemory.present.bytes) }

  /// What this means for windows that are in memory at the same time.
  ///
  /// - Parameters:
  ///   - other: bytes of what else is in memory: weights and data.
  ///   - available: the bytes that `auto` may take.
  /// - Returns: the choice; for a size that is too small, ``leastBytes(of:besides:)``, the one that
  ///   takes the least.
  package func choice(
    for windows: [WindowMemory], besides other: Double, available: Double = machineBytes
  ) -> RecomputeChoice {
    let whole = windows.reduce(other) { $0 + $1.bytes(nil) }
    switch self {
    case .auto:
      return RecomputeChoice(windows) { whole <= available ? nil : $0.squareRoot }
    case .every(let steps):
      return RecomputeChoice(windows) { $0.every(steps) }
    case .memory(let bytes):
      if whole <= Double(bytes) { return RecomputeChoice(windows) { _ in nil } }
      // Each gets the least that it can do with, and by its rows a share of what is left then.
      let rest = Double(bytes) - Self.leastBytes(of: windows, besides: other)
      let rows = Double(windows.reduce(0) { $0 + $1.rows })
      return RecomputeChoice(windows) { $0.fitting($0.leastBytes + rest * Double($0.rows) / rows) }
    }
  }

  /// The least bytes that ``memory(_:)`` may name for these windows.
  package static func leastBytes(of windows: [WindowMemory], besides other: Double) -> Double {
    windows.reduce(other) { $0 + $1.leastBytes }
  }

  /// Whether ``memory(_:)`` names fewer bytes than these windows take at least; then both numbers.
  package func shortage(
    of windows: [WindowMemory], besides other: Double
  ) -> (given: Int, least: Int)? {
    guard case .memory(let bytes) = self else { return nil }
    let least = Self.leastBytes(of: windows, besides: other)
    return Double(bytes) < least ? (bytes, Int(least.rounded(.up))) : nil
  }
}
