import Testing
import UnrollSequenceTasks

struct AddingTaskTests {
  @Test(arguments: [2, 3, 4, 7, 50, 101])
  func sumsTheTwoMarkedNumbers(length: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      let task = try AddingTask(length: length, seed: seed)
      for row in task.filled(rows: 5).allRows {
        try #require(row.inputs.count == length && row.targets.count == 1, "seed \(seed)")
        let marked = row.inputs.indices.filter { row.inputs[$0][1] == 1 }
        try #require(marked.count == 2, "seed \(seed)")
        #expect(marked[0] < length / 2 && marked[1] >= length / 2, "seed \(seed)")
        #expect(row.inputs.allSatisfy { (0..<1).contains($0[0]) && [0, 1].contains($0[1]) })
        #expect(row.targets[0][0] == row.inputs[marked[0]][0] + row.inputs[marked[1]][0])
        #expect(row.lossMask == [1])
      }
    }
  }

  @Test func marksReachEveryStep() throws {
    let rows = try AddingTask(length: 7, seed: 3).filled(rows: 500).allRows
    for step in 0..<7 { #expect(rows.contains { $0.inputs[step][1] == 1 }, "step \(step)") }
  }

  /// The variance of a sum of two uniform numbers is 1/6. Its estimate from n samples has the
  /// standard deviation σ²·√((κ − 1)/n) with the triangular distribution's κ = 2.4: 0.0014 for
  /// n = 20,000; the tolerance is five of those.
  @Test func predictingOneGivesTheBaseline() throws {
    let task = try AddingTask(length: 4, seed: 11)
    let sums = task.filled(rows: 20_000).targets.values
    let error = sums.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Double(sums.count)
    #expect(abs(error - task.baselineLoss) < 0.007)
    #expect(task.baselineLoss == 1.0 / 6)
  }

  @Test(arguments: [Int.min, -1, 0, 1, 1 << 31, Int.max])
  func refusesLength(length: Int) {
    #expect(
      throws: TaskError.lengthOutOfRange(
        task: "adding", length: length, accepted: 2...1 << 30)
    ) { try AddingTask(length: length, seed: 1) }
  }
}
