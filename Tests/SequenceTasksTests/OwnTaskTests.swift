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
  var trainingCount: Int?

  func sequenceCount(in split: Split) -> Int? {
    trainingCount.map { split == .train ? $0 : 0 } ?? HeldOutCounts().count(in: split)
  }

  func timeSteps(in split: Split, rows: Int) -> Int { 5 }
  func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {}
}

@Suite struct OwnTaskTests {
  @Test func targetsAreAtTheLastStep() {
    let numbers = MinimalTask(target: .values(2)).batchShape(steps: 5, rows: 3)
    #expect(numbers.supervised == 4..<5 && numbers.scored.isEmpty)
    let classes = MinimalTask(target: .classes(2)).batchShape(steps: 5, rows: 3)
    #expect(classes.supervised == 4..<5 && classes.scored == 4..<5)
    #expect(MinimalTask(target: .classes(2)).supervision(in: .train, steps: 0).supervised.isEmpty)
  }

  @Test func aStreamHasTargetsAtEveryStep() {
    let stream = MinimalTask(target: .classes(2), isStream: true)
    let shape = stream.batchShape(steps: 5, rows: 3)
    #expect(shape.supervised == 0..<5 && shape.scored == 0..<5)
    #expect(stream.layout(of: .test, trainingRows: 3) == (3, 3))
    #expect(stream.has(.validation) && stream.has(.test))
  }

  @Test func theTestIsOverManyOrAllSequences() {
    let generated = MinimalTask(target: .values(1))
    #expect(generated.layout(of: .test, trainingRows: 3) == (3, 1000))
    #expect(generated.layout(of: .test, trainingRows: 3000) == (1000, 1000))
    let fixed = MinimalTask(target: .values(1), trainingCount: 7)
    #expect(fixed.layout(of: .train, trainingRows: 3) == (3, 7))
    #expect(fixed.layout(of: .train, trainingRows: 20) == (7, 7))
    #expect(!fixed.has(.validation) && !fixed.has(.test) && fixed.hasFixedSequences)
    #expect(fixed.selectionSplit == .train && fixed.measuredSplit == .train)
  }

  /// What has no more than the six members.
  private struct SixMembers: SequenceTask {
    let name = "six"
    let input = InputKind.values(1)
    let target = TargetKind.values(1)
    let baselineLoss = 1.0
    func timeSteps(in split: Split, rows: Int) -> Int { 5 }
    func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {}
  }

  @Test func sixMembersGiveValidationAndTest() {
    let task = SixMembers()
    #expect(task.has(.train) && task.has(.validation) && task.has(.test))
    #expect(task.selectionSplit == .validation && task.measuredSplit == .test)
    #expect(task.layout(of: .validation, trainingRows: 20) == (20, 1000))
    #expect(task.baselineLoss(in: .validation) == 1 && !task.hasFixedSequences)
  }

  @Test func onlyABatchThatRepeatsSequencesIsWarnedOf() throws {
    let fixed = MinimalTask(target: .values(1), trainingCount: 7)
    #expect(fixed.warnings(rows: 7).isEmpty && fixed.warnings(rows: 8).count == 1)
    #expect(MinimalTask(target: .values(1)).warnings(rows: 8).isEmpty)
    try fixed.requireData(forRows: .max)
  }

  @Test func nothingElseIsClaimed() {
    let task = MinimalTask(target: .values(1))
    #expect(!task.isStream && task.sequenceCount(in: .train) == nil && task.criterion == nil)
    #expect(task.results(loss: 1, in: .test).isEmpty && task.modelMetadata.isEmpty)
    #expect(task.baselineName == "nothing learned")
  }
}
