import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

struct ManPageTests {
  private let page = ManPage(.all).text
  private var lines: [Substring] { page.split(separator: "\n") }

  @Test func helpPrintsIt() {
    let test = TestTerminal()
    #expect(Program.unroll.run(["help", "--man"], on: test.terminal) == .done)
    #expect(test.output.text == page + "\n")
    #expect(
      page.hasPrefix(".TH UNROLL 1 \"\" \"unroll \(Program.unroll.version)\" \"User Commands\"\n"))
    let refused = TestTerminal()
    #expect(Program.unroll.run(["help", "train", "--man"], on: refused.terminal) == .usage)
    #expect(
      refused.diagnostics.lines == [
        "unroll: COMMAND train: must be left out with --man, whose page has all commands"
      ])
  }

  @Test func sectionsStandInTheUsualOrder() {
    #expect(
      lines.filter { $0.hasPrefix(".SH ") } == [
        ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH COMMANDS", ".SH EXIT STATUS",
        ".SH ENVIRONMENT", ".SH FILES", ".SH EXAMPLES",
      ])
  }

  /// A line that begins with a point or quote is one of the requests that the page makes.
  @Test func textIsNoRequest() {
    let requests: Set = [
      ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".br", ".RS", ".RE", ".EX", ".EE",
    ]
    for line in lines where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
  }

  /// Every machine makes the same page.
  @Test func nothingIsOfThisMachine() {
    #expect(page.contains("(default: the cores this process may use)"))
  }

  /// Shown by man at 80 columns: without warnings, within the width, with every command, option,
  /// default, example and exit status as help has them, and characters that can be pasted.
  @Test(.enabled(if: InstalledProgram.all("man", "groff", "col")))
  func manShowsIt() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("unroll.1", page + "\n")
    let environment = ["MANWIDTH": "80", "LC_ALL": "C.UTF-8"]
    let checked = try InstalledProgram.run(
      ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "unroll.1"], in: folder.path,
      environment: environment)
    #expect(checked.status == 0 && checked.errors == "")
    let shown = try InstalledProgram.run(
      ["sh", "-c", "man -E UTF-8 -l -Tutf8 unroll.1 | col -bx"], in: folder.path,
      environment: environment)
    #expect(shown.errors == "")
    for line in shown.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    // Words may be broken over lines anywhere.
    let words = shown.output.split { $0 == " " || $0 == "\n" }.filter { $0 != "\\" }
      .joined(separator: " ")
    for command in CommandTable.all.commands {
      #expect(words.contains("unroll \(command.usage)"))
      for spec in command.options + command.arguments {
        #expect(words.contains("\(spec.usage) "), "\(command.name) \(spec.usage)")
      }
      for example in command.examples { #expect(words.contains(example.line), "\(example.line)") }
    }
    for status in ExitStatus.allCases {
      #expect(words.contains("\(status.rawValue) \(status.meaning)"))
    }
  }
}
