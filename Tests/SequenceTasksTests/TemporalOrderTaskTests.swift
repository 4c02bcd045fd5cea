import Foundation
import Testing
import UnrollSequenceTasks

struct TemporalOrderTaskTests {
  @Test(arguments: [10, 11, 19, 57, 100])
  func namesTheOrderOfTwoSymbols(length: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      let task = try TemporalOrderTask(length: length, seed: seed)
      for row in task.filled(rows: 5).allRows {
        let places = row.inputClasses.indices.filter { row.inputClasses[$0] < 2 }
        try #require(places.count == 2, "seed \(seed)")
        #expect((length / 10..<2 * length / 10).contains(places[0]), "seed \(seed)")
        #expect((5 * length / 10..<6 * length / 10).contains(places[1]), "seed \(seed)")
        #expect(row.inputClasses.allSatisfy { (0..<6).contains($0) })
        let (first, second) = (row.inputClasses[places[0]], row.inputClasses[places[1]])
        #expect(row.targetClasses == [2 * first + second])
        #expect(row.lossMask == [1])
      }
    }
  }

  /// From n = 4,000 sequences the entropy of four equal classes is too low by about 3/2n = 0.0004
  /// nats, with a standard deviation below that.
  @Test func frequenciesGiveTheBaseline() throws {
    let task = try TemporalOrderTask(length: 10, seed: 5)
    let classes = task.filled(rows: 4000).targetClasses
    #expect(abs(entropy(classes) - task.baselineLoss) < 0.002)
    #expect(task.baselineLoss == log(4))
  }

  @Test(arguments: [Int.min, 9, Int.max])
  func refusesLength(length: Int) {
    #expect(
      throws: TaskError.lengthOutOfRange(
        task: "temporal-order", length: length, accepted: 10...1 << 30)
    ) { try TemporalOrderTask(length: length, seed: 1) }
  }
}
