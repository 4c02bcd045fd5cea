import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// A path that stands in a model, a checkpoint or a sweep's folder is opened only where the same file has
/// the content's size and hash. Nobody asked for it, and a file from elsewhere could name any path.
struct NamedPathsTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// A model of a series whose metadata name `path` with what `record` has of its content.
  private func model(naming path: String, record: String) throws -> String {
    let own = try runs.seriesFile()
    let (_, model) = runs.train("series", ["--file", own, "--column", "level", "--window", "4"])
    let found = try FileFingerprint(path: own)
    return try runs.copy(of: model, named: "hostile.safetensors") { metadata in
      metadata["config"] = metadata["config"]?.replacing(own, with: path)
        .replacing("\"data\"", with: record.isEmpty ? "\"nothing\"" : "\"data\"")
        .replacing(found.sha256, with: record.isEmpty ? found.sha256 : record)
    }
  }

  /// Files of earlier versions have no hash: the remedy is to name the data.
  @Test(arguments: ["evaluate", "predict", "decay", "train"], [false, true])
  func aModelDoesNotNameThem(command: String, isOnRecord: Bool) throws {
    let secret = try runs.file("secret.csv", "level\n1\nSECRET\n")
    let record = isOnRecord ? String(repeating: "0", count: 64) : ""
    let path = try model(naming: secret, record: record)
    let outcome = runs.run(
      [command, "--model", path] + (command == "evaluate" ? [] : ["--out", runs.path("out")]))
    #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
    let line = outcome.errors.first ?? ""
    #expect(line.contains(isOnRecord ? "is not what" : "without its size and hash"), "\(line)")
    #expect(line.contains("--file") && !(line + outcome.out).contains("SECRET"), "\(line)")
  }

  #if os(Linux)
    /// Its size says that it is not the one on record. The time of its last access tells whether it was read.
    @Test func aFileOfAnotherSizeIsNotOpened() throws {
      let secret = try runs.file("secret.csv", "level\n1\nSECRET\n")
      let path = try model(naming: secret, record: String(repeating: "0", count: 64))
      var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
      #expect(utimes(secret, &times) == 0)
      let outcome = runs.run(["evaluate", "--model", path])
      #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
      #expect(
        outcome.errors.first?.hasSuffix("found 15 bytes; --file takes this file or another one")
          == true, "\(outcome.errors)")
      var status = stat()
      #expect(stat(secret, &status) == 0 && status.st_atim.tv_sec == 1)
    }
  #endif

  /// The folder of a run holds its model, which names the data.
  @Test func aRunsFolderDoesNotNameThemEither() throws {
    let secret = try runs.file("secret.csv", "level\n1\nSECRET\n")
    let path = try model(naming: secret, record: "")
    try FileManager.default.removeItem(atPath: runs.path("train-series/model.safetensors"))
    try FileManager.default.moveItem(
      atPath: path, toPath: runs.path("train-series/model.safetensors"))
    let outcome = runs.run([
      "decay", "--runs", runs.path("train-series"), "--out", runs.path("out"),
    ])
    #expect(outcome.status == .failed, "\(outcome.errors)")
    #expect(outcome.errors.last?.contains("without its size and hash") == true)
  }

  /// A PyTorch `state_dict` has metadata of anybody's.
  @Test func aStateDictsMetadataDoNotNameThem() throws {
    let secret = try runs.file("secret.csv", "level\n1\nSECRET\n")
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = [
      "format": "pt", "task": "series",
      "config": #"{"options": {"task": "series", "file": "\#(secret)", "column": "level"}}"#,
    ]
    writer.append("lstm.weight_ih_l0", shape: [8, 1], [Double](repeating: 0.1, count: 8))
    writer.append("lstm.weight_hh_l0", shape: [8, 2], [Double](repeating: 0.1, count: 16))
    writer.append("lstm.bias_ih_l0", shape: [8], [Double](repeating: 0, count: 8))
    writer.append("lstm.bias_hh_l0", shape: [8], [Double](repeating: 0, count: 8))
    writer.append("fc.weight", shape: [1, 2], [0.1, 0.2])
    writer.append("fc.bias", shape: [1], [0.0])
    try writer.write(to: runs.path("state.safetensors"))
    let outcome = runs.run(["evaluate", "--model", runs.path("state.safetensors")])
    #expect(outcome.status == .failed, "\(outcome.errors)")
    #expect(outcome.errors.last?.contains("without its size and hash") == true, "\(outcome.errors)")
  }

  @Test func aCheckpointDoesNotNameThem() throws {
    let book = try runs.textFile()
    _ = runs.train("text", ["--file", book, "--window", "4"])
    let path = runs.path("train-text/checkpoint.safetensors")
    var bytes = try Data(contentsOf: URL(filePath: path))
    let range = try #require(bytes.range(of: Data(#"\"data\""#.utf8)))
    bytes.replaceSubrange(range, with: Data(#"\"dat0\""#.utf8))
    // Without its checksum, by which the change would be noticed.
    let checksum = try #require(bytes.range(of: Data("unroll_crc32".utf8)))
    bytes.replaceSubrange(checksum, with: Data("unroll_crc31".utf8))
    try bytes.write(to: URL(filePath: path))
    let words = ["train", "--resume", path, "--steps", "5", "--quiet"]
    for more in [[], ["--accept-changed-data"]] {
      let outcome = runs.run(words + more)
      #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.first?.contains("without its size and hash") == true)
    }
    // Named on the command line, they are asked for.
    let outcome = runs.run(words + ["--file", book])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  @Test func aSweepDoesNotNameThem() throws {
    let book = try runs.textFile()
    let folder = runs.path("sweep")
    let sweep = runs.run([
      "sweep", "text", "--file", book, "--window", "4", "--hidden", "3", "--batch", "2", "--steps",
      "3", "--vary", "learning-rate=0.1", "--seeds", "1", "--quiet", "--out", folder,
    ])
    try #require(sweep.status == .done, "\(sweep.errors)")
    let id = try #require(
      runs.text("sweep/runs.csv").split(separator: "\n").last?.split(separator: ",").first)
    let words = [
      "train", "--sweep", folder, "--run", String(id), "--quiet", "--out", runs.path("again"),
    ]
    let config = try runs.text("sweep/config.json")
    _ = try runs.file("sweep/config.json", config.replacing("\"data\"", with: "\"nothing\""))
    let outcome = runs.run(words)
    #expect(outcome.status == .failed && outcome.errors.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.first?.contains("without its size and hash") == true)
    _ = try runs.file("sweep/config.json", config)
    #expect(runs.run(words).status == .done)
  }
}
