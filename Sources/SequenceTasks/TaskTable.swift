import UnrollFileFormats

/// The table of tasks: command line, help and the shared tests read it. A new task is one row.
public enum TaskTable {
  /// Every task, in the order of help.
  public static let all: [TaskEntry] = [
    TaskEntry(
      name: "adding", summary: "the sum of two marked numbers out of T, given at the end",
      source: "Hochreiter & Schmidhuber 1997; form of Arjovsky, Shah & Bengio 2016",
      solved: "validation MSE below 0.01", options: generated
    ) { options in
      try AddingTask(length: options.length, seed: options.seed, heldOut: options.heldOut)
    },
    TaskEntry(
      name: "copy", summary: "10 symbols to be repeated after T blanks",
      source: "Hochreiter & Schmidhuber 1997; form of Arjovsky, Shah & Bengio 2016",
      solved: "99% of the recalled symbols right", options: generated
    ) { options in
      try CopyTask(length: options.length, seed: options.seed, heldOut: options.heldOut)
    },
    TaskEntry(
      name: "temporal-order", summary: "the order of two symbols among T distractors",
      source: "Hochreiter & Schmidhuber 1997, task 6a; form of Pascanu, Mikolov & Bengio 2013",
      solved: "99% right", options: generated
    ) { options in
      try TemporalOrderTask(length: options.length, seed: options.seed, heldOut: options.heldOut)
    },
    TaskEntry(
      name: "text", summary: "the next character of a UTF-8 text, its last tenth held out",
      source: "your file", solved: "no criterion",
      options: [.file, .vocabulary, .validation, .test]
    ) { options in
      try TextTask(
        path: require(options.file, .file, "text"), vocabulary: options.vocabulary,
        outputs: options.classes, limit: options.vocabularyLimit,
        validation: size(options.validation, .validation, "text"),
        test: size(options.test, .test, "text"), split: options.split, extent: options.extent)
    },
    TaskEntry(
      name: "series", summary: "the next values of CSV columns, the last ones held out",
      source: "your file", solved: "no criterion",
      options: [
        .file, .column, .columns, .target, .holdout, .missing, .decimal, .order, .noHeader,
      ]
    ) { options in
      let path = try require(options.file, .file, "series")
      let columns = try SeriesColumnNames(options)
      return try SeriesTask(
        path: path, columns: columns.read,
        targets: columns.predicted, holdout: options.holdout, scalings: options.scalings,
        reading: options.reading, split: options.split, extent: options.extent)
    },
    TaskEntry(
      name: "arrays", summary: "the sequences x [T,N,I] and targets y of a file",
      source: "your file", solved: "no criterion",
      options: [.inputs, .targets, .validation, .test, .missing, .shuffle]
    ) { options in
      let (missing, accepted) = (options.reading.missing, [MissingValues.refuse, .mask])
      guard accepted.contains(missing) else {
        throw TaskError.missingNotAccepted(task: "arrays", policy: missing, accepted: accepted)
      }
      return try ArraysTask(
        path: require(options.inputs, .inputs, "arrays"), targets: options.targets,
        validation: options.validation, test: options.test, shuffle: options.shuffle,
        seed: options.seed, classes: options.classes, masksMissing: missing == .mask,
        split: options.split, extent: options.extent)
    },
  ]

  /// What generated tasks take.
  private static let generated: [TaskOption] = [.length, .validationSequences, .testSequences]

  /// The row of the task called `name`.
  ///
  /// - Throws: ``TaskError/unknownTask(_:accepted:)``.
  public static func entry(named name: String) throws(TaskError) -> TaskEntry {
    guard let entry = all.first(where: { $0.name == name }) else {
      throw .unknownTask(name, accepted: all.map(\.name))
    }
    return entry
  }

  private static func require(
    _ value: String?, _ option: TaskOption, _ task: String
  ) throws(TaskError) -> String {
    guard let value else { throw .missingOption(task: task, option: option) }
    return value
  }

  /// The size of a part of a task that has one file alone.
  private static func size(
    _ part: HeldOutPart?, _ option: TaskOption, _ task: String
  ) throws(TaskError) -> HeldOutSize? {
    switch part {
    case nil: nil
    case .end(let size): size
    case .file(let path): throw .fileNotAccepted(task: task, option: option, path: path)
    }
  }
}

/// One row of ``TaskTable``.
public struct TaskEntry: Sendable {
  /// The name on the command line.
  public let name: String
  /// What is to be learned, in one line.
  public let summary: String
  /// Where the task comes from.
  public let source: String
  /// What counts as solved, in words.
  public let solved: String
  /// The options the task takes.
  public let options: [TaskOption]
  private let build: @Sendable (TaskOptions) throws -> any SequenceTask

  init(
    name: String, summary: String, source: String, solved: String, options: [TaskOption],
    build: @escaping @Sendable (TaskOptions) throws -> any SequenceTask
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.solved = solved
    self.options = options
    self.build = build
  }

  /// The task itself, with data enough for `options.rows` rows.
  ///
  /// - Throws: ``TaskError``, and `FileError` for what is read from files.
  public func make(_ options: TaskOptions) throws -> any SequenceTask {
    let task = try build(options)
    try task.requireData(forRows: options.rows)
    return task
  }
}
