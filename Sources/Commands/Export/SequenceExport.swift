import UnrollCommandLine
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// A batch of a task's sequences, to be written to a file.
struct SequenceExport {
  let task: any SequenceTask
  /// The file to write; nil for a new one named by the task.
  private let out: String?
  private let format: ArrayFormat
  /// The part of the data; nil for all of them, those held out too.
  private let part: Split?
  private let data: DecayData

  /// - Throws: `UsageError`, `TaskError`, `FileError`, `TrainingError`.
  init(_ arguments: Arguments) throws {
    let name = try arguments.taskName()
    out = arguments[optional: .out]
    format = try arguments.format()
    let task = try arguments.task(named: name, seed: arguments.seed, alsoTaking: [.length]) {
      // Stretches of a stream may overlap.
      $0.rows = 1
    }
    self.task = task
    let given = try arguments.part(of: task)
    let usualPart = DecayPart(of: task)
    let (measured, split) = given.map { (task, $0) } ?? (usualPart.task, usualPart.split)
    // Where nothing is held out, all sequences are the training part.
    part = given == nil && usualPart.wholeFile != nil && task.has(.test) ? nil : split
    let available = measured.isStream ? nil : measured.sequenceCount(in: split)
    let usual = measured.hasFixedSequences ? available : available.map { min($0, Self.usualCount) }
    let rows = arguments[optional: .sequences] ?? usual ?? Self.usualCount
    if let available, rows > available {
      throw arguments.rejection(
        of: .sequences,
        accepted: "at most the \(NumberText.count(available)) of "
          + (part.map { "the \($0.exportName) part" } ?? "the file"))
    }
    data = try DecayData(
      measured, in: split, rows: rows, stretch: arguments[.length],
      isExact: arguments.wasTyped(.length))
    try arguments.requireMemory(for: data.shape)
    if let out, arguments.reads(out) {
      throw arguments.rejection(of: .out, accepted: "another file than the one that is read")
    }
    if let out, !Self.mayReplace(out) {
      throw arguments.rejection(
        of: .out, accepted: "a new file, or one that unroll export has written")
    }
  }

  /// Whether there is nothing at `path` that somebody else made: arrays called `x` can be written again.
  private static func mayReplace(_ path: String) -> Bool {
    do throws(FileError) {
      return try ArrayFile(path: path).names.contains("x")
    } catch {
      if case .empty = error { return true }
      return FileKind(atPath: path) != .regular
    }
  }

  /// The sequences of generated tasks and streams, where no number is given: the batch of `unroll decay`.
  private static let usualCount = 20

  /// Writes the file.
  ///
  /// - Returns: its path, and the arrays in it.
  /// - Throws: `FileError`.
  func write() throws(FileError) -> (path: String, arrays: [NamedArray]) {
    let arrays = data.batch().arrays(lengths: data.lastSteps.map { $0 + 1 })
    guard let out else {
      let path = try OutputFolder.withUnused(file: "\(task.name).npz") {
        (path) throws(FileError) in try format.write(arrays, to: path)
      }
      return (path, arrays)
    }
    try format.write(arrays, to: out)
    return (out, arrays)
  }

  /// What `--json` prints of the file at `path`.
  func json(of arrays: [NamedArray], in path: String) -> JSONValue {
    [
      "file": .string(path), "task": .string(task.name), "part": JSONValue(part?.exportName),
      "sequences": .integer(data.shape.rows), "steps": .integer(data.shape.timeSteps),
      "arrays": .array(
        arrays.map { array in
          [
            "name": .string(array.name), "type": .string(array.values.typeName),
            "shape": .array(array.shape.map { .integer($0) }),
          ]
        }),
    ]
  }
}

extension Split {
  /// The part as `--part` names it.
  var exportName: String {
    switch self {
    case .train: "training"
    case .validation: "validation"
    case .test: "test"
    }
  }
}

extension Arguments {
  /// The format of the file to write.
  fileprivate func format() throws(UsageError) -> ArrayFormat {
    guard let path = self[optional: .out] else { return .npz }
    guard let format = ArrayFormat(ofFileAt: path) else {
      let accepted = ArrayFormat.allCases.map { ".\($0.rawValue)" }.listed("or")
      throw rejection(of: .out, accepted: "a file with the extension \(accepted)")
    }
    return format
  }

  /// The part of the data that `--part` names; nil without it.
  fileprivate func part(of task: any SequenceTask) throws(UsageError) -> Split? {
    guard let name = self[optional: .part],
      let part = Split.allCases.first(where: { $0.exportName == name })
    else { return nil }
    if task.isStream, part != .train {
      throw rejection(
        of: .part,
        accepted: "training for \(task.name), from which stretches of --length steps are taken")
    }
    guard task.has(part) else {
      let others = Split.allCases.filter(task.has).map(\.exportName)
      throw rejection(of: .part, accepted: "a part that the data have: \(others.listed("or"))")
    }
    return part
  }

  /// Refuses more sequences than the machine's memory holds.
  fileprivate func requireMemory(for shape: BatchShape) throws(UsageError) {
    // An element is in the batch, in an array and in the bytes to be written; a target also has a place.
    let bytes = Double(shape.input.width + shape.target.width + 2) * Double(shape.timeSteps) * 40
    let most = Int(Recompute.machineBytes / bytes)
    if shape.rows > most {
      throw rejection(
        of: .sequences,
        accepted:
          "at most \(NumberText.count(most)) for this machine's memory, or a smaller --length")
    }
  }

  /// Whether an option names the file at `path` as one that is read.
  fileprivate func reads(_ path: String) -> Bool {
    let path = AbsolutePath.resolved(path)
    return fileOptions.contains { filePath(of: $0).map(AbsolutePath.resolved) == path }
  }
}
