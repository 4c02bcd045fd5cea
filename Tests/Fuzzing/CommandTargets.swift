import Foundation
import UnrollCommandLine
import UnrollTestSupport

@testable import UnrollCommands

extension FuzzTarget {
  /// A command on a folder in which one file is another. The first byte says which, the others are its
  /// content; a tensor file's are those of ``FileForm/safetensors``.
  private static func command(
    _ name: String, of made: [[String]], _ words: [String]
  ) -> FuzzTarget {
    let template = Template(made)
    return FuzzTarget(
      name: name,
      seeds: {
        template.files.enumerated().map { index, file in
          [UInt8(index)] + template.form(of: file.name).seed(of: file.bytes)
        }
      },
      check: { bytes in
        guard let first = bytes.first, !template.files.isEmpty else { return }
        let folder = ScratchFolder.cleared()
        let changed = Int(first) % template.files.count
        for (index, file) in template.files.enumerated() {
          let content =
            index == changed
            ? template.form(of: file.name).file(of: Array(bytes.dropFirst())) : file.bytes
          ScratchFolder.write(content, to: file.name)
        }
        // A run that is gone on with stops before its first update, however many the folder asks for.
        Interrupt.install()
        raise(SIGTERM)
        _ = unroll(words.map { $0.replacing("FOLDER", with: folder) } + ["--quiet"])
        Interrupt.uninstall()
      })
  }

  static let commands = [
    command("train-resume", of: [train], ["train", "--resume", "FOLDER/a"]),
    command("train-config", of: [train], ["train", "--config", "FOLDER/a/config.json"] + out),
    command(
      "sweep-resume", of: [sweep],
      ["sweep", "--config", "FOLDER/a/config.json", "--out", "FOLDER/a"]),
    command("merge", of: [sweep], ["merge", "FOLDER/a"] + out),
    command(
      "report", of: [train, ["decay", "--cells", "lstm"] + small + ["--out", "b"]],
      ["report", "FOLDER/a", "FOLDER/b", "--out", "FOLDER/report.html"]),
    command("report-sweep", of: [sweep], ["report", "FOLDER/a", "--out", "FOLDER/report.html"]),
    command(
      "decay-runs", of: [["decay", "--cells", "lstm"] + small + ["--out", "a"]],
      ["decay", "--runs", "FOLDER/a"] + out),
    command(
      "decay-model", of: [train, batch],
      [
        "decay", "--model", "FOLDER/a/model.safetensors", "--inputs",
        "FOLDER/batch.safetensors",
      ] + out),
    command("evaluate", of: [train], ["evaluate", "--model", "FOLDER/a/model.safetensors"]),
    command(
      "predict", of: [train, batch],
      [
        "predict", "--model", "FOLDER/a/model.safetensors", "--inputs", "FOLDER/batch.safetensors",
      ] + out),
  ]

  private static let small = ["--length", "5", "--hidden", "3", "--batch", "2"]
  private static let out = ["--out", "FOLDER/out"]
  private static let train =
    [
      "train", "adding", "--steps", "4", "--eval-every", "2", "--test-sequences", "4",
      "--validation-sequences", "4",
      "--out", "a",
    ] + small
  private static let sweep =
    [
      "sweep", "adding", "--steps", "2", "--vary", "cell=rnn,gru", "--seeds", "2",
      "--test-sequences", "4", "--validation-sequences", "4", "--out", "a",
    ] + small
  private static let batch = [
    "export", "adding", "--length", "5", "--sequences", "3", "--out", "batch.safetensors",
  ]

  /// The contents of the files whose names end so, of what the words make.
  static func made(_ words: [String], ending: String) throws -> [[UInt8]] {
    let sizes = words[0] == "export" ? ["--length", "5", "--sequences", "3"] : small
    let steps = words[0] == "train" ? ["--steps", "4", "--eval-every", "2"] : []
    let name = words[0] == "export" ? "a.\(ending)" : "a"
    let template = Template([words + sizes + steps + ["--out", name]])
    return template.files.filter { $0.name.hasSuffix(ending) }.map(\.bytes)
  }
}

/// The files that commands leave, made when they are first asked for. libFuzzer has one thread.
private final class Template: @unchecked Sendable {
  private let commands: [[String]]
  private(set) lazy var files = Self.made(by: commands)

  /// - Parameter commands: each with `--out` and a name.
  init(_ commands: [[String]]) { self.commands = commands }

  private static func made(by commands: [[String]]) -> [(name: String, bytes: [UInt8])] {
    let folder = ScratchFolder.cleared()
    for var words in commands {
      if let option = words.firstIndex(of: "--out") {
        words[option + 1] = "\(folder)/\(words[option + 1])"
      }
      let errors = unroll(words + ["--quiet"])
      guard errors.isEmpty else {
        print("unroll \(words.joined(separator: " ")): \(errors.joined(separator: "; "))")
        exit(1)
      }
    }
    return ScratchFolder.files.filter { !$0.name.hasSuffix("lock") && $0.bytes.count < 100_000 }
      .map { ($0.name, withoutChecksum($0.bytes)) }
  }

  /// A checkpoint under another name of its checksum: otherwise any change of its bytes would be refused as such.
  private static func withoutChecksum(_ bytes: [UInt8]) -> [UInt8] {
    bytes.replacing(Array("unroll_crc32".utf8), with: Array("unroll_crc31".utf8))
  }

  func form(of name: String) -> FileForm { name.hasSuffix(".safetensors") ? .safetensors : .plain }
}

/// Runs the program and returns what it complains of.
private func unroll(_ words: [String]) -> [String] {
  let test = TestTerminal()
  let status = Program.unroll.run(words, on: test.terminal)
  return status == .done ? [] : test.diagnostics.lines
}
