import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// What stands in files, paths and names reaches a terminal as visible text: none of it moves the cursor,
/// colors, reorders or begins a line.
struct HostileTextTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Each control is followed by a word by which it is found again.
  private static let controls = [
    "\u{1B}[31m", "\u{1B}]0;title\u{7}", "\u{9B}2J", "\r", "\n", "\u{8}", "\u{7F}", "\u{202E}",
    "\u{2028}",
    mark,
  ]
  /// The program's own sign for a style, which a literal cannot have.
  private static let mark = Unicode.Scalar(0xFDD2).map { String($0) } ?? ""
  private static let hostile = controls.map { $0 + "EVIL" }.joined()
  /// The same as the content of a cell or a tensor's name.
  private static var word: String { hostile }
  /// As a name of a file, which has no room for all of it.
  private static let fileName = "a\u{1B}[31mEVIL\u{9B}2JEVIL\rEVIL\nEVIL\u{202E}EVIL\(mark)EVIL"

  private struct Outcome {
    let status: UnrollCommandLine.ExitStatus
    /// What the two streams got.
    let text: String
  }

  /// Runs the program on a terminal with colors, and elsewhere, and checks what it wrote.
  ///
  /// - Parameter hasLines: whether the result is a text of several lines.
  @discardableResult
  private func check(
    _ words: [String], saysIt: Bool = true, hasLines: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Outcome {
    let environment = ["LANG": "C.UTF-8", "TERM": "xterm"]
    var status = UnrollCommandLine.ExitStatus.done
    var all = ""
    for isTerminal in [true, false] {
      let test = TestTerminal(
        isTerminal: isTerminal, outputIsTerminal: isTerminal, columns: 70, environment: environment)
      status = Program.unroll.run(words, on: test.terminal)
      let text = test.output.text + test.diagnostics.text
      all += text
      for control in Self.controls where !(hasLines && control == "\n") {
        #expect(
          !text.contains(control + "EVIL"), "\(words.prefix(2)): \(control.debugDescription)",
          sourceLocation: sourceLocation)
      }
      // What is left are the styles, and the sequences that draw live lines.
      let own = isTerminal ? #/\u{1B}\[(?:(?:0|1|2|31|32|33)m|[0-9]+A|J|K)/# : #/\u{0}/#
      let rest = text.replacing(own, with: "").unicodeScalars.filter { scalar in
        scalar != "\n" && !(isTerminal && scalar == "\r")
          && (scalar.properties.generalCategory == .control
            || scalar.properties.generalCategory == .format
            || scalar.properties.isNoncharacterCodePoint)
      }
      #expect(
        rest.isEmpty, "\(words.prefix(2)): \(rest.map(\.value))", sourceLocation: sourceLocation)
    }
    if saysIt {
      #expect(all.contains("EVIL"), "\(words.prefix(2)): \(all)", sourceLocation: sourceLocation)
    }
    return Outcome(status: status, text: all)
  }

  private static let small = [
    "--hidden", "3", "--batch", "2", "--steps", "6", "--eval-every", "3", "--window", "6",
    "--threads", "1",
  ]

  @Test func columnsOfASeries() throws {
    let name = Self.hostile.replacing("\"", with: "")
    let rows = (0..<60).map { "\($0),\(($0 * $0 * 7) % 23),\($0 % 5)\n" }.joined()
    let path = try runs.file("\(Self.fileName).csv", "\"day\u{1B}[31mEVIL\",\"\(name)\",b\n" + rows)
    let out = runs.path("run\(Self.fileName)")
    check(
      ["train", "series", "--file", path, "--column", "2", "--holdout", "8", "--out", out]
        + Self.small)
    check(["train", "series", "--file", path, "--column", "x" + Self.hostile] + Self.small)
    check(["train", "series", "--file", path, "--columns", "2,3", "--out", out + "2"] + Self.small)
    let model = "\(out)/model.safetensors"
    #expect(check(["evaluate", "--model", model]).status == .done)
    check(["predict", "--model", model, "--out", runs.path("forecast"), "--horizon", "2"])
    check(["decay", "--model", model, "--length", "6", "--out", runs.path("decay\u{1B}[31mEVIL")])
    check(["report", out, "--out", runs.path("\(Self.fileName).html")])
    check(["train", "--resume", "\(out)/checkpoint.safetensors", "--steps", "8"])
    check(["train", "--resume", "\(out)/checkpoint.safetensors", "--hidden", "9"])
    _ = try runs.file("\(Self.fileName).csv", "a,b\n1,\(Self.word.replacing("\n", with: ""))\n")
    check(["evaluate", "--model", model])
    check(["train", "--resume", "\(out)/checkpoint.safetensors", "--steps", "8"])
    check(["train", "series", "--file", path, "--column", "b"] + Self.small)
  }

  @Test func charactersOfAText() throws {
    let path = try runs.file(
      "\(Self.fileName).txt", String(repeating: "the cat \(Self.hostile) sat ", count: 20))
    let out = runs.path("text\(Self.fileName)")
    check(["train", "text", "--file", path, "--vocabulary", "9", "--out", out] + Self.small)
    check(["train", "text", "--file", path, "--out", out] + Self.small)
    let model = "\(out)/model.safetensors"
    check(["evaluate", "--model", model], saysIt: false)
    check(
      [
        "sample", "--model", model, "--characters", "400", "--temperature", "3", "--prompt",
        "EVIL",
      ], hasLines: true)
    check([
      "sample", "--model", model, "--characters", "400", "--temperature", "3", "--json",
      "--prompt", "EVIL",
    ])
    check(["sample", "--model", model, "--prompt", "\u{1F431}" + Self.hostile], hasLines: true)
  }

  @Test func namesInModels() throws {
    let (_, model) = runs.train("adding", ["--length", "6"])
    for key in ["task", "config", "cell", "activation", "input"] {
      let copy = try runs.copy(of: model, named: "\(Self.fileName).safetensors") {
        $0[key] = Self.hostile
      }
      check(["evaluate", "--model", copy], saysIt: false)
      check(["decay", "--model", copy, "--length", "6", "--out", runs.path("d")], saysIt: false)
    }
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [5, 4, 1], (0..<20).map { Double($0 % 7) / 7 })
    writer.append("y", shape: [4, 1], [1.5, 2, 3, 4])
    writer.append(Self.word, shape: [1], [1.5])
    try writer.write(to: runs.path("batch"))
    check(["decay", "--cells", "rnn", "--inputs", runs.path("batch"), "--out", runs.path("e")])
    check(["evaluate", "--model", runs.path("batch")], saysIt: false)
    check(["depth", "--model", runs.path("batch"), "--inputs", runs.path("batch")], saysIt: false)
  }

  @Test func foldersOfRuns() throws {
    let quoted = JSONValue.string(Self.hostile).encoded()
    runs.decay("--cells", "rnn", "--length", "6")
    try runs.change("run/config.json") {
      $0.replacing("\"task\": \"adding\"", with: "\"task\": \(quoted)")
    }
    try runs.change("run/summary.json") {
      $0.replacing("\"label\": \"rnn\"", with: "\"label\": \(quoted)")
    }
    try runs.change("run/decay.csv") {
      $0.replacing("rnn,rnn", with: "\"\(Self.hostile)\",rnn")
    }
    check(["decay", "--runs", runs.path("run"), "--out", runs.path("other")])
    check(["report", runs.path("run"), "--out", runs.path("page.html"), "--json"], saysIt: false)
    try runs.change("run/config.json") {
      $0.replacing("\"command\": \"decay\"", with: "\"command\": \(quoted)")
    }
    check(["decay", "--cells", "rnn", "--length", "6", "--out", runs.path("run")])
    check(["report", runs.path("run"), "--out", runs.path("page.html"), "--json"])
    check(["train", "--config", runs.path("run/config.json")])
    let config = try runs.file("config.json", "{\"options\": {\(quoted): 1, \"task\": \(quoted)}}")
    check(["train", "--config", config])
  }

  @Test func settingsOfASweep() throws {
    let book = try runs.file("\(Self.fileName).txt", String(repeating: "the cat sat ", count: 40))
    let out = runs.path("sweep\(Self.fileName)")
    let words = [
      "sweep", "text", "--hidden", "3", "--batch", "2", "--steps", "3", "--window", "4", "--seeds",
      "1", "--vary", "learning-rate=0.1,0.2", "--file", book, "--out", out,
    ]
    check(words)
    check(words)
    check(["merge", out, "--out", runs.path("merged\(Self.fileName)")])
    check(["train", "--sweep", out, "--run", Self.hostile])
    check(words + ["--vary", "cell=\(Self.hostile)"])
  }

  @Test func wordsOfTheCommandLine() {
    check([Self.hostile])
    check(["train", Self.hostile])
    check(["train", "--\(Self.hostile)"])
    check(["train", "--hidden", Self.hostile])
    check(["train", "text", "--file", "missing" + Self.hostile])
    check(["evaluate", "--model", "missing" + Self.hostile])
    check(["decay", "--runs", "missing" + Self.hostile])
    check(["report", "missing" + Self.hostile])
    check(["lesson", Self.hostile])
    check(["help", Self.hostile])
  }
}
