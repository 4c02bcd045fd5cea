import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// The setting's text, and what is chosen by it.
@Suite struct RecomputeTests {
  @Test(arguments: [
    ("auto", Recompute.auto), ("every:1", .every(1)), ("every:1000000000", .every(1_000_000_000)),
    ("memory:1GB", .memory(1_000_000_000)), ("memory:1.5MB", .memory(1_500_000)),
    ("memory:512KiB", .memory(524_288)), ("memory:0.25GiB", .memory(1 << 28)),
    ("memory:2TB", .memory(2_000_000_000_000)), ("memory:0.001KB", .memory(1)),
  ])
  func isRead(_ text: String, _ expected: Recompute) throws {
    let setting = try Recompute(text)
    #expect(setting == expected)
    #expect(try Recompute(setting.description) == setting, "\(setting)")
  }

  @Test(arguments: [
    "", "none", "auto:1", "every", "every:", "every:0", "every:-1", "every:1.5", "every:1e3",
    "every:1000000001", "every:99999999999999999999", "memory", "memory:", "memory:1", "memory:GB",
    "memory:1XB", "memory:1B", "memory:1gb", "memory:-1GB", "memory:0GB", "memory:0.0001KB",
    "memory:1e3GB", "memory:.5GB", "memory:1.2.3GB", "memory:infGB", "memory:1 GB", "memory:１GB",
    "memory:99999999999TB",
  ])
  func isRefused(_ text: String) {
    #expect(throws: InvalidSetting(value: text, accepted: Recompute.accepted)) {
      try Recompute(text)
    }
  }

  @Test(arguments: [1, 999, 1_000, 12_345, 999_999, 1_000_001, 23_512_345, 7_000_000_001])
  func sizesAreRoundedUp(_ bytes: Int) throws {
    let size = Recompute.atLeast(bytes)
    guard case .memory(let rounded) = size else { throw InvalidSetting(value: "", accepted: "") }
    // A thousandth of the unit, which is at most the size.
    #expect(rounded >= bytes && Double(rounded - bytes) <= 1e-3 * Double(bytes) + 1)
    #expect(try Recompute(size.description) == size)
  }

  private func memory(
    _ kind: CellKind, steps: Int, rows: Int = 20, layers: Int = 1
  ) -> WindowMemory {
    WindowMemory(
      RecurrentModel(CellSpecification(kind), configuration(layers)), capacity: steps, rows: rows,
      supervised: steps, as: Float.self)
  }

  private func configuration(_ layers: Int) -> ModelConfiguration {
    ModelConfiguration(input: .values(2), target: .values(3), hidden: 128, layers: layers)
  }

  /// The estimate against the matrices of a workspace: what it leaves out is one row or matrix of
  /// weights, some percent at these sizes.
  @Test(arguments: CellKind.builtIn, [1, 3])
  func bytesAreThoseOfAWorkspace(_ kind: CellKind, layers: Int) {
    let model = RecurrentModel(CellSpecification(kind), configuration(layers))
    let memory = memory(kind, steps: 2_000, layers: layers)
    for plan in [nil, memory.every(100), memory.squareRoot, memory.least] {
      let workspace = SequenceWorkspace<Float>(
        model: model, capacity: 2_000, rows: 20, recompute: plan)
      let bytes = Double(workspace.allocatedCount * 4)
      #expect(abs(memory.bytes(plan) / bytes - 1) < 0.05, "\(String(describing: plan)): \(bytes)")
    }
  }

  /// 128 LSTM units and 20 rows: tiles of 12 steps.
  @Test func segmentsAreWholeTiles() {
    let memory = memory(.lstm, steps: 1_000)
    #expect(memory.every(1) == RecomputePlan(segment: 12, checkpoints: 83))
    #expect(memory.every(12) == memory.every(1))
    #expect(memory.every(13) == RecomputePlan(segment: 24, checkpoints: 41))
    #expect(memory.every(999) == nil && memory.every(1_000_000) == nil)
    // Windows of one tile keep all states.
    let short = self.memory(.lstm, steps: 12)
    #expect(short.every(1) == nil && short.squareRoot == nil && short.least == nil)
    #expect(short.fitting(0) == nil)
  }

  /// No other spacing takes less.
  @Test(arguments: CellKind.builtIn, [24, 100, 3_333, 100_000])
  func squareRootTakesTheLeast(_ kind: CellKind, steps: Int) {
    let memory = memory(kind, steps: steps)
    let least = (1...steps).map { memory.bytes(memory.every($0)) }.min() ?? 0
    // The best of two neighbors of the root of a sum with rounded parts.
    #expect(memory.bytes(memory.squareRoot) <= 1.02 * least)
  }

  /// More memory never means more runs, and what is chosen fits.
  @Test(arguments: CellKind.builtIn, [100, 3_333, 100_000])
  func fitsWithTheFewestRuns(_ kind: CellKind, steps: Int) throws {
    let memory = memory(kind, steps: steps)
    let (least, whole) = (memory.leastBytes, memory.bytes(nil))
    #expect(least < whole)
    var passes = Double.infinity
    for share in [0, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 0.9] {
      let budget = least + share * (whole - least)
      let plan = try #require(memory.fitting(budget))
      #expect(memory.bytes(plan) <= budget)
      #expect(memory.forwardPasses(under: plan) <= passes)
      passes = memory.forwardPasses(under: plan)
    }
    #expect(memory.fitting(whole) == nil)
    // What √T takes is enough for two runs of each step.
    let root = try #require(memory.squareRoot)
    let plan = try #require(memory.fitting(memory.bytes(root)))
    #expect(memory.forwardPasses(under: plan) < 2)
  }

  /// The least memory of 100,000 steps still takes no more than log₂ of their tiles, 8,334, in runs.
  @Test func theLeastStaysBearable() throws {
    let memory = memory(.lstm, steps: 100_000)
    let least = try #require(memory.least)
    #expect(least == RecomputePlan(segment: 12, checkpoints: 14))
    #expect(memory.forwardPasses(under: least) < 7)
    #expect(memory.leastBytes < 2.5e6)
  }

  @Test func theChoiceFollowsTheMachine() {
    // Threads with 7, 7 and 6 rows.
    let windows = [7, 7, 6].map { memory(.lstm, steps: 5_000, rows: $0) }
    let whole = windows.reduce(1e6) { $0 + $1.bytes(nil) }
    func choice(_ recompute: Recompute, _ available: Double) -> RecomputeChoice {
      recompute.choice(for: windows, besides: 1e6, available: available)
    }
    #expect(choice(.auto, whole).plans == [nil, nil, nil])
    #expect(choice(.auto, whole).note == nil)
    let rooted = choice(.auto, whole - 1)
    #expect(rooted.plans == windows.map(\.squareRoot) && rooted.bytes < 0.1 * whole)
    #expect(rooted.note?.hasPrefix("states are kept at ") == true)
    #expect(choice(.every(100), 1e18).plans == windows.map { $0.every(100) })
    #expect(choice(.memory(Int(whole)), 1).plans == [nil, nil, nil])
    let least = Recompute.leastBytes(of: windows, besides: 1e6)
    for bytes in [least.rounded(.up), 2 * least, 5 * least] {
      let chosen = choice(.memory(Int(bytes)), 1e18)
      #expect(chosen.bytes + 1e6 <= bytes && chosen.plans.allSatisfy { $0 != nil })
      #expect(Recompute.memory(Int(bytes)).shortage(of: windows, besides: 1e6) == nil)
    }
    let shortage = Recompute.memory(Int(least) - 1).shortage(of: windows, besides: 1e6)
    #expect(shortage?.least == Int(least.rounded(.up)))
    #expect(Recompute.auto.shortage(of: windows, besides: 1e6) == nil)
  }
}

extension SequenceWorkspace {
  /// The elements of the matrices that grow with rows: states, gates, outputs, and a tile's gradients.
  fileprivate var allocatedCount: Int {
    let layers = layers.map { layer in
      layer.gates.count + layer.hidden.count + layer.keptCount
        + (model.cell.hasCellState ? layer.cellState.count : 0)
    }.reduce(0, +)
    let tile = tileBuffers
    let packed = tile.gateGradients.rows * model.configuration.hidden
    return layers + outputs.count + tile.hiddenGradient.count + tile.cellGradient.count
      + tile.gateGradients.count + packed * self.layers.count
  }
}
