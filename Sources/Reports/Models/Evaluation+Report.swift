import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension Evaluation {
  /// Model, task, loss and accuracy, by name.
  public var json: JSONValue {
    var object: JSONObject = [
      "model": .string(model.path), "task": .string(task.name),
      "cell": .string(model.cell.description), "parameters": .integer(model.parameterCount),
      "test_loss": .number(loss), "baseline_loss": .number(task.baselineLoss),
      "test_accuracy": JSONValue(accuracy), "solved": JSONValue(isSolved),
    ]
    for result in task.results(testLoss: loss) { object[result.key] = .number(result.value) }
    return .object(object)
  }

  /// The same for people, in a few lines.
  public var text: String { PlainPage.text { print(on: $0) } }

  package func print(on page: any TextPage) {
    page.print(
      "\(page.styled(task.name, .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters")
    var lines = ResultLines()
    lines.append("test \(task.lossName)", task.lossText(loss: loss, accuracy: accuracy))
    for result in task.results(testLoss: loss) {
      lines.append(result.label, NumberText.significant(result.value))
    }
    if let isSolved {
      lines.append(
        "solved", isSolved ? page.styled("yes", .green) : page.styled("no", .yellow))
    }
    page.print(lines.text)
  }
}
