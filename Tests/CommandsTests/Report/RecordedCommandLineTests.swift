import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// The command line that a page shows is one that makes the run again.
struct RecordedCommandLineTests {
  /// The words that a shell makes of a command line.
  private func words(_ line: String) throws -> [String] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "printf '%s\\n' \(line)"]
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func recorded(_ words: [String]) throws -> JSONObject? {
    let command = try CommandTable.all.command(named: words[0])
    guard
      case .arguments(let arguments) = try ArgumentParser(command: command).parse(
        Array(words.dropFirst()))
    else { return nil }
    return arguments.recordedOptions
  }

  @Test(arguments: [
    ["decay"], ["decay", "--cells", "rnn,rnn/activation=relu/init=identity:1", "--seeds", "3"],
    ["train", "copy", "--learning-rate", "1e-2", "--clip", "none", "--stop-when-solved"],
    ["train", "adding", "--schedule", "cosine", "--window", "5:20", "--precision", "double"],
    ["clip", "adding", "--thresholds", "none,2x,value:1"],
    ["clip", "--surface", "--start", "-1,2", "--steps", "7"],
    ["sweep", "adding", "--vary", "cell=rnn,gru", "--vary", "clip=none,1", "--seeds", "4"],
    ["depth", "--stacks", "tanh/batch-norm,relu", "--steps", "9"],
    ["lesson", "chain", "--weights", "2,1,1,1"], ["check", "--hidden", "2"],
    ["train", "series", "--file", "/tmp/it's mine.csv", "--column", "a b $c"],
  ])
  func theLineParsesToTheSameOptions(given: [String]) throws {
    let options = try #require(try recorded(given))
    let line = RecordedCommandLine.text(command: given[0], options: options)
    let again = try words(line)
    #expect(again.first == "unroll")
    #expect(try recorded(Array(again.dropFirst())) == options, "\(line)")
  }

  @Test func defaultsAreLeftOut() throws {
    let options = try #require(try recorded(["decay", "--length", "100", "--hidden", "64"]))
    #expect(
      RecordedCommandLine.text(command: "decay", options: options) == "unroll decay --hidden 64")
  }

  /// What another program, or another version, has written is not lost.
  @Test func whatIsNotKnownIsKept() {
    #expect(
      RecordedCommandLine.text(command: "my own", options: ["a": 1, "b": "x y"])
        == "unroll 'my own' --a 1 --b 'x y'")
    #expect(
      RecordedCommandLine.text(
        command: "decay",
        options: [
          "on": true, "off": false, "none": nil, "low": -1.5, "list": ["a", "b c"],
          "numbers": [-1, 2], "text": "-x",
        ])
        == "unroll decay --on --low=-1.5 --list 'a,b c' --numbers=-1,2 --text=-x")
  }
}
