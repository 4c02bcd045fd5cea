import UnrollCommandLine
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// A batch of a task's sequences, to be written to a file.
struct SequenceExport {
  let task: any SequenceTask
  /// The file to write.
  let path: String
  private let format: ArrayFormat
  private let part: Split
  private let shape: BatchShape
  private let make: () -> Batch<Double>

  /// - Throws: `UsageError`, `TaskError`, `FileError`, `TrainingError`.
  init(_ arguments: Arguments) throws {
    let name = try arguments.taskName()
    path = arguments[optional: .out] ?? OutputFolder.unused(file: "\(name).npz")
    guard let format = ArrayFormat(ofFileAt: path) else {
      let accepted = ArrayFormat.allCases.map { ".\($0.rawValue)" }.listed("or")
      throw arguments.rejection(of: .out, accepted: "a file with the extension \(accepted)")
    }
    self.format = format
    let task = try arguments.task(named: name, seed: arguments.seed, alsoTaking: [.length]) {
      // Stretches of a stream may overlap.
      $0.rows = 1
    }
    self.task = task
    part = try arguments.part(of: task)
    let (part, available) = (part, task.isStream ? nil : task.sequenceCount(in: part))
    let usual = task.hasFixedSequences ? available : available.map { min($0, Self.usualCount) }
    let rows = arguments[optional: .sequences] ?? usual ?? Self.usualCount
    if let available, rows > available {
      throw arguments.rejection(
        of: .sequences,
        accepted: "at most the \(NumberText.count(available)) of the \(part.exportName) part")
    }
    if task.isStream {
      let data = try DecayData(
        task, rows: rows, stretch: arguments[.length], isExact: arguments.wasTyped(.length))
      (shape, make) = (data.shape, data.batch)
    } else {
      let shape = task.batchShape(
        in: part, steps: task.timeSteps(in: part, rows: rows), rows: rows)
      self.shape = shape
      make = {
        let batch = Batch<Double>(shape)
        task.fill(batch, from: BatchLocation(split: part, sequence: 0, rows: rows))
        return batch
      }
    }
    try arguments.requireMemory(for: shape)
    if arguments.inputFiles().contains(where: { $0.isAt(path) }) {
      throw arguments.rejection(of: .out, accepted: "another file than the one that is read")
    }
  }

  /// The sequences of generated tasks and streams, where no number is given: the batch of `unroll decay`.
  private static let usualCount = 20

  /// Writes the file.
  ///
  /// - Throws: `FileError`.
  func write() throws(FileError) -> [NamedArray] {
    let lengths = (task as? ArraysTask)?.lengths(in: part).prefix(shape.rows)
    let arrays = make().arrays(lengths: lengths.map(Array.init))
    try format.write(arrays, to: path)
    return arrays
  }

  /// What `--json` prints.
  func json(of arrays: [NamedArray]) -> JSONValue {
    [
      "file": .string(path), "task": .string(task.name), "part": .string(part.exportName),
      "sequences": .integer(shape.rows), "steps": .integer(shape.timeSteps),
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
  /// The part of the data that `--part` names, otherwise that which `unroll decay` measures on.
  fileprivate func part(of task: any SequenceTask) throws(UsageError) -> Split {
    let usual = task.isStream ? .train : task.selectionSplit
    let name = self[optional: .part]
    let part = Split.allCases.first { $0.exportName == name } ?? usual
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
}

extension InputFile {
  /// Whether the file is the one at `path`.
  fileprivate func isAt(_ path: String) -> Bool {
    AbsolutePath.resolved(self.path) == AbsolutePath.resolved(path)
  }
}
