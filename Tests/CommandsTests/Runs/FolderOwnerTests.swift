import Foundation
import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports
@testable import UnrollStudies

/// A run is not written over one of another command.
struct FolderOwnerTests {
  private static let small = [
    "--length", "4", "--batch", "2", "--hidden", "3", "--threads", "1", "--steps", "20",
  ]
  private static let clip = ["clip", "adding", "--thresholds", "none", "--seeds", "1"] + small

  /// Every pair of different commands.
  @Test func anotherCommandsFolderIsLeftAsItIs() throws {
    let workspace = try Workspace()
    let commands: [(name: String, words: [String])] = [
      ("train", ["train", "adding"] + Self.small),
      ("clip", Self.clip), ("clip --surface", ["clip", "--surface", "--steps", "3"]),
      ("decay", ["decay"] + Self.small.dropLast(2)),
      ("depth", ["depth", "--layers", "2", "--width", "2"]),
      ("check", ["check", "--cells", "rnn", "--hidden", "1", "--length", "2", "--layers", "1"]),
      ("evaluate", ["evaluate", "--model", workspace("train/model.safetensors")]),
    ]
    func write(_ command: (name: String, words: [String]), to folder: String) -> [String] {
      command.words + ["--out", workspace(folder)]
    }
    for command in commands {
      let outcome = workspace.run(write(command, to: command.name))
      #expect(outcome.status == .done, "\(command.name): \(outcome.errors)")
    }
    for earlier in commands {
      let files = workspace.names.filter { $0.hasPrefix(earlier.name + "/") }
      let before = try files.map(workspace.bytes)
      for command in commands where command.name != earlier.name {
        workspace.expectRefusal(
          write(command, to: earlier.name), .usage,
          saying: [
            "--out: ", "/\(earlier.name)/config.json is of unroll '\(earlier.name)'",
            "accepted is the folder of unroll \(command.name), or a new one",
          ])
      }
      #expect(try files.map(workspace.bytes) == before, "\(earlier.name)")
    }
    for command in commands {
      #expect(workspace.run(write(command, to: command.name)).status == .done, "\(command.name)")
    }
  }

  /// A config.json that no command of ours wrote is not ours to overwrite.
  @Test func aForeignFileIsLeftAsItIs() throws {
    let workspace = try Workspace()
    _ = try workspace.file("config.json", "{\"model_type\": \"llama\"}")
    workspace.expectRefusal(
      ["clip", "--surface", "--out", workspace.path], .usage, saying: ["is not of a run"]
    )
    #expect(try workspace.bytes("config.json") == Array("{\"model_type\": \"llama\"}".utf8))
  }

  /// No run's folder, with a file of a kind that runs write.
  @Test(arguments: ["model.safetensors", "decay.csv"])
  func aUsersOwnFilesAreNotOverwritten(_ name: String) throws {
    let workspace = try Workspace()
    _ = try workspace.file("notes.txt", "mine")
    let words = ["decay"] + Self.small.dropLast(2)
    #expect(workspace.run(words + ["--out", workspace.path]).status == .done)

    let other = try Workspace()
    _ = try other.file(name, "mine")
    other.expectRefusal(
      words + ["--out", other.path], .usage,
      saying: ["is no run's folder and holds \(name)", "accepted is a new or empty folder"])
    #expect(other.names == [name])
  }
}
