import Foundation
import Testing
import UnrollSequenceTasks

struct CopyTaskTests {
  @Test(arguments: [1, 2, 9, 33])
  func repeatsTheSymbolsAfterTheMarker(length: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      let task = try CopyTask(length: length, seed: seed)
      #expect(task.timeSteps(in: .train, rows: 5) == length + 20)
      for row in task.filled(rows: 5).allRows {
        let symbols = Array(row.inputClasses.prefix(10))
        let zeros = { (count: Int) in [Int32](repeating: 0, count: count) }
        #expect(symbols.allSatisfy { (1...8).contains($0) }, "seed \(seed)")
        #expect(row.inputClasses == symbols + zeros(length - 1) + [9] + zeros(10), "seed \(seed)")
        #expect(row.targetClasses == zeros(length + 10) + symbols, "seed \(seed)")
        #expect(row.lossMask == Array(repeating: 1, count: length + 20))
      }
    }
  }

  @Test func scoresTheRecalledSymbols() throws {
    let task = try CopyTask(length: 5, seed: 1)
    let (supervised, scored) = task.supervision(in: .train, steps: 25)
    #expect(supervised == 0..<25 && scored == 15..<25)
  }

  /// The cross-entropy of each step's own class frequencies: zero at blanks, ln 8 at symbols. From
  /// n sequences entropy is estimated too low by about 7/2n = 0.0009 nats a symbol, and its
  /// standard deviation is below that; the tolerance is 0.003 nats a symbol, averaged as the loss.
  @Test func frequenciesGiveTheBaseline() throws {
    let task = try CopyTask(length: 3, seed: 5)
    let rows = task.filled(rows: 4000).allRows
    let entropies = (0..<23).map { step in entropy(rows.map { $0.targetClasses[step] }) }
    #expect(abs(entropies.reduce(0, +) / 23 - task.baselineLoss) < 0.003 * 10 / 23)
    #expect(abs(try CopyTask(length: 100, seed: 1).baselineLoss - 0.1733) < 0.00005)
  }

  @Test(arguments: [Int.min, 0, Int.max])
  func refusesLength(length: Int) {
    #expect(
      throws: TaskError.lengthOutOfRange(task: "copy", length: length, accepted: 1...1 << 30)
    ) { try CopyTask(length: length, seed: 1) }
  }
}

/// The entropy of the classes' frequencies, in nats.
func entropy(_ classes: [Int32]) -> Double {
  Dictionary(grouping: classes) { $0 }.values.reduce(0) { sum, group in
    let share = Double(group.count) / Double(classes.count)
    return sum - share * log(share)
  }
}
