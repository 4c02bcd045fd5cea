import UnrollCommandLine
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension RemedyPlan {
  /// - Parameter task: what the data are of; nil for a batch with gradients.
  /// - Throws: `UsageError` for settings that do not fit each other or the data, `TrainingError` for
  ///   changes that do not fit into memory.
  init?(
    _ arguments: Arguments, on data: DecayData, of task: (any SequenceTask)?,
    subjects: [DecaySubject]
  ) throws {
    guard arguments[.remedies] else {
      if arguments.wasTyped(.needs) {
        throw arguments.rejection(of: .needs, accepted: "left out without --remedies")
      }
      return nil
    }
    if data.lacksLastEntry {
      throw arguments.rejection(
        of: .inputs, accepted: "a file whose gradient enters at a row's last step, for --remedies")
    }
    self.init(
      needed: try arguments.neededLag(of: data),
      truncation: arguments.truncation(
        // The default window of a stream cuts nothing off where the batch has no more steps.
        isStream: task?.isStream == true && data.shape.timeSteps > 100),
      threads: arguments[.threads])
    for subject in subjects {
      try requireMemory(
        for: subject, on: data, recompute: arguments[optional: .recompute] ?? .auto)
    }
  }
}

extension Arguments {
  /// The lag of `--needs`, or the task's own.
  fileprivate func neededLag(of data: DecayData) throws -> NeededLag {
    let longest = data.shape.timeSteps - 1
    if let lag = self[optional: .needs] {
      guard lag <= longest else {
        throw rejection(
          of: .needs,
          accepted: longest < 1
            ? "left out, as --remedies: the sequences have 1 step"
            : "at most \(NumberText.count(longest)): the sequences have "
              + NumberText.count(longest + 1, "step"))
      }
      return NeededLag(lag, of: "--needs")
    }
    if let needed = data.neededLag { return needed }
    if self[optional: .inputs] != nil {
      throw rejection(
        of: .inputs, accepted: "joined by --needs K for --remedies: the lag that the targets need")
    }
    let names = TaskTable.all.filter(\.saysNeededLag).map(\.name)
    throw rejection(
      of: .task,
      accepted:
        "\(names.listed("or")) for --remedies, or joined by --needs K: the lag that it needs")
  }
}

extension TaskEntry {
  /// Whether the task itself says which lag it needs, as generated ones do.
  fileprivate var saysNeededLag: Bool {
    options.contains(.length) && (try? make(TaskOptions(length: 100)))?.neededLag != nil
  }
}
