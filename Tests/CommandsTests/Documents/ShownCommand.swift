import Foundation
import UnrollTestSupport

/// A command of `unroll` as a page shows it, with the output that stands below it.
struct ShownCommand: CustomStringConvertible {
  /// The line for a shell, without the page's line breaks and comments.
  var line: String
  /// The lines up to the next command; "…" stands for lines that are left out. `nil` in a block that shows
  /// commands alone.
  var output: [Substring]?

  var description: String { line }

  /// Whether no training and no clock has a part in what it prints, so that every digit shown is right
  /// under any kernels.
  var isExact: Bool {
    let words = line.split(separator: " ")
    let exact: Set<Substring> = ["decay", "depth", "tasks", "cells", "export"]
    if words.count > 1, words[1] == "lesson" {
      return words.count == 2 || ["chain", "powers"].contains(words[2])
    }
    return words.count > 1 && exact.contains(words[1])
      && words.allSatisfy { !["--steps", "--model", "--runs"].contains($0) }
  }
  /// Whether what it prints depends on the machine, or on a model that took long to train.
  var isOfThisMachine: Bool {
    ["info", "bench", "plan", "sample"].contains(line.split(separator: " ").dropFirst().first ?? "")
  }
}

extension Document {
  /// The commands in the code blocks, in order. A block of shell lines has commands alone; any other marks
  /// them with a dollar sign.
  var shownCommands: [ShownCommand] {
    fences.flatMap { language, text -> [ShownCommand] in
      let mark = language == "sh" ? "unroll " : "$ unroll "
      var commands: [ShownCommand] = []
      let joined = text.replacing(/\\\n\s*/, with: "")
      for line in joined.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix(mark) {
          let words = line.split(separator: " #", maxSplits: 1)[0].dropFirst(mark.count)
          commands.append(
            ShownCommand(
              line: "unroll " + words.trimmingCharacters(in: .whitespaces),
              output: language == "sh" ? nil : []))
        } else if !commands.isEmpty {
          commands[commands.count - 1].output?.append(line)
        }
      }
      return commands
    }
  }

  /// What stands outside of code blocks.
  var prose: String { text.replacing(/(?ms)^```.*?^```/, with: "") }
}

/// A folder in which the commands of a page are run one after the other, as a reader would.
struct ReadersFolder {
  let folder: TemporaryFolder

  /// With the repository's data, and with files that a page takes for the reader's own.
  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder("data"), withDestinationPath: Document.top.appending(path: "data").path)
    _ = try folder.file("book.txt", try Document("README.md").text)
    let rows = (0..<300).map { hour in
      let day = sin(Double(hour) / 24 * 2 * .pi)
      return "\(40 + 10 * day),\(hour % 7),\(15 + 5 * day)"
    }
    _ = try folder.file("plant.csv", (["load,wind,temperature"] + rows).joined(separator: "\n"))
    for line in [
      "unroll export adding --length 12 --sequences 4 --out batch.safetensors",
      "unroll train arrays --inputs batch.safetensors --hidden 8 --batch 4 --steps 0 --out made",
      "mv made/model.safetensors . && rm -r made",
    ] { _ = try run(line) }
  }

  /// Runs a line of shell, in which `unroll` is the program beside the tests.
  func run(_ line: String) throws -> BuiltProgram.Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try BuiltProgram.shell(
      line, in: folder.path,
      environment: ["PATH": "\(BuiltProgram.url.deletingLastPathComponent().path):\(path)"])
  }
}
