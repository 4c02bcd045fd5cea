import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct ProgramTests {
  private func run(_ words: [String]) -> (
    status: UnrollCommandLine.ExitStatus, out: String, err: String
  ) {
    let test = TestTerminal()
    let status = Program.sample.run(words, on: test.terminal)
    return (status, test.output.text, test.diagnostics.text)
  }

  @Test func theOverviewNamesEveryCommand() {
    for words in [[], ["help"], ["--help"], ["-h"]] {
      let (status, out, err) = run(words)
      #expect(status == .done && err.isEmpty)
      #expect(out.contains("sample SUBJECT") && out.contains("help [COMMAND]"))
    }
  }

  @Test func aCommandsPageNamesEveryOption() {
    let pages = [["help", "sample"], ["sample", "--help"], ["sample", "x", "-h"]].map(run)
    for (status, out, err) in pages {
      #expect(status == .done && err.isEmpty)
      #expect(out == pages[0].out)
      for spec in OptionTable.all { #expect(out.contains("--\(spec.name)"), "\(spec.name)") }
    }
  }

  @Test func theVersionIsPrinted() {
    #expect(run(["--version"]).out == "unroll \(Version.current)\n")
  }

  @Test(arguments: [
    (["sampel"], "unroll: unknown command 'sampel'; did you mean 'sample'?\n"),
    (["bench"], "unroll: unknown command 'bench'; unroll help lists them\n"),
    (["help", "halp"], "unroll: unknown command 'halp'; did you mean 'help'?\n"),
    (["--versoin"], "unroll: unknown option '--versoin'; did you mean '--version'?\n"),
    ([""], "unroll: unknown command ''''; unroll help lists them\n"),
    (
      ["a\nb\u{1B}[31m"],
      #"unroll: unknown command 'a\nb\u{1B}[31m'; unroll help lists them"# + "\n"
    ),
  ])
  func wrongUsageIsOneLineAndStatusTwo(words: [String], expected: String) {
    let (status, out, err) = run(words)
    #expect(status == .usage && out.isEmpty)
    #expect(err == expected)
  }

  @Test func jsonIsTheOnlyThingOnStdout() {
    #expect(run(["sample", "copy", "--json"]).out == "{}\n")
  }

  @Test func whatACommandThrowsBecomesStatusOne() {
    struct Odd: Error { let text = "two\nlines" }
    let command = Command(name: "odd", summary: "fails") { _, _ in throw Odd() }
    let test = TestTerminal()
    let status = Program(
      table: CommandTable([command], purpose: "tries things"), version: Version.current
    ).run(["odd"], on: test.terminal)
    #expect(status == .failed)
    #expect(test.diagnostics.text == "unroll: Odd(text: \"two\\nlines\")\n")
  }

  @Test func aStatusOtherThanZeroComesThrough() {
    let command = Command(name: "odd", summary: "becomes non-finite") { _, _ in .nonFinite }
    let program = Program(
      table: CommandTable([command], purpose: "tries things"), version: Version.current)
    #expect(program.run(["odd"], on: TestTerminal().terminal) == .nonFinite)
    #expect(
      program.run(["odd"], on: TestTerminal(outputFailure: .failed(code: 28)).terminal)
        == .nonFinite)
  }

  @Test func aClosedStdoutIsSilentAndAFullDiskIsNot() {
    let closed = TestTerminal(outputFailure: .closed)
    #expect(Program.sample.run(["help"], on: closed.terminal) == .done)
    #expect(closed.diagnostics.text.isEmpty && closed.terminal.isOutputClosed)

    let full = TestTerminal(outputFailure: .failed(code: 28))
    #expect(Program.sample.run(["help"], on: full.terminal) == .failed)
    #expect(full.diagnostics.lines.count == 1)
    #expect(full.diagnostics.text.hasPrefix("unroll: standard output: "))
  }
}
