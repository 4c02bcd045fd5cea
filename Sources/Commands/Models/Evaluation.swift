import UnrollCommandLine
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollText
import UnrollTraining

/// What a saved model comes to on a task's test data.
struct Evaluation {
  private let model: SavedModel
  private let task: any SequenceTask
  private let loss: Double
  private let accuracy: Double?

  /// Runs the test.
  ///
  /// - Throws: `SavedModelError.otherSizes`; `TrainingError.tooLarge`.
  init<Element: Scalar>(
    of model: SavedModel, on task: any SequenceTask, _ arguments: Arguments,
    as type: Element.Type
  ) throws {
    let network = try model.model(for: task)
    let rows = arguments[.batch]
    try Evaluator<Element>.requireMemory(model: network, task: task, trainingRows: rows)
    let parameters = Parameters<Element>(network.layout)
    parameters.values.assign(rounding: model.file.parameters.values)
    let evaluator = Evaluator(
      PackedParameters(network, parameters), task: task, trainingRows: rows,
      threads: arguments[.threads])
    self.model = model
    self.task = task
    (loss, accuracy) = evaluator.run()
  }

  /// Nil for a task without a criterion.
  private var isSolved: Bool? { task.criterion?.isMet(loss: loss, accuracy: accuracy) }

  var json: JSONValue {
    var object: JSONObject = [
      "model": .string(model.path), "task": .string(task.name),
      "cell": .string(model.cell.description), "parameters": .integer(model.parameterCount),
      "test_loss": .number(loss), "baseline_loss": .number(task.baselineLoss),
      "test_accuracy": JSONValue(accuracy), "solved": JSONValue(isSolved),
    ]
    for result in task.results(testLoss: loss) { object[result.key] = .number(result.value) }
    return .object(object)
  }

  func print(on terminal: Terminal) {
    terminal.print(
      "\(terminal.styled(task.name, .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters")
    var lines = ResultLines()
    lines.append("test \(task.lossName)", task.lossText(loss: loss, accuracy: accuracy))
    for result in task.results(testLoss: loss) {
      lines.append(result.label, NumberText.significant(result.value))
    }
    if let isSolved {
      lines.append(
        "solved", isSolved ? terminal.styled("yes", .green) : terminal.styled("no", .yellow))
    }
    terminal.print(lines.text)
  }
}
