import Foundation
import Testing

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
  /// - Parameter script: runs this file of the repository in the program's place.
  static func run(
    _ words: [String], script: String? = nil, environment: [String: String]
  ) throws -> Outcome {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("unroll-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }

    let process = Process()
    process.executableURL = script.map { Document.top.appending(path: $0) } ?? url
    process.arguments = words
    process.currentDirectoryURL = scratch
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files, which never fill up as an unread pipe does.
    let paths = ["out", "err"].map { scratch.appendingPathComponent($0) }
    for path in paths { try Data().write(to: path) }
    process.standardOutput = try FileHandle(forWritingTo: paths[0])
    process.standardError = try FileHandle(forWritingTo: paths[1])
    try process.run()
    process.waitUntilExit()
    let texts = try paths.map { try String(contentsOf: $0, encoding: .utf8) }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
