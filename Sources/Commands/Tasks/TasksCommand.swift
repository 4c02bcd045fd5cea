import UnrollCommandLine
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollText

extension Command {
  /// `unroll tasks`.
  static let tasks = Command(
    name: "tasks",
    summary: "lists the tasks with their baselines and sources",
    options: OptionTable.rows("length", "json"), computes: false
  ) { arguments, terminal in
    let help = HelpText(terminal: terminal)
    let tasks = TaskTable.all.map { TaskDescription($0, length: arguments[.length]) }
    terminal.print(
      tasks.map { task in
        help.heading(task.entry.name) + "\n" + help.columns(task.rows, left: 8)
      }.joined(separator: "\n\n"))
    terminal.printJSON(JSONValue.object(["tasks": .array(tasks.map(\.json))]).encoded())
    return .done
  }
}

/// A row of the table of tasks in words.
private struct TaskDescription {
  let entry: TaskEntry
  private let length: Int
  /// The task at `length`, where it is generated and that is long enough.
  private let task: (any SequenceTask)?

  init(_ entry: TaskEntry, length: Int) {
    self.entry = entry
    self.length = length
    task =
      entry.options.contains(.length) ? try? entry.make(TaskOptions(length: length)) : nil
  }

  /// A label and a text each.
  var rows: [(String, String)] {
    [
      ("learns", entry.summary), ("options", options.joined(separator: ", ")),
      ("baseline", baseline), ("solved", entry.solved), ("lag", lag), ("source", entry.source),
    ]
  }

  private var options: [String] { entry.options.map { "--\($0.rawValue)" } }

  private var baseline: String {
    if let task {
      let loss = NumberText.significant(task.baselineLoss)
      return "\(task.lossName) \(loss) (\(task.baselineName)) at T = \(NumberText.count(length))"
    }
    return entry.options.contains(.length)
      ? "none: T = \(length) is too short for this task" : "that of your data"
  }

  /// How far back it makes a model remember.
  private var lag: String {
    if let needed = task?.neededLag {
      return "\(NumberText.count(needed.lag)) at T = \(NumberText.count(length)): \(needed.source)"
    }
    return entry.options.contains(.length) ? "none: see the baseline" : "that of your data"
  }

  var json: JSONValue {
    [
      "name": .string(entry.name), "summary": .string(entry.summary),
      "options": .array(entry.options.map { .string($0.rawValue) }),
      "length": JSONValue(task == nil ? nil : length),
      "baseline": JSONValue(task?.baselineName), "baseline_loss": JSONValue(task?.baselineLoss),
      "solved": .string(entry.solved), "needed_lag": JSONValue(task?.neededLag?.lag),
      "source": .string(entry.source),
    ]
  }
}
