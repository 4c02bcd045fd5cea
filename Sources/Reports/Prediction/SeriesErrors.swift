import UnrollFileFormats
import UnrollSequenceTasks
import UnrollText

extension SeriesTask {
  /// What AR(2) is fitted to, for JSON.
  var ar2FittedTo: String { fitsMeasuredValues ? "values measured" : "training part" }
}

/// How well the columns of a series are predicted one step ahead, each beside known methods, in its own
/// units squared. Of one column `SequenceTask.results(loss:in:)` says the same.
struct SeriesErrors {
  private let names: [String]
  private let baselines: [SeriesBaselines]
  private let ar2Name: String
  /// Nil where they were not taken.
  private let squaredErrors: [Double]?

  init(_ task: SeriesTask, squaredErrors: [Double]?, in split: Split) {
    names = task.targets.map(\.name)
    ar2Name = task.fitsMeasuredValues ? "AR(2), fitted to these," : "AR(2)"
    baselines = task.baselines(in: split)
    self.squaredErrors = squaredErrors
  }

  /// Lists, in the order of `targets`.
  var json: JSONObject {
    func list(_ numbers: [Double]) -> JSONValue { .array(numbers.map { .number($0) }) }
    return [
      "targets": .array(names.map { .string($0) }),
      "squared_error": squaredErrors.map(list) ?? .null,
      "ar2_squared_error": list(baselines.map(\.ar2)),
      "persistence_squared_error": list(baselines.map(\.persistence)),
    ]
  }

  /// A line for each column.
  func append(to lines: inout ResultLines) {
    for (index, name) in names.enumerated() {
      let others =
        "\(ar2Name) \(NumberText.significant(baselines[index].ar2)), "
        + "persistence \(NumberText.significant(baselines[index].persistence))"
      lines.append(
        "squared error, \(name.escaped)",
        squaredErrors.map { "\(NumberText.significant($0[index])); \(others)" } ?? others)
    }
  }
}
