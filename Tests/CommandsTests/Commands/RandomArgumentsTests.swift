import Testing
import UnrollDenseMath
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// Whatever stands on the command line: no trap, status 0 or 2, and a mistake is one line.
struct RandomArgumentsTests {
  private static let pieces =
    OptionTable.all.map { "--\($0.name)" } + [
      "sample", "help", "adding", "copy", "--", "-", "", "=", "--=", "---", "-1", "0", "1", "nan",
      "inf", "1e999", "99999999999999999999", "-9223372036854775808", "norm:-1", "5:3", "full", ":",
      ",", "none", "true", "--help=1", "\u{0}", "\n", "é", "👩‍👩‍👧", "\u{1B}[2J", "\u{2028}",
      String(repeating: "a", count: 500), "%s", "\\", "'", "\"",
    ]

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func nothingTraps(seed: UInt64) throws {
    var random = RandomNumbers(seed: seed)
    for round in 0..<500 {
      let words = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        word(using: &random)
      }
      // A file that is missing or is none has a status of its own.
      let namesAFile = words.contains { $0.hasPrefix("--config") || $0.hasPrefix("--resume") }
      let test = TestTerminal()
      let head = Bool.random(using: &random) ? ["sample"] : []
      let status = Program.sample.run(head + words, on: test.terminal)
      let context = "seed \(seed), round \(round): \(head + words)"
      #expect(status == .done || status == .usage || namesAFile, "\(context)")
      let lines = test.diagnostics.lines
      #expect(lines.count == (status == .done ? 0 : 1), "\(context)")
      #expect(lines.allSatisfy { $0.hasPrefix("unroll: ") && $0.count < 700 }, "\(context)")
      #expect(status == .done || test.output.text.isEmpty, "\(context)")
    }
  }

  private func word(using random: inout RandomNumbers) -> String {
    let pieces = Self.pieces
    let one = pieces.randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return one + "=" + (pieces.randomElement(using: &random) ?? "")
    case 1:
      let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random))
      }
      return String(String.UnicodeScalarView(scalars))
    default: return one
    }
  }
}
