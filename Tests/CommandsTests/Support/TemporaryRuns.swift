import Foundation
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// A folder of its own for runs of the program, removed at the end.
struct TemporaryRuns {
  private let temporary: TemporaryFolder
  var folder: String { temporary.path }

  init() throws { temporary = try TemporaryFolder() }

  struct Outcome {
    let status: UnrollCommandLine.ExitStatus
    let out: String
    /// The lines on stderr.
    let errors: [String]

    /// The object that `--json` printed.
    var json: JSONValue { (try? JSONValue(parsing: Data(out.utf8))) ?? .null }
    /// The same without the run's identity, which no other run has.
    var results: JSONValue { json.withoutRun }
  }

  /// Runs the program on `words`.
  func run(_ words: [String]) -> Outcome {
    let test = TestTerminal()
    let status = Program.unroll.run(words, on: test.terminal)
    return Outcome(status: status, out: test.output.text, errors: test.diagnostics.lines)
  }

  /// Trains a tiny model of `task` and returns its summary and its file.
  func train(_ task: String, _ words: [String] = []) -> (summary: JSONValue, model: String) {
    let out = path("train-\(task)")
    let outcome = run(
      [
        "train", task, "--hidden", "4", "--batch", "2", "--steps", "3", "--precision", "double",
        "--threads", "1", "--json", "--quiet", "--out", out,
      ] + words)
    return (outcome.json, out + "/model.safetensors")
  }

  func path(_ name: String) -> String { temporary(name) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    try AtomicFile.write(text, to: path(name))
    return path(name)
  }

  func text(_ name: String) throws -> String { try temporary.text(name) }

  /// The names of the files in the folder `name`; nil where there is none.
  func files(in name: String) -> [String]? {
    try? FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  /// A copy of the model at `model` with its metadata changed by `change`.
  func copy(
    of model: String, named name: String, change: (inout [String: String]) -> Void
  ) throws -> String {
    let file = try SafetensorsFile(path: model)
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = file.metadata
    change(&writer.metadata)
    for tensor in file.tensors {
      writer.append(tensor.name, shape: tensor.shape, try file.doubles(tensor.name))
    }
    try writer.write(to: path(name))
    return path(name)
  }

  // MARK: Data

  /// Thirty years of a wave, from 1900.
  func seriesFile() throws -> String {
    let rows = (0..<30).map { "\(1900 + $0),\(($0 * $0 * 7) % 23)" }
    return try file("series.csv", "year,level\n" + rows.joined(separator: "\n") + "\n")
  }

  func textFile() throws -> String {
    try file("book.txt", String(repeating: "the cat sat on the mat\n", count: 8))
  }

  /// Five sequences of four steps of three numbers, with `y` as given.
  func arraysFile(
    _ name: String = "arrays.safetensors", addTargets: (inout SafetensorsWriter) -> Void
  ) throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [4, 5, 3], (0..<60).map { Double(($0 * 17) % 11) / 11 })
    addTargets(&writer)
    try writer.write(to: path(name))
    return path(name)
  }
}

extension JSONValue {
  /// A summary or config without what differs between two runs alike: their identity and folder.
  var withoutRun: JSONValue {
    var object = object ?? [:]
    object[RunIdentity.key] = nil
    object["folder"] = nil
    return .object(object)
  }

  /// Of what was measured the first and the last element, how many, and how many there are in all.
  var measuredNumbers: [Int] {
    ["first", "last", "count", "of"].compactMap { self["measured"]?[$0]?.int }
  }
}
