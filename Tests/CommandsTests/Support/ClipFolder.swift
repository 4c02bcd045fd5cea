import Foundation
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// A temporary folder with the comparisons run in it; removed with the value.
struct ClipFolder {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  func callAsFunction(_ name: String) -> String { folder(name) }

  /// A command with sizes so small, where `words` has no others, that a run takes a moment.
  static func small(_ command: String, _ words: [String]) -> [String] {
    let sizes = [
      "--length": "4", "--batch": "2", "--hidden": "3", "--steps": "60", "--eval-every": "20",
    ]
    return [command] + words + sizes.filter { !words.contains($0.key) }.flatMap { [$0, $1] }
  }

  /// Runs the program with `--out` in this folder.
  @discardableResult
  func run(_ words: [String], out: String) -> (
    status: UnrollCommandLine.ExitStatus, out: String, err: String
  ) {
    let test = TestTerminal()
    let status = Program.unroll.run(words + ["--out", self(out)], on: test.terminal)
    return (status, test.output.text, test.diagnostics.text)
  }

  /// `unroll clip` on the small task.
  @discardableResult
  func clip(_ words: String..., out: String = "run") -> (
    status: UnrollCommandLine.ExitStatus, out: String, err: String
  ) {
    run(Self.small("clip", words), out: out)
  }

  func text(_ name: String) throws -> String { try folder.text(name) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  /// The lines of a clip.csv below its header.
  func lines(_ out: String = "run", file: String = "clip.csv") throws -> [String] {
    try text("\(out)/\(file)").split(separator: "\n").dropFirst().map(String.init)
  }

  /// The same without the time that a run took.
  func numbers(_ out: String = "run") throws -> [String] {
    try lines(out).map { line in
      var fields = line.split(separator: ",", omittingEmptySubsequences: false)
      fields.remove(at: 9)
      return fields.joined(separator: ",")
    }
  }
}
