import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Runs of a sweep that cannot be made again.
struct SweptRunTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func run(of folder: String, place: Int = 0) throws -> [String] {
    let id = try CSVTable(path: runs.path("\(folder)/runs.csv")).rows[place][0]
    return [
      "train", "--sweep", runs.path(folder), "--run", id, "--quiet", "--out", runs.path("new"),
    ]
  }

  private func expectFailure(
    _ words: [String], _ status: UnrollCommandLine.ExitStatus = .failed, saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = runs.run(words)
    #expect(outcome.status == status && outcome.errors.count == 1, sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        outcome.errors.last?.contains(part) == true, "\(outcome.errors)",
        sourceLocation: sourceLocation)
    }
    #expect(runs.files(in: "new") == nil, sourceLocation: sourceLocation)
  }

  private func sweep(_ words: [String]) {
    let outcome = runs.run(
      [
        "sweep", "text", "--hidden", "2", "--batch", "2", "--steps", "2", "--window", "4",
        "--seeds", "1", "--quiet", "--out", runs.path("a"),
      ] + words)
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  /// The name of a run stands for its data. When they have changed, the file is named.
  @Test func aFileThatHasChangedIsNamed() throws {
    let file = try runs.textFile()
    sweep(["--file", file, "--vary", "cell=rnn,gru"])
    let words = try run(of: "a", place: 1)
    _ = try runs.file("book.txt", String(repeating: "the dog sat on the mat\n", count: 8))
    expectFailure(
      words, saying: ["book.txt is not what", "recorded 184 bytes", "restore the file"])
    try FileManager.default.removeItem(atPath: file)
    expectFailure(words, saying: ["book.txt: no such file"])
  }

  @Test func aVariedFileThatHasChangedIsNamed() throws {
    let (one, two) = (try runs.textFile(), runs.path("other.txt"))
    _ = try runs.file("other.txt", String(repeating: "abc def\n", count: 40))
    sweep(["--vary", "file=\(one),\(two)"])
    let words = try run(of: "a", place: 1)
    _ = try runs.file("other.txt", String(repeating: "abc dfe\n", count: 40))
    expectFailure(words, saying: ["other.txt has changed since the run was made"])
    // The other run has its file.
    let outcome = runs.run(try run(of: "a"))
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  /// A row whose setting config.json does not have is of an edited file.
  @Test func aSettingThatIsGoneIsNamed() throws {
    sweep(["--file", try runs.textFile(), "--vary", "cell=rnn,gru"])
    let words = try run(of: "a", place: 1)
    let config = try runs.text("a/config.json")
    _ = try runs.file("a/config.json", config.replacing("cell=rnn,gru", with: "cell=rnn"))
    expectFailure(
      words,
      saying: ["its row in runs.csv has cell gru, which the config.json of", "restore that file"])
  }

  /// A folder of another command is none of a sweep, however alike.
  @Test func foldersOfOtherCommandsAreNamed() {
    let clip = runs.run(
      ClipFolder.small("clip", ["adding", "--thresholds", "1", "--seeds", "1"]) + [
        "--quiet", "--out", runs.path("clip"),
      ])
    #expect(clip.status == .done, "\(clip.errors)")
    expectFailure(
      ["train", "--sweep", runs.path("clip"), "--run", "a", "--out", runs.path("new")], .usage,
      saying: ["--sweep", "holds a run of unroll clip", "unroll train --stop-when-solved"])
    let (_, model) = runs.train("adding", ["--length", "4"])
    let folder = URL(filePath: model).deletingLastPathComponent().path
    expectFailure(
      ["train", "--sweep", folder, "--run", "a", "--out", runs.path("new")], .usage,
      saying: ["holds a run of unroll train; accepted is a folder of unroll sweep"])
  }
}
