import Testing
import UnrollSequenceTasks

/// The lag that a generated task says it needs is that of its sequences.
struct NeededLagTests {
  /// How far before the last step something stands, over 400 sequences; the ends of ranges of at most 20
  /// places are among them.
  private func lags(_ task: some SequenceTask, of place: (SequenceRow) -> Int?) -> [Int] {
    let last = task.timeSteps(in: .train, rows: 400) - 1
    return task.filled(rows: 400).allRows.compactMap { place($0).map { last - $0 } }
  }

  @Test(arguments: [2, 9, 40]) func addingNeedsItsFirstMarker(length: Int) throws {
    let task = try AddingTask(length: length, seed: 3)
    let found = lags(task) { row in row.inputs.firstIndex { $0[1] == 1 } }
    #expect(found.count == 400 && found.max() == task.neededLag?.lag)
  }

  @Test(arguments: [10, 50, 99, 100]) func temporalOrderNeedsItsFirstSymbol(length: Int) throws {
    let task = try TemporalOrderTask(length: length, seed: 3)
    let found = lags(task) { row in row.inputClasses.firstIndex { $0 < 2 } }
    #expect(found.count == 400 && found.max() == task.neededLag?.lag)
  }

  /// The last symbol is recalled at the last step, and every other one as many steps after it came.
  @Test(arguments: [1, 30]) func copyNeedsEverySymbol(length: Int) throws {
    let task = try CopyTask(length: length, seed: 3)
    let needed = try #require(task.neededLag?.lag)
    #expect(needed == length + 10)
    for row in task.filled(rows: 20).allRows {
      let last = row.targetClasses.count - 1
      for step in last - 9...last {
        #expect(row.targetClasses[step] == row.inputClasses[step - needed])
      }
    }
  }

  @Test func otherTasksDoNotSay() throws {
    let file = try TemporaryFile(String(repeating: "abc ", count: 50))
    #expect(try TextTask(path: file.path).neededLag == nil)
  }
}
