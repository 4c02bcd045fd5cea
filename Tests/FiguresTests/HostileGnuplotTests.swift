import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFigures

/// Programs in gnuplot's place that do what a gnuplot should not.
@Suite struct HostileGnuplotTests {
  private let figure = decayFigure([exponentialCurve("rnn", "h", rate: 0.583)])

  /// A program `gnuplot` that runs `script` under a shell. It is given the figure's script as `$2`.
  private func gnuplot(_ script: String, in folder: String) throws -> Gnuplot {
    try writeExecutable(script, to: "\(folder)/gnuplot")
    return try #require(Gnuplot(searchPath: folder))
  }

  /// What drawing with `script` throws; everything but the figure's script and `more` must be gone after it.
  ///
  /// - Parameter processes: how many it notes, in files called `pid`.
  private func problem(
    _ script: String, timeout: Double = 60, processes: Int = 0
  ) throws -> FigureError? {
    try withFolder { programs in
      try withFolder { folder in
        let gnuplot = try gnuplot(
          script.replacingOccurrences(of: "NOTES", with: programs), in: programs)
        var found: FigureError?
        do throws(FigureError) {
          try figure.write(to: folder, name: "decay", gnuplot: gnuplot, timeout: timeout)
        } catch {
          found = error
        }
        let left = try contents(folder)
        #expect(left == ["decay.gp"])
        let notes = try contents(programs).filter { $0.hasPrefix("pid") }
        #expect(notes.count == processes)
        for name in notes {
          let process = try text("\(programs)/\(name)").trimmingCharacters(
            in: .whitespacesAndNewlines)
          #expect(!isAlive(process), "\(name) goes on")
        }
        return found
      }
    }
  }

  /// Whether a process runs. One that has ended and that nobody has asked about does not.
  private func isAlive(_ process: String) -> Bool {
    // A killed process is there for a moment.
    for _ in 0..<100 {
      guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        !status.contains(") Z")
      else { return false }
      usleep(20_000)
    }
    return true
  }

  private static let pictures = """
    printf '<?xml version="1.0"?><svg></svg>' > decay.svg
    printf '\\211PNG\\r\\n\\032\\n' > decay.png
    """

  @Test func oneThatHangsIsStoppedWithItsChildren() throws {
    let error = try problem(
      "echo $$ > NOTES/pid1; sleep 100 & echo $! > NOTES/pid2; wait", timeout: 0.5, processes: 2)
    #expect(error == .gnuplotTimedOut(seconds: 0.5))
  }

  /// As a program that ignores what asks it to end.
  @Test func oneThatIgnoresSignalsIsStopped() throws {
    let error = try problem(
      "trap '' TERM INT HUP; echo $$ > NOTES/pid; exec >&- 2>&-; while :; do sleep 1; done",
      timeout: 0.5, processes: 1)
    #expect(error == .gnuplotTimedOut(seconds: 0.5))
  }

  /// Each figure would otherwise wait for as long.
  @Test func oneThatHasHungIsNotStartedAgain() throws {
    try withFolder { programs in
      try withFolder { folder in
        let gnuplot = try gnuplot("echo x >> \(programs)/starts; sleep 100", in: programs)
        for _ in 0..<3 {
          #expect(throws: FigureError.gnuplotTimedOut(seconds: 0.5)) {
            try figure.write(to: folder, name: "decay", gnuplot: gnuplot, timeout: 0.5)
          }
        }
        #expect(try text("\(programs)/starts") == "x\n")
      }
    }
  }

  @Test func oneThatCrashesSaysWithWhat() throws {
    #expect(try problem("kill -SEGV $$") == .gnuplotFailed(status: 139, firstLine: ""))
    #expect(
      FigureError.gnuplotFailed(status: 139, firstLine: "").description.hasSuffix(
        "139, so pictures are missing"))
    #expect(
      try problem("echo ' no \u{1B}[31m fonts' >&2; exit 3")
        == .gnuplotFailed(status: 3, firstLine: #"no \u{1B}[31m fonts"#))
  }

  @Test func halfAPictureIsNotKept() throws {
    #expect(
      try problem("printf '<?xml version=\"1.0\"?><svg><path' > decay.svg")
        == .pictureIncomplete(name: "decay.svg"))
    #expect(try problem(":") == .pictureIncomplete(name: "decay.svg"))
    // One is whole, the other is not: there are both or none.
    #expect(try problem(Self.pictures) == .pictureIncomplete(name: "decay.png"))
  }

  /// The line that is said of it is short, and nothing waits for a reader.
  @Test func fiftyMegabytesOfComplaintsAreCut() throws {
    let error = try problem("head -c 50000000 /dev/zero | tr '\\0' x >&2; exit 1")
    guard case .gnuplotFailed(status: 1, let line)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(line.count < 400 && line.hasPrefix("xxxx"))
  }

  @Test func outputWithoutEndIsStopped() throws {
    #expect(try problem("exec yes", timeout: 0.5) == .gnuplotTimedOut(seconds: 0.5))
  }

  /// It holds the output, which is not waited for.
  @Test func childrenThatAreLeftAreEnded() throws {
    let start = ContinuousClock.now
    let error = try problem(
      "sleep 100 & echo $! > NOTES/pid; echo broken >&2; exit 2", processes: 1)
    #expect(error == .gnuplotFailed(status: 2, firstLine: "broken"))
    #expect(ContinuousClock.now - start < .seconds(30))
  }
}
