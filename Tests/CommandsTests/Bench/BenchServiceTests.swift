import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

struct BenchServiceTests {
  /// What the service prints for `lines`, and the message of the error that ends it.
  private func answers(_ lines: String...) throws -> (answers: [String], error: String?) {
    guard case .arguments(let arguments) = try ArgumentParser(command: .bench).parse(["--serve"])
    else { throw ArgumentParser.UnexpectedHelp() }
    let test = TestTerminal()
    var rest = lines[...]
    let error = message {
      let service = BenchService(arguments: arguments, terminal: test.terminal)
      _ = try service.run { rest.popFirst() }
    }
    return (test.output.lines, error)
  }

  private let tiny = #""length":5,"batch":2,"input":1,"hidden":3,"budget":0.005"#

  @Test func eachLineIsAnsweredWithMilliseconds() throws {
    let (lines, error) = try answers(
      #"{"cell":"lstm",\#(tiny)}"#, #"{"cell":"rnn/activation=relu",\#(tiny)}"#)
    #expect(error == nil && lines.count == 3)
    #expect(lines.first == "\"Unroll \(Version.current)\"")
    for line in lines.dropFirst() { #expect(Double(line).map { $0 > 0 } == true, "\(line)") }
  }

  @Test func aBadLineIsNamed() throws {
    let good = #"{"cell":"gru",\#(tiny)}"#
    #expect(
      try answers(good, #"{"cell":"gru","hidden":-1}"#).error
        == "standard input, line 2: 'hidden' -1: must be a whole number from 1 to 65,536")
    #expect(try answers("x").error == "standard input, line 1: not valid JSON (byte 0)")
    #expect(try answers("[1]").error == "standard input, line 1: not valid JSON (byte 0)")
    #expect(
      try answers("{\(tiny)}").error?.hasPrefix("standard input, line 1 needs --cell CELL") == true)
    #expect(
      try answers(#"{"cell":"gru","length":"x"}"#).error
        == "standard input, line 1: 'length' is a text; must be a number")
  }
}
