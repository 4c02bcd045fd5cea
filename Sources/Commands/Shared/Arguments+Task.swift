import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollText

extension Arguments {
  /// The seed of every random number.
  var seed: UInt64 { UInt64(self[.seed]) }

  /// The task called `name`, made from the command's options.
  ///
  /// - Parameters:
  ///   - own: options that the command takes whatever the task.
  ///   - adapt: changes what the task is made from, such as a saved model's vocabulary.
  /// - Throws: what `adapt` throws; `TaskError`, `FileError`; `UsageError` for an option on the command line that the
  ///   task does not take.
  func task(
    named name: String, seed: UInt64, alsoTaking own: Set<TaskOption> = [],
    adapt: (inout TaskOptions) throws -> Void = { _ in }
  ) throws -> any SequenceTask {
    let entry = try TaskTable.entry(named: name)
    // Files record every option with its default, so what they hold for other tasks is passed over.
    for option in TaskOption.allCases
    where !own.contains(option) && !entry.options.contains(option) && has(option.rawValue)
      && wasTyped(option.rawValue)
    {
      let takers = TaskTable.all.filter { $0.options.contains(option) }.map(\.name)
      let others = option.counterparts.filter { entry.options.contains($0) && has($0.rawValue) }
        .map { "--\($0)" }
      throw rejection(
        of: option.rawValue,
        accepted: "left out with the task \(name)"
          + (others.isEmpty ? "" : ", which takes \(others.listed("and")) instead")
          + "; it is for \(takers.joined(separator: ", "))")
    }
    var options = taskOptions(seed: seed)
    try adapt(&options)
    return try entry.make(options)
  }

  /// The command's options as tasks take them; those it does not have keep their defaults.
  func taskOptions(seed: UInt64) -> TaskOptions {
    var options = TaskOptions(seed: seed)
    if has(.length) { options.length = self[.length] }
    if has(.batch) { options.rows = self[.batch] }
    if has(.file) { options.file = self[optional: .file] }
    if has(.column) { options.column = self[optional: .column] }
    if has(.columns) { options.columns = self[optional: .columns] }
    if has(.target) { options.target = self[optional: .target] }
    // What was typed stands for what a file says in the other form.
    if has(.columns), wasTyped(.columns), !wasTyped(.column) { options.column = nil }
    if has(.column), wasTyped(.column) {
      if !wasTyped(.columns) { options.columns = nil }
      if !wasTyped(.target) { options.target = nil }
    }
    if has(.holdout) { options.holdout = self[optional: .holdout] }
    if has(.vocabulary) { options.vocabularyLimit = self[optional: .vocabulary] }
    if has(.validation) { options.validation = self[optional: .validation] }
    if has(.test) { options.test = self[optional: .test] }
    if has(.validationSequences) { options.heldOut.validation = self[.validationSequences] }
    if has(.testSequences) { options.heldOut.test = self[.testSequences] }
    if has(.inputs) { options.inputs = self[optional: .inputs] }
    options.targets = targetsChoice
    options.reading = reading
    options.shuffle = isSet(.shuffle)
    return options
  }

  /// What `--targets` says.
  var targetsChoice: TargetsChoice {
    has(.targets)
      ? self[optional: .targets] ?? TargetsChoice()
      : TargetsChoice()
  }

  /// How data files are to be read.
  var reading: CSVReading {
    func choice<Value: RawRepresentable<String>>(_ key: OptionKey<String>) -> Value? {
      has(key) ? self[optional: key].flatMap { Value(rawValue: $0) } : nil
    }
    return CSVReading(
      hasHeader: !isSet(.noHeader), decimal: choice(.decimal), missing: choice(.missing) ?? .refuse,
      order: choice(.order) ?? .ascending)
  }
}

extension Terminal {
  /// Says what was made of a task's data that may have been meant otherwise.
  func warn(of task: any SequenceTask) {
    for notice in task.notices { warn(notice) }
  }
}
