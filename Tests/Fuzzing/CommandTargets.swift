import Foundation
import UnrollCommandLine
import UnrollTestSupport

@testable import UnrollCommands
@testable import UnrollFileFormats

extension FuzzTarget {
  /// A command on a folder in which one file is another. The first byte says which, the others are its
  /// content; a tensor file's are those of ``FileForm/safetensors``.
  ///
  /// - Parameters:
  ///   - made: what makes the folder. `FOLDER` stands for it, and `--out` is a name in it.
  ///   - given: files that are in it before.
  ///   - trains: whether the folder says how much is computed. Such a command is asked to end before it
  ///     begins; the others do all they are to do.
  private static func command(
    _ name: String, of made: [[String]], beside given: [GivenFile] = [], _ words: [String],
    trains: Bool = false
  ) -> FuzzTarget {
    let template = Template(made, beside: given)
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
        if trains {
          Interrupt.install()
          raise(SIGTERM)
        }
        _ = unroll(words.map { $0.replacing("FOLDER", with: folder) } + ["--quiet"])
        if trains { Interrupt.uninstall() }
      })
  }

  static let commands = [
    command("train-resume", of: [train], ["train", "--resume", "FOLDER/a"], trains: true),
    command(
      "train-resume-text", of: [trainText], beside: [text], ["train", "--resume", "FOLDER/a"],
      trains: true),
    command(
      "train-config", of: [train], ["train", "--config", "FOLDER/a/config.json"] + out,
      trains: true),
    command(
      "train-sweep", of: [sweep], ["train", "--sweep", "FOLDER/a", "--run", "1"] + out,
      trains: true),
    command(
      "sweep-resume", of: [sweep],
      ["sweep", "--config", "FOLDER/a/config.json", "--out", "FOLDER/a"], trains: true),
    command(
      "clip-resume", of: [clip],
      ["clip", "--config", "FOLDER/a/config.json", "--out", "FOLDER/a"], trains: true),
    command("merge", of: [sweep], ["merge", "FOLDER/a"] + out),
    command(
      "report", of: [train, ["decay", "--cells", "lstm"] + small + ["--out", "b"]],
      ["report", "FOLDER/a", "FOLDER/b", "--out", "FOLDER/report.html"]),
    command("report-sweep", of: [sweep], ["report", "FOLDER/a", "--out", "FOLDER/report.html"]),
    command(
      "report-others",
      of: [
        clip, ["depth", "--layers", "2", "--width", "3", "--batch", "4", "--out", "b"],
        ["lesson", "powers", "--out", "c"],
      ],
      ["report", "FOLDER/a", "FOLDER/b", "FOLDER/c", "--out", "FOLDER/report.html"]),
    command(
      "report-predict",
      of: [
        train,
        [
          "predict", "--model", "FOLDER/a/model.safetensors", "--inputs",
          "FOLDER/batch.safetensors", "--out", "b",
        ],
      ], beside: [batch], ["report", "FOLDER/b", "--out", "FOLDER/report.html"]),
    command(
      "decay-runs", of: [["decay", "--cells", "lstm"] + small + ["--out", "a"]],
      ["decay", "--runs", "FOLDER/a"] + out),
    command(
      "decay-model", of: [train], beside: [batch],
      [
        "decay", "--model", "FOLDER/a/model.safetensors", "--inputs",
        "FOLDER/batch.safetensors",
      ] + out),
    command(
      "depth-model", of: [], beside: [mlp, points],
      [
        "depth", "--model", "FOLDER/mlp.safetensors", "--inputs", "FOLDER/points.safetensors",
      ] + out),
    command(
      "evaluate", of: [train], ["evaluate", "--model", "FOLDER/a/model.safetensors"], trains: true
    ),
    command(
      "evaluate-inputs", of: [train], beside: [batch],
      [
        "evaluate", "--model", "FOLDER/a/model.safetensors", "--inputs",
        "FOLDER/batch.safetensors",
      ]),
    command(
      "predict", of: [train], beside: [batch],
      [
        "predict", "--model", "FOLDER/a/model.safetensors", "--inputs", "FOLDER/batch.safetensors",
      ] + out),
    command(
      "sample", of: [trainText], beside: [text],
      ["sample", "--model", "FOLDER/a/model.safetensors", "--prompt", "a", "--characters", "3"]),
  ]

  private static let small = ["--length", "5", "--hidden", "3", "--batch", "2"]
  private static let few = ["--test-sequences", "4", "--validation-sequences", "4"]
  private static let out = ["--out", "FOLDER/out"]
  private static let train =
    ["train", "adding", "--steps", "4", "--eval-every", "2", "--out", "a"] + few + small
  private static let trainText = [
    "train", "text", "--file", "FOLDER/text.txt", "--steps", "2", "--window", "5", "--hidden", "3",
    "--batch", "2", "--out", "a",
  ]
  private static let sweep =
    ["sweep", "adding", "--steps", "2", "--vary", "cell=rnn,gru", "--seeds", "2", "--out", "a"]
    + few + small
  private static let clip =
    [
      "clip", "adding", "--steps", "2", "--cells", "rnn", "--thresholds", "none,1", "--seeds", "2",
      "--out", "a",
    ] + small

  private static let text = GivenFile(name: "text.txt") {
    Array(String(repeating: "a text, small as it is. ", count: 12).utf8)
  }
  private static let batch = GivenFile(name: "batch.safetensors") {
    try tensors { file in
      file.append("x", shape: [5, 3, 2], numbers(30))
      file.append("y", shape: [3, 1], numbers(3))
      file.append("lengths", shape: [3], [5, 4, 2])
    }
  }
  private static let points = GivenFile(name: "points.safetensors") {
    try tensors { file in
      file.append("x", shape: [5, 3], numbers(15))
      file.append("y", shape: [5], [0, 1, 1, 0, 1])
    }
  }
  /// A PyTorch `nn.Sequential`, in which the activations show as gaps.
  static let mlp = GivenFile(name: "mlp.safetensors") {
    try tensors { file in
      file.metadata = ["activation": "relu"]
      file.append("0.weight", shape: [4, 3], numbers(12))
      file.append("0.bias", shape: [4], numbers(4))
      file.append("1.weight", shape: [4], numbers(4))
      file.append("1.bias", shape: [4], numbers(4))
      file.append("1.running_mean", shape: [4], numbers(4))
      file.append("1.running_var", shape: [4], numbers(4))
      file.append("3.weight", shape: [2, 4], numbers(8))
      file.append("3.bias", shape: [2], numbers(2))
    }
  }

  private static func numbers(_ count: Int) -> [Float] { (1...count).map { Float($0) / 10 } }

  private static func tensors(_ append: (inout SafetensorsWriter) -> Void) throws -> [UInt8] {
    var writer = SafetensorsWriter(requireFinite: true)
    append(&writer)
    let path = "\(NSTemporaryDirectory())/unroll-fuzz-\(getpid()).safetensors"
    try writer.write(to: path)
    defer { unlink(path) }
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// The contents of the files whose names end so, of what the words make.
  static func made(_ words: [String], ending: String) throws -> [[UInt8]] {
    let sizes = words[0] == "export" ? ["--length", "5", "--sequences", "3"] : small
    let steps = words[0] == "train" ? ["--steps", "4", "--eval-every", "2"] : []
    let name = words[0] == "export" ? "a.\(ending)" : "a"
    let template = Template([words + sizes + steps + ["--out", name]])
    return template.files.filter { $0.name.hasSuffix(ending) }.map(\.bytes)
  }
}

/// A file that a command is given.
struct GivenFile: Sendable {
  let name: String
  let bytes: @Sendable () throws -> [UInt8]
}

/// The files that commands leave and are given, made when they are first asked for. libFuzzer has one thread.
private final class Template: @unchecked Sendable {
  private let commands: [[String]]
  private let given: [GivenFile]
  private(set) lazy var files = Self.made(by: commands, beside: given)

  /// - Parameter commands: each with `--out` and a name.
  init(_ commands: [[String]], beside given: [GivenFile] = []) {
    self.commands = commands
    self.given = given
  }

  private static func made(
    by commands: [[String]], beside given: [GivenFile]
  ) -> [(name: String, bytes: [UInt8])] {
    let folder = ScratchFolder.cleared()
    for file in given {
      do {
        ScratchFolder.write(try file.bytes(), to: file.name)
      } catch {
        print("\(file.name): \(error)")
        exit(1)
      }
    }
    for words in commands {
      var words = words.map { $0.replacing("FOLDER", with: folder) }
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
