import Testing
import UnrollRecurrentCells
import UnrollSequenceTasks

/// A task with nothing but what has no default.
private struct MinimalTask: SequenceTask {
  let name = "minimal"
  let input = InputKind.values(1)
  let target: TargetKind
  let baselineLoss = 1.0
  var isStream = false
  var sequenceCount: Int?

  func timeSteps(in split: Split, rows: Int) -> Int { 5 }
  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {}
}

@Suite struct OwnTaskTests {
  @Test func targetsAreAtTheLastStep() {
    let numbers = MinimalTask(target: .values(2)).batchShape(steps: 5, rows: 3)
    #expect(numbers.supervised == 4..<5 && numbers.scored.isEmpty)
    let classes = MinimalTask(target: .classes(2)).batchShape(steps: 5, rows: 3)
    #expect(classes.supervised == 4..<5 && classes.scored == 4..<5)
    #expect(MinimalTask(target: .classes(2)).supervision(steps: 0).supervised.isEmpty)
  }

  @Test func aStreamHasTargetsAtEveryStep() {
    let stream = MinimalTask(target: .classes(2), isStream: true)
    let shape = stream.batchShape(steps: 5, rows: 3)
    #expect(shape.supervised == 0..<5 && shape.scored == 0..<5)
    #expect(stream.testLayout(trainingRows: 3) == (3, 3))
  }

  @Test func theTestIsOverManyOrAllSequences() {
    let generated = MinimalTask(target: .values(1))
    #expect(generated.testLayout(trainingRows: 3) == (3, 1000))
    #expect(generated.testLayout(trainingRows: 3000) == (1000, 1000))
    let fixed = MinimalTask(target: .values(1), sequenceCount: 7)
    #expect(fixed.testLayout(trainingRows: 3) == (3, 7))
    #expect(fixed.testLayout(trainingRows: 20) == (7, 7))
  }

  @Test func onlyABatchThatRepeatsSequencesIsWarnedOf() throws {
    let fixed = MinimalTask(target: .values(1), sequenceCount: 7)
    #expect(fixed.warnings(rows: 7).isEmpty && fixed.warnings(rows: 8).count == 1)
    #expect(MinimalTask(target: .values(1)).warnings(rows: 8).isEmpty)
    try fixed.requireData(forRows: .max)
  }

  @Test func nothingElseIsClaimed() {
    let task = MinimalTask(target: .values(1))
    #expect(!task.isStream && task.sequenceCount == nil && task.criterion == nil)
    #expect(task.results(testLoss: 1).isEmpty && task.modelMetadata.isEmpty)
    #expect(task.baselineName == "nothing learned")
  }
}
