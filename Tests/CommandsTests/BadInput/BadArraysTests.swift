import Testing
import UnrollFileFormats

@testable import UnrollCommands

/// Safetensors files given to `train arrays --inputs`: status 1, one line, nothing written, no trap.
struct BadArraysTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func expectRefusal(_ bytes: [UInt8], saying parts: [String]) throws {
    let path = try workspace.file("a.safetensors", bytes)
    workspace.expectRefusal(
      ["train", "arrays", "--inputs", path, "--out", workspace("out")], .failed,
      saying: [path] + parts)
  }

  /// Two steps of one sequence of one number, and a target: 12 bytes.
  private let good = arraysHeader(
    x: ("F32", "[2,1,1]", "[0,8]"), y: ("F32", "[1,1]", "[8,12]"))

  @Test func theGoodOneIsAccepted() throws {
    let path = try workspace.file("a.safetensors", safetensors(good, data: 12))
    let outcome = workspace.run([
      "train", "arrays", "--inputs", path, "--steps", "1", "--hidden", "2", "--batch", "1",
      "--out", workspace("out"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let warning = "a batch of 3 rows holds some of the data several times: 1 sequence"
    let larger = workspace.run([
      "train", "arrays", "--inputs", path, "--steps", "1", "--hidden", "2", "--batch", "3",
      "--quiet", "--out", workspace("larger"),
    ])
    #expect(larger.status == .done && larger.errors.contains { $0.contains(warning) })
    #expect(!outcome.errors.contains { $0.contains("several times") })
  }

  @Test func truncatedFilesAreRefused() throws {
    let bytes = safetensors(good, data: 12)
    for count in [0, 1, 7, 8, 20, bytes.count - 12, bytes.count - 1] {
      try expectRefusal(Array(bytes.prefix(count)), saying: [])
    }
    try expectRefusal(Array(bytes.prefix(5)), saying: ["cut off: 5 bytes"])
    try expectRefusal(
      Array(bytes.dropLast(4)), saying: ["'y'", "[8, 12]", "do not fit the file's 8 bytes"])
  }

  @Test func impossibleHeadersAreRefused() throws {
    try expectRefusal(
      safetensors(good, data: 12, declaring: 100_000), saying: ["100000", "follow"])
    try expectRefusal(safetensors(good, declaring: .max), saying: ["18446744073709551615"])
    try expectRefusal(
      safetensors(#"{"a":"# + String(repeating: "[", count: 100_000)),
      saying: ["JSON nested more than 64 deep"])
    try expectRefusal(safetensors("[]"), saying: ["its header cannot be read"])
    try expectRefusal(safetensors("{"), saying: ["its header cannot be read"])
  }

  @Test(
    arguments: [
      (("F32", "[2,1,1]", "[0,8]"), ("F32", "[1,1]", "[4,8]"), ["'y' begins at offset 4", "8"]),
      (("F32", "[2,1,1]", "[0,8]"), ("F32", "[1,1]", "[8,16]"), ["'y'", "[8, 16]", "12 bytes"]),
      (("F32", "[2,1,1]", "[8,0]"), ("F32", "[1,1]", "[8,12]"), ["'x'", "[8, 0]"]),
      (("F32", "[3,1,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"), ["'x'", "12 bytes", "span 8"]),
      (("F8", "[8,1,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"), ["unknown dtype 'F8'", "F64, F32"]),
      (
        ("I32", "[2,1,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"),
        ["'x' holds integers", "model.embedding(tokens)", "one_hot"]
      ),
      (("F32", "[2,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"), ["'x'", "[2, 1]", "[T, N, I]"]),
      (
        ("F32", "[2,1,1]", "[0,8]"), ("F32", "[1]", "[8,12]"),
        ["'y'", "[1]", "[1, O] or [2, 1, O]"]
      ),
      (("F32", "[1,2,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"), ["'y'", "[1, 1]", "[2, O]"]),
      (("F32", "[0,1,1]", "[0,0]"), ("F32", "[3,1]", "[0,12]"), ["'x' is empty"]),
      (
        ("F32", "[4611686018427387904,4,1]", "[0,8]"), ("F32", "[1,1]", "[8,12]"),
        ["'x'", "too large"]
      ),
    ] as [((String, String, String), (String, String, String), [String])])
  func tensorsThatDoNotFitAreRefused(
    x: (String, String, String), y: (String, String, String), parts: [String]
  ) throws {
    try expectRefusal(safetensors(arraysHeader(x: x, y: y), data: 12), saying: parts)
  }

  @Test func valuesThatDoNotFitAreRefused() throws {
    func expectRefusal(_ part: String, _ fill: (inout SafetensorsWriter) -> Void) throws {
      var writer = SafetensorsWriter(requireFinite: false)
      fill(&writer)
      let path = workspace("values.safetensors")
      try writer.write(to: path)
      workspace.expectRefusal(
        ["train", "arrays", "--inputs", path, "--out", workspace("out")], .failed,
        saying: [path, part])
    }
    try expectRefusal("'x': element 1 is not finite") {
      $0.append("x", shape: [2, 1, 1], [0, .nan] as [Double])
      $0.append("y", shape: [1], [0] as [Int])
    }
    try expectRefusal("'y' has the class -1") {
      $0.append("x", shape: [2, 1, 1], [0, 0] as [Double])
      $0.append("y", shape: [1], [-1] as [Int])
    }
    try expectRefusal("no array 'y' with targets; present: 'x'; --targets FILE names") {
      $0.append("x", shape: [2, 1, 1], [0, 0] as [Double])
    }
    try expectRefusal("'y' holds no target") {
      $0.append("x", shape: [2, 1, 1], [0, 0] as [Double])
      $0.append("y", shape: [1], [-100] as [Int])
    }
  }

  @Test func aPickleIsAnsweredWithItsConversion() throws {
    try expectRefusal(
      [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 26) + Array("m/data.pkl".utf8),
      saying: ["PyTorch pickle", "import torch", "save_file({"])
  }
}
