import Foundation

/// The program gnuplot, run as a child.
public struct Gnuplot: Sendable {
  /// Where the program was found.
  public let path: String

  /// Looks for `gnuplot` in the folders of `searchPath` (by default the environment's `PATH`);
  /// nil when it is in none of them.
  public init?(searchPath: String? = ProcessInfo.processInfo.environment["PATH"]) {
    let candidates = (searchPath ?? "").split(separator: ":").map { "\($0)/gnuplot" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      return nil
    }
    path = found
  }

  /// Runs `script` in a folder of its own, without the user's start-up file, and returns what it
  /// prints on its standard output.
  ///
  /// Throws `FigureError.gnuplotFailed` when it reports an error, `.gnuplotTimedOut` when it takes
  /// longer than `timeout` seconds, `.cannotWrite` when the temporary folder is not writable.
  public func run(_ script: String, timeout: Double = 60) throws(FigureError) -> String {
    try ScratchFolder.with(in: NSTemporaryDirectory()) { scratch throws(FigureError) in
      try scratch.write(script, to: "script.gp")
      return try run(scriptNamed: "script.gp", in: scratch, timeout: timeout)
    }
  }

  /// Runs the script file `name` with `scratch` as the working folder. The child writes to files,
  /// so no pipe can fill up and stall it, however much it prints.
  func run(
    scriptNamed name: String, in scratch: ScratchFolder, timeout: Double = 60
  ) throws(FigureError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--default-settings", name]
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path, isDirectory: true)
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (try scratch.create(".output"), try scratch.create(".errors"))
    // The child has its own copies; ours would stay open as long as somebody holds the handles.
    defer {
      try? output.close()
      try? errors.close()
    }
    process.standardOutput = output
    process.standardError = errors
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch { throw .gnuplotMissing }

    if ended.wait(timeout: .now() + timeout) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw .gnuplotTimedOut(seconds: timeout)
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let ownStatus = process.terminationReason == .exit
      throw .gnuplotFailed(
        status: process.terminationStatus + (ownStatus ? 0 : 128),
        firstLine: Self.complaint(in: Self.text(scratch.read(".errors"))))
    }
    return Self.text(scratch.read(".output"))
  }

  /// gnuplot echoes the offending command and a caret before it says, in a line that starts with
  /// the file's name in quotes, what was wrong.
  private static func complaint(in errors: String) -> String {
    let lines = errors.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return lines.first { $0.contains("\" line ") && !$0.contains("warning:") }
      ?? lines.first { !$0.isEmpty } ?? ""
  }

  private static func text(_ data: Data?) -> String {
    String(decoding: data ?? Data(), as: UTF8.self)
  }
}
