import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollSequenceTasks

struct ExportCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Where a task's data come from, and a short length.
  private func source(of task: String) throws -> [String] {
    switch task {
    case "text": ["--file", try runs.textFile(), "--length", "7"]
    case "series": ["--file", try runs.seriesFile(), "--column", "level", "--length", "7"]
    case "arrays": ["--inputs", try raggedFile()]
    default: ["--length", "12"]
    }
  }

  /// Four sequences of up to five steps with a class at some steps each, of five classes.
  private func raggedFile() throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [5, 4, 2], (0..<40).map { sin(Double($0)) })
    writer.append("lengths", shape: [4], [5, 3, 5, 4])
    writer.append(
      "y", shape: [5, 4],
      [0, 1, 2, 3, -100, 2, -100, 0, 3, 1, -100, -100, -100, -100, 1, 2, 2, -100, 0, -100])
    writer.append("classes", shape: [1], [5])
    try writer.write(to: runs.path("ragged.safetensors"))
    return runs.path("ragged.safetensors")
  }

  private func decay(_ words: [String], named name: String) throws -> (CSVTable, JSONValue) {
    let outcome = runs.run(
      ["decay", "--hidden", "6", "--layers", "2", "--cells", "rnn,lstm", "--json", "--quiet"]
        + words + ["--out", runs.path(name)])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return (try CSVTable(path: runs.path("\(name)/decay.csv")), outcome.json)
  }

  /// The same weights on the same batch give the same curves, at the last loss and at all. Class inputs
  /// are multiplied as one-hot rows, and sums over steps have zeros in between: the same to the bit.
  @Test(
    arguments: TaskTable.all.map(\.name),
    ArrayFormat.allCases)
  func decayMeasuresTheSameOnTheFile(task: String, format: ArrayFormat) throws {
    let isOfFile = task == "arrays"
    try expectSame(
      task, try source(of: task), isOfFile ? [] : ["--sequences", "5"],
      isOfFile ? [] : ["--batch", "5"], format)
  }

  /// Sequences held out for the validation are measured on; those held out for the test alone are
  /// measured with all others.
  @Test(
    arguments: [
      (["--test", "1"], nil, 4), (["--validation", "1"], "validation", 1),
      (["--validation", "2", "--test", "1"], "validation", 2), ([], "training", 4),
    ] as [([String], String?, Int)])
  func heldOutSequencesAreThoseOfDecay(words: [String], part: String?, count: Int) throws {
    let summary = try expectSame("arrays", try source(of: "arrays") + words, [], [], .npz)
    #expect(summary["part"] == JSONValue(part) && summary["sequences"]?.int == count)
    // A part that is asked for is that part, and fewer sequences are its first ones.
    let whole = try ArrayFile(path: try raggedFile()).doubles("x")
    let trained = runs.run(
      ["export", "arrays", "--part", "training", "--sequences", "1", "--json"]
        + (try source(of: "arrays")) + words + ["--out", runs.path("part.npz")])
    #expect(trained.json["part"]?.string == "training" && trained.json["sequences"]?.int == 1)
    let first = try ArrayFile(path: runs.path("part.npz")).doubles("x")
    let expected: [Double] = (0..<5).flatMap { step in Array(whole[8 * step..<8 * step + 2]) }
    #expect(first == expected)
  }

  @Test func whatExportHasNotWrittenIsNotReplaced() throws {
    let words = ["export", "adding", "--length", "5", "--sequences", "2", "--out"]
    for name in ["mine.npz", "mine.safetensors"] {
      let path = try runs.file(name, "precious")
      let outcome = runs.run(words + [path])
      #expect(outcome.status == .usage && outcome.errors.count == 1, "\(outcome.errors)")
      #expect(
        outcome.errors.last?.contains("a new file, or one that unroll export has written") == true)
      #expect(try runs.text(name) == "precious")
      // Its own files it writes anew, and an empty one, as of mktemp.
      _ = try runs.file(name, "")
      for _ in 0..<2 { #expect(runs.run(words + [path]).status == .done) }
    }
  }

  /// Targets that are left out are NaN in the file.
  @Test func missingTargetsAreReadBack() throws {
    let path = runs.path("gaps.npz")
    let targets: [Double] = (0..<20).map { $0 % 3 == 1 ? .nan : Double($0) / 7 }
    try ArrayFormat.npz.write(
      [
        NamedArray("x", shape: [5, 4, 2], .doubles((0..<40).map { sin(Double($0)) })),
        NamedArray("y", shape: [5, 4], .doubles(targets)),
      ], to: path)
    let mask = ["--missing", "mask"]
    try expectSame("arrays", ["--inputs", path] + mask, [], [], .npz, reading: mask)
    let read = try ArrayFile(path: runs.path("batch.npz")).doubles("y")
    #expect(zip(read, targets).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    let outcome = runs.run(
      ["decay", "--inputs", runs.path("batch.npz"), "--out", runs.path("none")])
    #expect(outcome.status == .failed && outcome.errors.count == 1)
  }

  /// Expects `decay` to measure the same on what `export` writes as on the task.
  ///
  /// - Parameters:
  ///   - words: where the data come from.
  ///   - sequences: how many of them `export` writes.
  ///   - rows: how many of them `decay` measures on.
  ///   - reading: how the file is read.
  /// - Returns: what `export` prints.
  @discardableResult
  private func expectSame(
    _ task: String, _ words: [String], _ sequences: [String], _ rows: [String],
    _ format: ArrayFormat, reading: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONValue {
    let file = runs.path("batch.\(format)")
    let outcome = runs.run(["export", task, "--out", file, "--json"] + words + sequences)
    #expect(
      outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)",
      sourceLocation: sourceLocation)
    for placement in ["last", "all"] {
      let loss = ["--loss-at", placement]
      let (own, summary) = try decay(["--task", task] + words + rows + loss, named: "own")
      let (read, other) = try decay(["--inputs", file] + reading + loss, named: "read")
      #expect(own.rows == read.rows && own.rows.count > 20, sourceLocation: sourceLocation)
      let curves = try #require(summary["curves"]?.array)
      #expect(
        curves == other["curves"]?.array && !curves.isEmpty, sourceLocation: sourceLocation)
    }
    return outcome.json
  }

  /// The summary of one update with a batch of six.
  private func train(_ words: [String], _ name: String) -> JSONValue {
    let outcome = runs.run(
      ["train"] + words + [
        "--batch", "6", "--steps", "1", "--hidden", "4", "--precision", "double", "--threads", "1",
        "--json", "--quiet", "--out", runs.path(name),
      ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return outcome.json
  }

  @Test func trainArraysTrainsOnTheFile() throws {
    let file = runs.path("train.npz")
    let exported = runs.run([
      "export", "copy", "--length", "5", "--part", "training", "--sequences", "6", "--out", file,
    ])
    #expect(exported.status == .done)
    let (own, read) = (
      train(["copy", "--length", "5"], "own"), train(["arrays", "--inputs", file], "read")
    )
    // A mean over all steps, most of which have no weight in one of them: rounding of 2.2e-16.
    let losses = [own, read].compactMap { $0["train_loss"]?.double }
    try #require(losses.count == 2)
    #expect(abs(losses[0] - losses[1]) <= 1e-14 * losses[0])
    #expect(own["parameters"]?.int == read["parameters"]?.int)
  }

  @Test func partsAreThoseOfTheTask() throws {
    var seen: [[Double]] = []
    for part in ["training", "validation", "test"] {
      let outcome = runs.run([
        "export", "adding", "--length", "4", "--sequences", "2", "--part", part, "--json", "--out",
        runs.path("\(part).npz"),
      ])
      #expect(outcome.json["part"]?.string == part && outcome.json["sequences"]?.int == 2)
      seen.append(try ArrayFile(path: runs.path("\(part).npz")).doubles("x"))
    }
    #expect(Set(seen.map(\.[0])).count == 3)
    let task = try AddingTask(length: 4, seed: 1)
    for (split, numbers) in zip(Split.allCases, seen) {
      var random = BatchLocation(split: split, sequence: 0, rows: 2).randomNumbers(seed: 1, row: 0)
      #expect(numbers[0] == random.uniform(), "\(task.name) \(split)")
    }
  }

  @Test func theFileIsNamedByTheTaskAndNothingIsOverwritten() throws {
    let folder = FileManager.default.currentDirectoryPath
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let outcome = runs.run(["export", "temporal-order", "--length", "20", "--json"])
    let path = try #require(outcome.json["file"]?.string)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(path.hasPrefix("temporal-order") && !names.contains(path))
    let second = runs.run(["export", "temporal-order", "--length", "20", "--json"])
    let other = try #require(second.json["file"]?.string)
    defer { try? FileManager.default.removeItem(atPath: other) }
    #expect(other != path && other.hasSuffix(".npz"))
    let arrays = try #require(outcome.json["arrays"]?.array)
    #expect(arrays.compactMap { $0["name"]?.string } == ["x", "y", "classes"])
    #expect(arrays[1]["shape"]?.array == [20] && arrays[1]["type"]?.string == "int64")
  }

  @Test(arguments: [
    (
      ["adding", "--out", "a.npy"],
      "--out a.npy: must be a file with the extension .npz or .safetensors"
    ),
    (["adding", "--out", "a"], "--out a: must be"),
    (["text", "--part", "test"], "--part test: must be training for text"),
    (
      ["arrays", "--part", "validation"],
      "--part validation: must be a part that the data have: training"
    ),
    (["arrays", "--sequences", "9"], "--sequences 9: must be at most the 4 of the training part"),
    (
      ["adding", "--length", "1000000", "--sequences", "1000000"],
      "--sequences 1000000: must be at most"
    ),
    (["adding", "--part", "all"], "--part all: must be"),
    (["adding", "--sequences", "0"], "--sequences 0: must be"),
  ]) func whatCannotBeIsRefused(words: [String], start: String) throws {
    let outcome = runs.run(
      ["export"] + words + (words.contains("--length") ? [] : try source(of: words[0])))
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains(start), "\(outcome.errors)")
  }

  @Test func theFileThatIsReadIsNotReplaced() throws {
    let file = try raggedFile()
    let before = try Data(contentsOf: URL(filePath: file))
    let outcome = runs.run(["export", "arrays", "--inputs", file, "--out", file])
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(try Data(contentsOf: URL(filePath: file)) == before)
  }

  @Test(
    arguments: [
      ([0], [], "tensor 'classes' is 0; accepted: 1 to 1,048,576"),
      ([2], [], "tensor 'y' has the class 3; accepted: 0 to 1"),
      ([5, 5], [2], "tensor 'classes' has the shape [2]; accepted: [] or [1]"),
    ] as [([Int], [Int], String)])
  func aNumberOfClassesThatIsNoneIsRefused(values: [Int], shape: [Int], message: String) throws {
    let file = try runs.arraysFile {
      $0.append("y", shape: [5], [0, 3, 1, 2, 0])
      $0.append("classes", shape: shape, values)
    }
    let outcome = runs.run(["decay", "--inputs", file, "--out", runs.path("none")])
    #expect(outcome.status == .failed && outcome.errors.count == 1)
    #expect(outcome.errors[0].contains(message), "\(outcome.errors)")
  }
}
