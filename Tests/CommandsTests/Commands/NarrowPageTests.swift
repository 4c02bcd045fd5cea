import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollText

/// What commands print fits 60 columns, but for the text of `sample` and shells' completions, as the halves of a divided terminal have.
struct NarrowPageTests {
  private static let columns = 60
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Runs the program at 60 columns and checks every line of its output. Lines with a path, which stays in
  /// one piece, are left out; so are stderr's, where a message is one line however long.
  private func check(_ words: [String], location: SourceLocation = #_sourceLocation) {
    let test = TestTerminal(columns: Self.columns)
    let status = Program.unroll.run(words, on: test.terminal)
    #expect(
      status == .done, "\(words): \(test.diagnostics.lines)", sourceLocation: location)
    let text = test.output.text
    #expect(!text.isEmpty, "\(words)", sourceLocation: location)
    for line in text.split(separator: "\n").map(String.init) where !line.contains(runs.folder) {
      #expect(
        StyledText.columns(of: line) <= Self.columns, "\(words.joined(separator: " "))\n\(line)",
        sourceLocation: location)
    }
  }

  private static let small = ["--length", "10", "--hidden", "4", "--batch", "2"]

  @Test func helpPages() {
    check(["help"])
    for command in CommandTable.all.commands { check(["help", command.name]) }
    check(["tasks"])
    check(["cells"])
    check(["info"])
  }

  @Test func trainedModels() throws {
    let model = runs.path("model")
    let training = Self.small + ["--steps", "5", "--quiet", "--threads", "1", "--out"]
    check(["train", "adding"] + training + [model])
    check(["evaluate", "--model", model + "/model.safetensors"])
    check(["decay", "--model", model + "/model.safetensors", "--quiet", "--out", runs.path("d")])

    let book = try runs.file(
      "book.txt", String(repeating: "the quick brown fox jumps. ", count: 80))
    check(
      ["train", "text", "--file", book, "--hidden", "4", "--steps", "5", "--quiet", "--out"]
        + [runs.path("text")])
    let rows = (0..<200).map { "\($0),\($0 * 7 % 13),\($0 * 5 % 11)\n" }.joined()
    let series = try runs.file("loads.csv", "t,load,wind\n" + rows)
    let columns = ["--file", series, "--columns", "load,wind", "--window", "5", "--hidden", "4"]
    check(
      ["train", "series", "--steps", "5", "--quiet", "--out", runs.path("series")] + columns)
    let trained = runs.path("series/model.safetensors")
    check(["predict", "--model", trained, "--quiet", "--out", runs.path("p")])
    check(["evaluate", "--model", trained])
  }

  @Test func decay() {
    check(["decay"] + Self.small + ["--quiet", "--out", runs.path("plain")])
    check(
      [
        "decay", "--cells",
        "rnn/activation=leaky-relu:0.01/init=orthogonal,lstm/forget-bias=0", "--exponents",
        "--truncation", "1,2,5", "--seeds", "2", "--quiet", "--out", runs.path("long"),
      ] + Self.small)
  }

  @Test(arguments: ["chain", "powers"])
  func examples(name: String) {
    check(["depth", "--example", name, "--quiet", "--out", runs.path(name)])
  }

  @Test func comparisons() {
    let training = Self.small + ["--steps", "5", "--seeds", "2"]
    let small = training + ["--quiet", "--threads", "1", "--out"]
    check(["depth", "--layers", "3", "--width", "4", "--quiet", "--out", runs.path("depth")])
    check(
      ["clip", "adding", "--cells", "rnn,lstm", "--thresholds", "none,0.5x,2x,1,auto:10"] + small
        + [runs.path("clip")])
    check(["clip", "adding", "--cells", "rnn", "--windows", "full,5"] + small + [runs.path("w")])
    check(["clip", "--surface", "--quiet", "--out", runs.path("surface")])
    check(
      [
        "sweep", "adding", "--vary", "learning-rate=1e-3,3e-3", "--vary",
        "cell=rnn/activation=relu,lstm/init=orthogonal", "--against", "learning-rate=0.001",
      ] + small + [runs.path("sweep")])
    check(["merge", runs.path("sweep"), "--out", runs.path("merged")])
  }

  @Test func checksAndTimes() {
    check(["check", "--cells", "rnn,lstm", "--hidden", "3", "--length", "3"])
    let brief = ["--budget", "0.001", "--threads", "1", "--length", "4", "--hidden", "4"]
    check(["bench", "--batch", "2"] + brief)
    for option in ["--subnormals", "--observer"] {
      check(["bench", option, "--batch", "2"] + brief)
    }
    check(
      ["plan", "adding", "--ranks", "4", "--bandwidth", "10Gbit/s", "--latency", "50us"] + brief)
  }
}
