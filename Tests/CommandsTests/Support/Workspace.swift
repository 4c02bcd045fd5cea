import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// A folder of one test's own, removed with everything in it at the end, and the whole program run
/// on files in it.
struct Workspace {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  func callAsFunction(_ name: String) -> String { folder(name) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String { try folder.file(name, bytes) }

  func file(_ name: String, _ text: String) throws -> String { try folder.file(name, text) }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: self(name))))
  }

  /// Whether two files of runs hold the same bytes, but for the names of the runs.
  func isSameFile(_ one: String, _ other: String) throws -> Bool {
    func text(_ name: String) throws -> Data {
      let folder = name.split(separator: "/").dropLast().joined(separator: "/")
      let config = try JSONValue(contentsOf: self("\(folder)/config.json"))
      let run = try #require(RunIdentity(config[RunIdentity.key]?.string))
      var data = Data(try bytes(name))
      while let found = data.range(of: Data(run.id.utf8)) {
        data.replaceSubrange(found, with: Data(repeating: 0, count: found.count))
      }
      return data
    }
    return try text(one) == text(other)
  }

  /// Everything below the folder, hidden files included.
  var names: [String] { (FileManager.default.subpaths(atPath: path) ?? []).sorted() }

  struct Outcome {
    let status: UnrollCommandLine.ExitStatus
    let output: String
    let errors: [String]
  }

  /// Runs `unroll words…` in this process.
  func run(_ words: [String]) -> Outcome {
    let test = TestTerminal()
    let status = Program.unroll.run(words, on: test.terminal)
    return Outcome(status: status, output: test.output.text, errors: test.diagnostics.lines)
  }

  /// Expects the program to refuse: this status, one line on stderr that holds every part of
  /// `saying`, nothing on stdout, and no file made or changed in name.
  func expectRefusal(
    _ words: [String], _ status: UnrollCommandLine.ExitStatus, saying parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = names
    let outcome = run(words)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    let line = outcome.errors.first ?? ""
    #expect(line.hasPrefix("unroll: "), sourceLocation: sourceLocation)
    for part in parts {
      #expect(line.contains(part), "'\(part)' in: \(line)", sourceLocation: sourceLocation)
    }
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(names == before, sourceLocation: sourceLocation)
  }
}
