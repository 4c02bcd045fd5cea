import Testing
import UnrollRecurrentCells
import UnrollTestSupport

@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies
@testable import UnrollTraining

/// What is measured on ranks that share the batch.
struct BenchSessionTests {
  /// Every step that is timed sums its gradient over the ranks: with no time to spend, eight medians, each
  /// of one step to warm up and five more.
  @Test(arguments: [StepComparison.Change.subnormals, .observer, .recompute])
  func stepsOfAComparisonAreShared(_ change: StepComparison.Change) throws {
    let point = BenchmarkPoint(
      cell: CellSpecification(.lstm), length: 4, batch: 4, input: 2, hidden: 3)
    let plan = BenchPlan(
      entries: [BenchPlan.Entry(label: "lstm", point: point)], threads: 1, ranks: 2,
      isDouble: false, budget: 0, recompute: change == .recompute ? .every(1) : nil)
    let link = MirrorLink()
    let session = BenchSession<Float>(
      plan: plan, ranks: Ranks(link), terminal: TestTerminal().terminal)
    let comparison =
      switch change {
      case .subnormals: try session.measureSubnormals()
      case .observer: try session.measureObserver()
      case .recompute: try session.measureRecompute()
      }
    #expect(comparison.results.count == 1)
    // The share of subnormal numbers is looked at in further steps.
    #expect(change == .subnormals ? link.gradients >= 48 : link.gradients == 48)
  }
}
