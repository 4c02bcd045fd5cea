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
      "test_loss": .number(loss), "baseline_loss": .number(task.baselineLoss(in: split)),
      "test_accuracy": JSONValue(accuracy), "solved": JSONValue(isSolved),
      "measured_on": .string(measuredOn), "measured": measured?.json ?? .null,
    ]
    if let task = task as? SeriesTask { object["ar2_fitted_to"] = .string(task.ar2FittedTo) }
    for result in task.results(loss: loss, in: split) { object[result.key] = .number(result.value) }
    return .object(object + (seriesErrors?.json ?? [:]))
  }

  /// The same for people, in a few lines.
  public var text: String { PlainPage.text { print(on: $0) } }

  private var seriesErrors: SeriesErrors? {
    guard let task = task as? SeriesTask, let squaredErrors else { return nil }
    return SeriesErrors(task, squaredErrors: squaredErrors, in: split)
  }

  /// Whether a file was measured that the model was not trained on, so that no part of it was left for
  /// a test. All sequences of a file are training data only where the model was trained on them.
  private var isOfOtherData: Bool {
    split == .train ? !isOnTrainingData : task.isStream && measured?.part == nil
  }

  private var measuredOn: String { isOfOtherData ? "all data" : split.name }

  private var lossName: String {
    isOfOtherData ? task.lossName : task.lossName(in: split)
  }

  package func print(on page: any TextPage) {
    page.print(
      "\(page.styled(task.name, .bold)), \(model.cell), "
        + "\(NumberText.count(model.parameterCount)) parameters")
    var lines = ResultLines()
    lines.append(
      lossName, task.lossText(loss: loss, accuracy: accuracy, in: split))
    for result in task.results(loss: loss, in: split) {
      lines.append(result.label, result.text)
    }
    seriesErrors?.append(to: &lines)
    if let measured { lines.append(measured) }
    if let isSolved {
      lines.append(
        "solved", isSolved ? page.styled("yes", .green) : page.styled("no", .yellow))
    }
    page.print(lines.text(columns: page.outputColumns))
  }
}
