import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

private let dtypes = [
  "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL",
]

/// A header of F32 tensors `a`, `b`, … with these shapes and offsets.
private func float32s(_ entries: (shape: String, offsets: String)...) -> String {
  let members = zip("abc", entries).map { name, entry in
    #""\#(name)":{"dtype":"F32","shape":\#(entry.shape),"data_offsets":\#(entry.offsets)}"#
  }
  return "{" + members.joined(separator: ",") + "}"
}

/// One kind of malformed file. All have eight bytes of data.
struct MalformedSafetensors: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let header: String
  let problem: FileProblem

  static let all: [MalformedSafetensors] = [
    .init(
      testDescription: "unknown dtype",
      header: #"{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#,
      problem: .unknownDtype(tensor: "a", dtype: "F8_E4M3", accepted: dtypes)),
    .init(
      testDescription: "no dtype", header: #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#,
      problem: .invalidTensorField(tensor: "a", field: "dtype")),
    .init(
      testDescription: "entry is no object", header: #"{"a":[1,2]}"#,
      problem: .invalidTensorField(tensor: "a", field: "dtype")),
    .init(
      testDescription: "negative size", header: float32s(("[-2]", "[0,8]")),
      problem: .invalidTensorField(tensor: "a", field: "shape")),
    .init(
      testDescription: "fractional size", header: float32s(("[2.0]", "[0,8]")),
      problem: .invalidTensorField(tensor: "a", field: "shape")),
    .init(
      testDescription: "one offset", header: float32s(("[2]", "[8]")),
      problem: .invalidTensorField(tensor: "a", field: "data_offsets")),
    .init(
      testDescription: "negative offset", header: float32s(("[2]", "[-8,0]")),
      problem: .invalidTensorField(tensor: "a", field: "data_offsets")),
    .init(
      testDescription: "offset beyond Int", header: float32s(("[2]", "[0,18446744073709551615]")),
      problem: .invalidTensorField(tensor: "a", field: "data_offsets")),
    .init(
      testDescription: "offsets out of range", header: float32s(("[3]", "[0,12]")),
      problem: .offsetsOutOfRange(tensor: "a", begin: 0, end: 12, available: 8)),
    .init(
      testDescription: "offsets near Int.max",
      header: float32s(("[2]", "[9223372036854775799,9223372036854775807]")),
      problem: .offsetsOutOfRange(tensor: "a", begin: .max - 8, end: .max, available: 8)),
    .init(
      testDescription: "offsets reversed", header: float32s(("[2]", "[8,0]")),
      problem: .offsetsOutOfRange(tensor: "a", begin: 8, end: 0, available: 8)),
    .init(
      testDescription: "offsets overlap", header: float32s(("[1]", "[0,4]"), ("[1]", "[2,6]")),
      problem: .offsetsOverlap(tensor: "b", begin: 2, previousEnd: 4)),
    .init(
      testDescription: "the same bytes twice",
      header: float32s(("[2]", "[0,8]"), ("[2]", "[0,8]")),
      problem: .offsetsOverlap(tensor: "b", begin: 0, previousEnd: 8)),
    .init(
      testDescription: "hole in front", header: float32s(("[1]", "[4,8]")),
      problem: .offsetsGap(tensor: "a", begin: 4, previousEnd: 0)),
    .init(
      testDescription: "bytes left over", header: float32s(("[1]", "[0,4]")),
      problem: .trailingBytes(count: 4)),
    .init(
      testDescription: "no tensor for the bytes", header: "{}", problem: .trailingBytes(count: 8)),
    .init(
      testDescription: "shape against offsets", header: float32s(("[3]", "[0,8]")),
      problem: .sizeMismatch(
        tensor: "a", shape: [3], dtype: "F32", expectedBytes: 12, actualBytes: 8)),
    .init(
      testDescription: "size overflows",
      header: float32s(("[4294967296,4294967296,0]", "[0,8]")),
      problem: .sizeOverflow(tensor: "a", shape: [4_294_967_296, 4_294_967_296, 0])),
    .init(
      testDescription: "bytes overflow", header: float32s(("[4611686018427387904]", "[0,8]")),
      problem: .sizeOverflow(tensor: "a", shape: [4_611_686_018_427_387_904])),
    .init(
      testDescription: "metadata is a number", header: #"{"__metadata__":{"step":3}}"#,
      problem: .metadataNotText(key: "step")),
    .init(
      testDescription: "metadata is no object", header: #"{"__metadata__":"x"}"#,
      problem: .metadataNotText(key: "__metadata__")),
    .init(
      testDescription: "the same name twice",
      header: #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{}}"#,
      problem: .duplicateKey("a")),
    .init(
      testDescription: "deep nesting",
      header: #"{"a":"# + String(repeating: "[", count: 100_000) + "}",
      problem: .nestingTooDeep(limit: 64)),
    .init(
      testDescription: "broken JSON", header: #"{"a":}"#, problem: .badHeader(byteOffset: 8 + 5)),
    .init(testDescription: "no object", header: "[]", problem: .badHeader(byteOffset: 8)),
    .init(testDescription: "empty header", header: "", problem: .badHeader(byteOffset: 8)),
  ]
}

@Suite struct SafetensorsMalformedTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func problemOpening(_ bytes: [UInt8]) throws -> FileProblem? {
    let path = try folder.file("m", bytes)
    return problem { try SafetensorsFile(path: path) }
  }

  @Test(arguments: MalformedSafetensors.all) func isRefused(kind: MalformedSafetensors) throws {
    let bytes = safetensors(kind.header, [UInt8](repeating: 0, count: 8))
    #expect(try problemOpening(bytes) == kind.problem)
  }

  @Test func headerLengthsThatCannotBe() throws {
    let all = [UInt8](repeating: 0xFF, count: 8)
    #expect(
      try problemOpening(all + Array("{}".utf8)) == .headerBeyondFile(declared: .max, available: 2))
    let nine: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0]
    #expect(
      try problemOpening(nine + Array("{}      ".utf8))
        == .headerBeyondFile(declared: 9, available: 8))

    // A sparse file, so that the declared length is really there.
    let path = try folder.file("long", safetensors("{}"))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: [0x01, 0xE1, 0xF5, 0x05])
    try handle.truncate(atOffset: 100_000_100)
    try handle.close()
    #expect(
      problem { try SafetensorsFile(path: path) }
        == .headerTooLong(declared: 100_000_001, limit: 100_000_000))
  }

  @Test func notUTF8() throws {
    #expect(
      try problemOpening([4, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF, 0x7D])
        == .badHeader(byteOffset: 8 + 2))
  }

  @Test func pyTorchFilesAreRecognized() throws {
    let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04, 0, 0, 8, 8, 0, 0, 0, 0]
    let pickle: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A]
    #expect(try problemOpening(zip) == .foreign(.zip))
    #expect(try problemOpening(pickle) == .foreign(.pyTorchLegacy))
    // A header of 0x280 bytes begins as a pickle does, and is none.
    let header = "{}" + String(repeating: " ", count: 0x280 - 2)
    #expect(try problemOpening(safetensors(header)) == nil)
  }

  @Test func cutOffAnywhereIsAnErrorAndNoTrap() throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = ["cell": "lstm"]
    writer.append("w", shape: [2, 2], [1, 2, 3, 4] as [Float])
    writer.append("n", shape: [1], [7] as [Int])
    try writer.write(to: folder("whole"))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder("whole"))))
    for count in bytes.indices {
      let path = try folder.file("cut", Array(bytes.prefix(count)))
      switch thrown({ try SafetensorsFile(path: path) }) {
      case .empty: #expect(count == 0)
      case .malformed(_, _, .truncated): #expect((1..<8).contains(count))
      case .malformed(_, _, .headerBeyondFile): #expect((8..<bytes.count - 24).contains(count))
      case .malformed(_, _, .offsetsOutOfRange): #expect(count >= bytes.count - 24)
      case let error: Issue.record("\(count) bytes: \(String(describing: error))")
      }
    }
  }

  /// Whatever the bytes, opening and reading either works or throws.
  @Test func noisyFilesNeverTrap() throws {
    var state: UInt64 = 20_240_607
    func random(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let good = safetensors(
      float32s(("[1]", "[0,4]"), ("[1,1]", "[4,8]")), [1, 2, 3, 4, 5, 6, 7, 8])
    var refused = 0
    for _ in 0..<500 {
      var bytes = good
      for _ in 0...random(below: 3) {
        bytes[random(below: bytes.count)] = UInt8(random(below: 256))
      }
      let path = try folder.file("noisy", bytes)
      do {
        let file = try SafetensorsFile(path: path)
        for tensor in file.tensors { _ = try? file.doubles(tensor.name) }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 250)
  }
}
