import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

/// A comparison goes on only on the same data, under the same version and kernels, and its config.json
/// replays all of its rows.
struct ClipIdentityTests {
  let folder: ClipFolder

  init() throws { folder = try ClipFolder() }

  @Test func theConfigReplaysAllRows() throws {
    folder.clip("--cells", "lstm", "--thresholds", "1", "--seeds", "2")
    folder.clip("--cells", "rnn", "--thresholds", "none", "--seeds", "1", "--seed", "3")
    let rows = try folder.numbers()
    #expect(rows.count == 3)
    let options = try JSONValue(contentsOf: folder("run/config.json"))["options"]
    #expect(options?["cells"] == "lstm,rnn" && options?["thresholds"] == "norm:1,none")
    #expect(options?["seed"] == 1 && options?["seeds"] == 3)
    let replay = folder.run(["clip", "--config", folder("run/config.json")], out: "again")
    #expect(replay.status == .done)
    #expect(try Set(folder.numbers("again")).isSuperset(of: rows))
  }

  @Test func windowsOfBothCallsAreReplayed() throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1")
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1", "--windows", "2")
    let rows = try folder.numbers()
    folder.run(["clip", "--config", folder("run/config.json")], out: "again")
    #expect(try Set(folder.numbers("again")) == Set(rows) && rows.count == 2)
  }

  @Test(arguments: ["version", "blas_kernels", "vector_kernels"])
  func otherMachineryIsRefused(key: String) throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1")
    var config = try #require(try JSONValue(contentsOf: folder("run/config.json")).object)
    config[key] = "abacus"
    try JSONValue.object(config).write(to: folder("run/config.json"))
    let result = folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "2")
    #expect(result.status == .usage && result.out.isEmpty)
    #expect(result.err.contains("\(key) is 'abacus', and '"))
    #expect(result.err.contains("another --out") && result.err.count { $0 == "\n" } == 1)
  }

  /// A row says itself under what it was computed.
  @Test func aRowUnderOtherKernelsIsRefused() throws {
    folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "1")
    let text = try folder.text("run/clip.csv")
    try text.replacing(",\(Machinery.present.kernels),", with: ",abacus,")
      .write(toFile: folder("run/clip.csv"), atomically: true, encoding: .utf8)
    let result = folder.clip("--cells", "rnn", "--thresholds", "1", "--seeds", "2")
    #expect(result.status == .failed)
    #expect(result.err.contains("kernels is 'abacus' in a row"))
    #expect(!folder.exists("run/clip.csv.partial"))
  }

  /// A row that was relabeled would take the place of another run's.
  @Test func aSecondRowOfARunIsRefused() throws {
    folder.clip("--cells", "rnn,lstm", "--thresholds", "1", "--seeds", "1")
    var lines = try folder.text("run/clip.csv").split(separator: "\n").map(String.init)
    lines[2] = lines[2].replacing(/^lstm,/, with: "rnn,")
    let text = lines.joined(separator: "\n") + "\n"
    try text.write(toFile: folder("run/clip.csv"), atomically: true, encoding: .utf8)
    let result = folder.clip("--cells", "rnn,lstm", "--thresholds", "1", "--seeds", "1")
    #expect(result.status == .failed)
    #expect(result.err.contains("lines 2 and 3 are both of run rnn norm:1"), "\(result.err)")
    #expect(try folder.text("run/clip.csv") == text)
  }

  @Test func changedDataAreRefusedAndMovedOnesAreNot() throws {
    let rows = (0..<40).map { "\($0),\(($0 * $0 * 7) % 23)\n" }.joined()
    try ("day,load\n" + rows).write(toFile: folder("s.csv"), atomically: true, encoding: .utf8)
    func clip(_ file: String, seeds: String) -> (status: UnrollCommandLine.ExitStatus, err: String)
    {
      let result = folder.run(
        [
          "clip", "series", "--file", folder(file), "--column", "load", "--cells", "rnn",
          "--thresholds", "1", "--hidden", "3", "--batch", "1", "--steps", "5", "--windows", "5",
          "--seeds", seeds,
        ], out: "run")
      return (result.status, result.err)
    }
    #expect(clip("s.csv", seeds: "1").status == .done)
    let hash = try FileFingerprint(path: folder("s.csv")).sha256
    #expect(try folder.lines()[0].hasSuffix(",\(hash)"))
    try FileManager.default.moveItem(atPath: folder("s.csv"), toPath: folder("moved.csv"))
    #expect(clip("moved.csv", seeds: "2").status == .done)
    try ("day,load\n" + rows + "40,900\n")
      .write(toFile: folder("moved.csv"), atomically: true, encoding: .utf8)
    let refused = clip("moved.csv", seeds: "3")
    #expect(refused.status == .usage && refused.err.contains(String(hash.prefix(12))))
    #expect(try folder.lines().count == 2)
  }
}
