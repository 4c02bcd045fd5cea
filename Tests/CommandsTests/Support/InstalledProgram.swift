import Foundation
import UnrollTestSupport

/// Programs of the system that some tests need and others do without.
enum InstalledProgram {
  /// Whether all of `programs` are found on the PATH.
  static func all(_ programs: String...) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return programs.allSatisfy { program in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
  }

  /// Runs a program with nothing but `environment` and the PATH, and returns what it wrote.
  static func run(
    _ words: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> BuiltProgram.Outcome {
    let scratch = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = environment.merging(
      ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]) { own, _ in own }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(
      forWritingTo: URL(filePath: scratch.file("out", "")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: scratch.file("err", "")))
    try process.run()
    process.waitUntilExit()
    return BuiltProgram.Outcome(
      status: process.terminationStatus, output: try scratch.text("out"),
      errors: try scratch.text("err"))
  }
}
