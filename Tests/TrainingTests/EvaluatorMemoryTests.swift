import Testing
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollTraining

struct EvaluatorMemoryTests {
  private let model = RecurrentModel(
    CellSpecification(.rnn), ModelConfiguration(input: .values(2), target: .values(1), hidden: 4))

  @Test func aTestBeyondAnyMemoryIsRefused() throws {
    // 1,000 sequences of 2³⁰ steps of 2 numbers are 17 TB.
    let task = try AddingTask(length: 1 << 30, seed: 1)
    let rows = task.layout(of: .validation, trainingRows: 1000).rows
    // Of each row, 100 steps of 4 gates, 4 states and an output, and twice the data: 2 numbers a step, one
    // target and its weight. All in 8 bytes, without rounding.
    let row = 100 * (4 + 4 + 1) * 8 + 2 * ((1 << 30) * 2 * 8 + (1 + 1) * 8)
    #expect {
      try Evaluator<Double>.requireMemory(
        model: model, task: task, split: .validation, trainingRows: 1000)
    } throws: { error in
      guard case .tooLarge(let bytes, _)? = error as? TrainingError else { return false }
      return (1.7e13..<1e14).contains(bytes) && bytes == Double(rows * row)
    }
  }

  @Test func anOrdinaryTestIsNot() throws {
    let task = try AddingTask(length: 100, seed: 1)
    try Evaluator<Double>.requireMemory(
      model: model, task: task, split: .validation, trainingRows: 1000)
  }
}
