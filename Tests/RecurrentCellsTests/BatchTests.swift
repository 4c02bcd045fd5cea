import Testing
import UnrollRecurrentCells

@Suite struct BatchTests {
  @Test func stepsAndRowsLieTimeMajor() {
    let batch = Batch<Double>(
      BatchShape(timeSteps: 4, rows: 3, input: .values(2), target: .values(1), supervised: 2..<4))
    batch.inputs(step: 2, row: 1)[0, 1] = 5
    #expect(batch.inputs[2 * 3 + 1, 1] == 5 && batch.inputs(step: 2, row: 1).values == [0, 5])
    #expect(batch.inputs(row: 1).values == [0, 0, 0, 0, 0, 5, 0, 0])
    batch.inputs(row: 2)[3, 0] = 6
    #expect(batch.inputs[3 * 3 + 2, 0] == 6)
    batch.targets(step: 3, row: 2)[0, 0] = 7
    #expect(batch.targets[1 * 3 + 2, 0] == 7)
    #expect(batch.hasTarget(step: 2, row: 1))
    batch.setHasTarget(false, step: 2, row: 1)
    #expect(!batch.hasTarget(step: 2, row: 1) && batch.lossMask.values == [1, 0, 1, 1, 1, 1])
    batch.setHasTarget(true, step: 2, row: 1)
    #expect(batch.lossMask.values == [1, 1, 1, 1, 1, 1])
  }

  @Test func classesLieTimeMajor() {
    let batch = classes
    batch.setInputClass(4, step: 1, row: 0)
    batch.setTargetClass(2, step: 3, row: 1)
    #expect(batch.inputClasses == [0, 0, 4, 0, 0, 0, 0, 0])
    #expect(batch.targetClasses == [0, 0, 0, 2])
    #expect(batch.inputClass(step: 1, row: 0) == 4 && batch.targetClass(step: 3, row: 1) == 2)
    batch.setInputClasses(row: 1) { [3, 1, 0, 2][$0] }
    #expect(batch.inputClasses == [0, 3, 4, 1, 0, 0, 0, 2])
    batch.clearClasses()
    #expect(batch.inputClasses.allSatisfy { $0 == 0 } && batch.targetClasses.allSatisfy { $0 == 0 })
  }

  @Test func placesThatDoNotExistTrap() async {
    await #expect(processExitsWith: .failure) { _ = classes.inputClass(step: 4, row: 0) }
    await #expect(processExitsWith: .failure) { classes.setInputClasses(row: 2) { _ in 0 } }
    await #expect(processExitsWith: .failure) { classes.setInputClasses(row: 1) { _ in 99 } }
    await #expect(processExitsWith: .failure) { _ = classes.inputClass(step: 0, row: 2) }
    await #expect(processExitsWith: .failure) { _ = classes.targetClass(step: 1, row: 0) }
    await #expect(processExitsWith: .failure) { classes.setInputClass(5, step: 0, row: 0) }
    await #expect(processExitsWith: .failure) { _ = classes.inputs(step: 0, row: 0) }
  }
}

private var classes: Batch<Double> {
  Batch(
    BatchShape(timeSteps: 4, rows: 2, input: .classes(5), target: .classes(3), supervised: 2..<4))
}
