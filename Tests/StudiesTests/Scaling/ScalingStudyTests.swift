import Testing
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTestSupport
import UnrollTraining

@testable import UnrollStudies

struct ScalingStudyTests {
  private func plan(
    _ task: any SequenceTask, batch: Int, isDouble: Bool = false
  ) -> TrainingPlan {
    var settings = TrainingSettings()
    settings.batch = batch
    settings.threads = 1
    return TrainingPlan(
      task: task, specification: CellSpecification(.lstm),
      configuration: ModelConfiguration(input: task.input, target: task.target, hidden: 3),
      settings: settings, isDouble: isDouble)
  }

  private let link = NetworkLink(latency: 1, bandwidth: 4)

  @Test(arguments: [
    (2, [1, 2]), (3, [1, 2, 3]), (8, [1, 2, 4, 8]), (12, [1, 2, 4, 8, 12]),
  ])
  func powersOfTwoUpToTheNumber(ranks: Int, counts: [Int]) throws {
    let task = try AddingTask(length: 4, seed: 1)
    let study = ScalingStudy(plan(task, batch: 20), ranks: ranks, link: link, budget: 0)
    #expect(study.counts == counts)
  }

  /// The slowest rank has the most rows, and waits for the fastest sum of its gradient's bytes.
  @Test func anUpdateIsTheSlowestRankAndTheFastestSum() throws {
    let task = try AddingTask(length: 4, seed: 1)
    // 4 gates of 3 units by 2 inputs, 3 states and two biases; a readout of 3 and a bias.
    let parameters = 4 * 3 * (2 + 3 + 2) + 4
    for isDouble in [false, true] {
      let study = ScalingStudy(
        plan(task, batch: 20, isDouble: isDouble), ranks: 3, link: link, budget: 0)
      #expect(study.bytes == parameters * (isDouble ? 8 : 4))
      let point = study.point(3, compute: 5)
      #expect(point.rows == 7 && point.compute == 5)
      // A ring passes a third, 4 times: for 88 floats 4·(1 + 88/3), which is less than 2·2·(1 + 88) and
      // 3·(1 + 88).
      let third = Double(study.bytes) / 3 / 4
      #expect(abs(point.update - (5 + 4 * (1 + third))) < 1e-12)
      #expect(point.sums.count == 3 && point.sum == point.sums[0])
    }
    let one = ScalingStudy(plan(task, batch: 20), ranks: 3, link: link, budget: 0)
      .point(1, compute: 5)
    #expect(one.update == 5 && one.rows == 20)
  }

  /// Sequences that may lack targets cost one more message, in which they are counted.
  @Test func countingTargetsIsOneMoreSum() throws {
    let task = try AddingTask(length: 4, seed: 1)
    let folder = try TemporaryFolder()
    let text = try TextTask(
      path: folder.file("text", String(repeating: "abcde ", count: 200)))
    let (counted, uncounted) = (plan(text, batch: 4), plan(task, batch: 4))
    for (plan, counting) in [(uncounted, 0.0), (counted, 6)] {
      let study = ScalingStudy(plan, ranks: 4, link: link, budget: 0)
      let point = study.point(4, compute: 5)
      #expect(
        point.sums
          == AllReduce.allCases.map {
            $0.seconds(bytes: Double(study.bytes), ranks: 4, link: link)
          })
      // Of 8 bytes: two messages by doubling are less than four of a tree, and than six of a quarter.
      #expect(point.counting == counting)
      #expect(point.update == 5 + (point.sums.min() ?? 0) + counting)
    }
  }

  @Test func everyNumberOfRanksIsMeasuredInTurns() throws {
    let task = try AddingTask(length: 4, seed: 1)
    for isDouble in [false, true] {
      let study = ScalingStudy(
        plan(task, batch: 6, isDouble: isDouble), ranks: 4, link: link, budget: 0)
      var measured: [Int] = []
      let points = try #require(try study.points(willMeasure: { measured.append($0) }))
      #expect(measured == [1, 2, 4, 1, 2, 4, 1, 2, 4])
      #expect(points.map(\.ranks) == [1, 2, 4] && points.map(\.rows) == [6, 3, 2])
      #expect(points.allSatisfy { $0.compute > 0 && $0.compute < 1 })
      #expect(try study.points(until: { measured.count == 9 }) == nil)
    }
  }

  @Test func aRankNeedsARow() throws {
    let task = try AddingTask(length: 4, seed: 1)
    let study = ScalingStudy(plan(task, batch: 6), ranks: 7, link: link, budget: 0)
    #expect(throws: TrainingError.tooFewRows(batch: 6, ranks: 7)) { try study.validate() }
  }
}
