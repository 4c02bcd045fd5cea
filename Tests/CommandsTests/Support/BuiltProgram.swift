import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// The program as it was built beside the tests, run as a process of its own.
enum BuiltProgram {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static let url = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("unroll")

  /// Runs `unroll words…` with `environment` in place of the same names in this process's.
  ///
  /// - Parameters:
  ///   - script: runs this file of the repository in the program's place.
  ///   - launcher: a program and its arguments, which starts the command line behind them.
  static func run(
    _ words: [String], script: String? = nil, launcher: [String] = [],
    environment: [String: String]
  ) throws -> Outcome {
    let program = script.map { Document.top.appending(path: $0) } ?? url
    let scratch = try TemporaryFolder()
    return try start(launcher + [program.path] + words, in: scratch.path, environment: environment)
  }

  /// Runs a line of shell in `folder`.
  static func shell(
    _ line: String, in folder: String, environment: [String: String]
  ) throws -> Outcome {
    try start(["/bin/sh", "-c", line], in: folder, environment: environment)
  }

  private static func start(
    _ line: [String], in folder: String, environment: [String: String]
  ) throws -> Outcome {
    let scratch = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: line[0])
    process.arguments = Array(line.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, which never fill up as an unread pipe does.
    func emptyFile(_ name: String) throws -> FileHandle {
      try FileHandle(forWritingTo: URL(filePath: scratch.file(name, "")))
    }
    process.standardOutput = try emptyFile("out")
    process.standardError = try emptyFile("err")
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try scratch.text("out"),
      errors: try scratch.text("err"))
  }
}
