import Foundation
import Testing
import UnrollTestSupport
import UnrollText

@testable import UnrollCommandLine

struct TerminalTests {
  @Test func resultAndProgressGoToDifferentStreams() {
    let test = TestTerminal()
    test.terminal.print("result")
    test.terminal.note("progress")
    test.terminal.warn("careful")
    test.terminal.warn("careful")
    test.terminal.error("broken")
    test.terminal.printJSON("{}")
    #expect(test.output.text == "result\n")
    #expect(test.diagnostics.lines == ["progress", "unroll: warning: careful", "unroll: broken"])
  }

  @Test func quietKeepsWarningsAndErrors() {
    let test = TestTerminal(isTerminal: true)
    test.terminal.configure(quiet: true, json: false)
    test.terminal.note("progress")
    test.terminal.drawLive(["live"])
    test.terminal.warn("careful")
    test.terminal.error("broken")
    #expect(test.diagnostics.lines == ["unroll: warning: careful", "unroll: broken"])
  }

  @Test func jsonLeavesNothingElseOnStdout() {
    let test = TestTerminal()
    test.terminal.configure(quiet: false, json: true)
    test.terminal.print("result")
    test.terminal.printJSON(#"{"a": 1}"#)
    #expect(test.output.text == "{\"a\": 1}\n")
  }

  @Test func colorsNeedATerminalAndPermission() {
    func styled(
      _ isTerminal: Bool, _ environment: [String: String], isLaunched: Bool = false
    ) -> String {
      let test = TestTerminal(
        isTerminal: isTerminal, outputIsTerminal: isTerminal, environment: environment,
        isLaunched: isLaunched)
      test.terminal.write(test.terminal.styled("x", .bold))
      return test.output.text
    }
    #expect(styled(true, [:]) == "\u{1B}[1mx\u{1B}[0m")
    #expect(styled(true, ["NO_COLOR": "1"]) == "x")
    #expect(styled(true, ["NO_COLOR": ""]) == "\u{1B}[1mx\u{1B}[0m")
    #expect(styled(true, ["TERM": "dumb"]) == "x")
    #expect(styled(false, [:]) == "x")
    // Open MPI's launcher gives ranks a terminal, whatever it writes to itself.
    #expect(styled(true, [:], isLaunched: true) == "x")
  }

  @Test func unicodeFollowsTheLocale() {
    func hasUnicode(_ environment: [String: String]) -> Bool {
      TestTerminal(environment: environment).terminal.hasUnicode
    }
    #expect(hasUnicode(["LANG": "en_US.UTF-8"]) && hasUnicode(["LC_ALL": "C.utf8"]))
    #expect(!hasUnicode([:]) && !hasUnicode(["LANG": "C"]))
    #expect(!hasUnicode(["LANG": "en_US.UTF-8", "LC_ALL": "C"]))
    #expect(hasUnicode(["LANG": "en_US.UTF-8", "LC_ALL": ""]))
  }

  @Test func liveLinesAreReplacedAndStayBelowTheRest() {
    let test = TestTerminal(isTerminal: true, outputIsTerminal: false)
    test.terminal.drawLive(["one", "two", "three"])
    test.terminal.warn("careful")
    test.terminal.drawLive(["1", "2"])
    var screen = Screen(test.diagnostics.text)
    #expect(screen.text == "unroll: warning: careful\n1\n2")
    test.terminal.drawLive(["first", "second", "third", "fourth"])
    test.terminal.note("noted")
    screen = Screen(test.diagnostics.text)
    #expect(screen.text == "unroll: warning: careful\nnoted\nfirst\nsecond\nthird\nfourth")
    test.terminal.clearLive()
    test.terminal.clearLive()
    screen = Screen(test.diagnostics.text)
    #expect(screen.text == "unroll: warning: careful\nnoted")
    #expect(screen.unknownSequences.isEmpty)
  }

  /// The last one leaves room for the ^C that terminals show, which would otherwise begin another line.
  @Test func liveLinesAreCutToTheWidth() {
    let test = TestTerminal(isTerminal: true, columns: 10)
    test.terminal.drawLive([String(repeating: "x", count: 50), String(repeating: "y", count: 50)])
    #expect(Screen(test.diagnostics.text).text == "xxxxxxxxx\nyyyyyyy")
    test.terminal.drawLive([String(repeating: "z", count: 50)])
    #expect(Screen(test.diagnostics.text).text == "zzzzzzz")
  }

  @Test func howToGoOnIsSaidAlsoUnderQuiet() {
    let test = TestTerminal()
    test.terminal.configure(quiet: true, json: true)
    test.terminal.note("progress")
    test.terminal.tell("interrupted")
    #expect(test.diagnostics.lines == ["interrupted"])
  }

  @Test func nothingIsLiveWithoutATerminal() {
    for test in [
      TestTerminal(isTerminal: false),
      TestTerminal(isTerminal: true, environment: ["TERM": "dumb"]),
    ] {
      test.terminal.drawLive(["live"])
      #expect(test.diagnostics.text.isEmpty && !test.terminal.isLive)
    }
  }

  @Test func styledTextIsMeasuredAndCutByWhatIsSeen() {
    let text = "ab" + TextStyle.red.applied(to: "cd") + "ef"
    #expect(StyledText.columns(of: text) == 6)
    #expect(StyledText.cut(text, to: 6) == text)
    #expect(StyledText.cut(text, to: 3) == "ab" + TextStyle.red.applied(to: "c"))
    #expect(StyledText.withSequences(text) == "ab\u{1B}[31mcd\u{1B}[0mef")
    #expect(StyledText.cut("abc", to: 2) == "ab")
    #expect(StyledText.cut("abc", to: 0) == "")
  }

  /// Two sockets rather than a pipe: a process that another test starts meanwhile has a copy of each end, which
  /// would keep a pipe open. `shutdown` ends the reading whoever has copies.
  @Test func aPipeWithoutAReaderIsClosed() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #if canImport(Darwin)
      #expect(socketpair(AF_UNIX, SOCK_STREAM, 0, &ends) == 0)
    #else
      #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    #endif
    let sink = FileDescriptorSink(descriptor: ends[0])
    let reader = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    try sink.write("héllo")
    #expect(reader.availableData == Data("héllo".utf8))
    #expect(shutdown(ends[1], Int32(SHUT_RD)) == 0)
    #expect(throws: TextSinkError.closed) { try sink.write("more") }
    close(ends[0])
    #expect(throws: TextSinkError.failed(code: EBADF)) {
      try FileDescriptorSink(descriptor: -1).write("x")
    }
  }

  @Test func widthFallsBackToTheEnvironment() {
    let assumed = TerminalStream.descriptor(-1, environment: ["COLUMNS": "100", "LINES": "x"])
    #expect(assumed.size() == TerminalSize(columns: 100, rows: 24))
    #expect(!assumed.isTerminal)
    let odd = TerminalStream.descriptor(-1, environment: ["COLUMNS": "-3"])
    #expect(odd.size() == .fallback)
  }
}
