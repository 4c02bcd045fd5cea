import Foundation
import Testing

@testable import UnrollFigures

@Suite struct GnuplotTests {
  @Test func absentFromTheSearchPath() throws {
    #expect(Gnuplot(searchPath: nil) == nil)
    #expect(Gnuplot(searchPath: "") == nil)
    try withFolder { #expect(Gnuplot(searchPath: $0) == nil) }
  }

  @Test func theInstallCommandIsThePlatforms() {
    #if os(macOS)
      #expect(Gnuplot.installCommand == "brew install gnuplot")
    #else
      #expect(Gnuplot.installCommand == "apt-get install gnuplot-nox")
    #endif
  }

  @Test func returnsWhatIsPrinted() throws {
    let gnuplot = try installedGnuplot()
    #expect(try gnuplot.run("set print '-'\nprint 6 * 7\n") == "42\n")
  }

  /// More than a pipe holds (64 KiB on Linux) on both outputs at once.
  @Test func muchOutputDoesNotStall() throws {
    let gnuplot = try installedGnuplot()
    let line = String(repeating: "x", count: 99)
    let script = """
      do for [i=1:4000] {
      set print '-'
      print '\(line)'
      set print
      print '\(line)'
      }
      """
    #expect(try gnuplot.run(script + "\n").utf8.count == 400_000)
  }

  @Test func failureSaysWhy() throws {
    let gnuplot = try installedGnuplot()
    #expect(
      throws: FigureError.gnuplotFailed(
        status: 1, firstLine: #""script.gp" line 2: undefined variable: missing"#)
    ) { try gnuplot.run("x = 1\nprint missing\n") }
  }

  @Test func stopsWhatTakesTooLong() throws {
    let gnuplot = try installedGnuplot()
    #expect(throws: FigureError.gnuplotTimedOut(seconds: 0.2)) {
      try gnuplot.run("pause 60\n", timeout: 0.2)
    }
  }

  @Test func programThatCanNotStart() throws {
    try withFolder { folder in
      try Data("not a program".utf8).write(to: URL(fileURLWithPath: "\(folder)/gnuplot"))
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(folder)/gnuplot")
      let gnuplot = try #require(Gnuplot(searchPath: "/nonexistent:\(folder)"))
      #expect(throws: FigureError.self) { try gnuplot.run("x = 1\n") }
    }
  }
}
