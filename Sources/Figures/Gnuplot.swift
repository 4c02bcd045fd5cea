import Foundation
import Synchronization
import UnrollText

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

  /// Lets Ctrl-C, SIGTERM and SIGHUP end a gnuplot that runs, before they do what they do to this process. A
  /// signal handler stands in place of the process's own while gnuplot runs.
  package static func endAtSignals() { ChildSignals.areWatched.store(true, ordering: .relaxed) }

  /// Runs `script` in a folder of its own, without the user's start-up file, and returns what it
  /// prints on its standard output, the first megabytes of it.
  ///
  /// Throws `FigureError.gnuplotFailed` when it reports an error, `.gnuplotTimedOut` when it takes
  /// longer than `timeout` seconds, `.cannotWrite` when the temporary folder is not writable.
  public func run(_ script: String, timeout: Double = 60) throws(FigureError) -> String {
    try ScratchFolder.with(in: NSTemporaryDirectory()) { scratch throws(FigureError) in
      try scratch.write(script, to: "script.gp")
      return try run(scriptNamed: "script.gp", in: scratch, timeout: timeout)
    }
  }

  /// The seconds for which the program at a path has hung so far.
  private static let hung = Mutex<[String: Double]>([:])

  /// Runs the script file `name` with `scratch` as the working folder. Where this process has waited for
  /// the program in vain for as long as `timeout`, or a signal has ended it, it is not started again: each
  /// figure would wait anew.
  func run(
    scriptNamed name: String, in scratch: ScratchFolder, timeout: Double = 60
  ) throws(FigureError) -> String {
    guard Self.hung.withLock({ $0[path, default: 0] }) < timeout else {
      throw .gnuplotTimedOut(seconds: timeout)
    }
    if ChildSignals.haveInterrupted { throw .gnuplotInterrupted }
    let process = ChildProcess(
      path: path, arguments: ["--default-settings", name], folder: scratch.path)
    let outcome: ChildProcess.Outcome
    do {
      outcome = try process.run(timeout: timeout)
    } catch {
      switch error {
      case .timedOut:
        Self.hung.withLock { $0[path, default: 0] += timeout }
        throw .gnuplotTimedOut(seconds: timeout)
      case .interrupted:
        throw .gnuplotInterrupted
      case .cannotStart(let reason):
        throw .gnuplotFailed(
          status: 126, firstLine: "\(path): \(String(cString: strerror(reason)))")
      }
    }
    guard outcome.status == 0 else {
      throw .gnuplotFailed(
        status: outcome.status, firstLine: Self.complaint(in: Self.text(outcome.errors)))
    }
    return Self.text(outcome.output)
  }

  /// gnuplot echoes the offending command and a caret before it says, in a line that starts with
  /// the file's name in quotes, what was wrong.
  private static func complaint(in errors: String) -> String {
    let lines = errors.prefix(100_000).split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let line =
      lines.first { $0.contains("\" line ") && !$0.contains("warning:") }
      ?? lines.first { !$0.isEmpty } ?? ""
    return line.oneLine(limit: 300)
  }

  private static func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }
}
