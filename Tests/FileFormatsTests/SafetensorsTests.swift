import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// The bytes of a safetensors file: length, header, data.
func safetensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8 + data
}

@Suite struct SafetensorsReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What `safetensors.torch.save_file({"b": torch.tensor([1.0, -2.0]), "a": torch.tensor([[1, 2,
  /// 3]])}, "m.safetensors", {"format": "pt"})` writes.
  @Test func aFileWrittenByPython() throws {
    let header =
      #"{"__metadata__":{"format":"pt"},"a":{"dtype":"I64","shape":[1,3],"data_offsets":[0,24]},"#
      + #""b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}  "#
    let data: [UInt8] =
      [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
      + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    let file = try SafetensorsFile(path: try folder.file("m", safetensors(header, data)))
    #expect(file.metadata == ["format": "pt"])
    #expect(try file.metadata("format") == "pt")
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(file.tensors.map(\.dtype) == [.int64, .float32])
    #expect(try file.shape(of: "a") == [1, 3])
    #expect(try file.integers("a") == [1, 2, 3])
    #expect(try file.floats("b") == [1, -2])
    #expect(try file.doubles("b") == [1, -2])
    #expect(file.contains("a") && !file.contains("c"))
    #expect(try file.isFloatingPoint("b") && !file.isFloatingPoint("a"))
  }

  /// One tensor of `bytes`, preceded by a byte so that nothing is aligned.
  private func tensor(_ dtype: String, _ bytes: [UInt8]) throws -> SafetensorsFile {
    let width = try #require(SafetensorsDtype(rawValue: dtype)).width
    let header =
      #"{"pad":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
      + #""t":{"dtype":"\#(dtype)","shape":[\#(bytes.count / width)],"#
      + #""data_offsets":[1,\#(1 + bytes.count)]}}"#
    return try SafetensorsFile(path: try folder.file(dtype, safetensors(header, [9] + bytes)))
  }

  @Test func integersOfEveryWidth() throws {
    #expect(try tensor("I64", [0xFE] + Array(repeating: 0xFF, count: 7)).integers("t") == [-2])
    #expect(try tensor("I32", [0xFE, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0]).integers("t") == [-2, 256])
    #expect(try tensor("I16", [0xFE, 0xFF, 0, 1]).integers("t") == [-2, 256])
    #expect(try tensor("I8", [0xFE, 1]).integers("t") == [-2, 1])
    #expect(try tensor("U8", [0xFE, 1]).integers("t") == [254, 1])
    #expect(try tensor("BOOL", [0, 1, 2]).integers("t") == [0, 1, 1])
    #expect(try tensor("U16", [0xFE, 0xFF, 0, 1]).integers("t") == [65_534, 256])
    #expect(
      try tensor("U32", [0xFE, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0]).integers("t") == [4_294_967_294, 256])
    let largest = Array(repeating: UInt8(0xFF), count: 7)
    #expect(try tensor("U64", largest + [0x7F]).integers("t") == [.max])
    let above = try tensor("U64", largest + [0x7F] + Array(repeating: 0, count: 7) + [0x80])
    #expect(problem { try above.integers("t") } == .integerTooLarge(tensor: "t", index: 1))
  }

  @Test func sixteenBitFloatsAreWidenedExactly() throws {
    // 1, -2, smallest subnormal, largest subnormal, smallest normal, largest, -0, ∞, -∞.
    let bits: [UInt16] = [
      0x3C00, 0xC000, 0x0001, 0x03FF, 0x0400, 0x7BFF, 0x8000, 0x7C00, 0xFC00, 0x3555,
    ]
    let values: [Double] = [
      1, -2, 0x1p-24, 0x1.FF8p-15, 0x1p-14, 65504, -0.0, .infinity, -.infinity, 0x1.554p-2,
    ]
    let half = try tensor("F16", bits.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    #expect(try half.doubles("t").map(\.bitPattern) == values.map(\.bitPattern))
    #expect(try half.floats("t").map(Double.init) == values)
    #expect(try tensor("F16", [0x01, 0x7C]).doubles("t")[0].isNaN)

    let brain = try tensor("BF16", [0x80, 0x3F, 0x00, 0x80, 0x01, 0x00, 0x49, 0xC0])
    #expect(
      try brain.floats("t").map(\.bitPattern)
        == [Float(1), -0.0, 0x1p-133, -3.140625].map(\.bitPattern))
  }

  @Test func doublesAreRoundedToFloats() throws {
    let bits = [0.1, 1e300, -0.0].flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    #expect(try tensor("F64", bits).floats("t") == [0.1, .infinity, 0])
    #expect(try tensor("F64", bits).doubles("t") == [0.1, 1e300, 0])
  }

  @Test func askingForWhatIsNotThere() throws {
    let file = try tensor("F32", [0, 0, 0x80, 0x3F])
    #expect(
      problem { try file.doubles("w") } == .missingTensor("w", present: ["pad", "t"]))
    #expect(
      problem { try file.integers("t") }
        == .wrongDtype(
          tensor: "t", dtype: "F32",
          accepted: ["I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"]))
    let floats = ["F64", "F32", "F16", "BF16"]
    let wrong = FileProblem.wrongDtype(tensor: "pad", dtype: "U8", accepted: floats)
    #expect(problem { try file.floats("pad") } == wrong)
    #expect(problem { try file.doubles("pad") } == wrong)
    #expect(
      problem { try file.bitPatterns("t") }
        == .wrongDtype(tensor: "t", dtype: "F32", accepted: ["I64"]))
    #expect(
      problem { try file.requireShape([2, 1], of: "t") }
        == .wrongShape(tensor: "t", expected: [2, 1], got: [1]))
    #expect(throws: Never.self) { try file.requireShape([1], of: "t") }
    #expect(problem { try file.metadata("cell") } == .missingMetadata(key: "cell", present: []))
  }

  @Test func emptyTensorsAndScalars() throws {
    let header =
      #"{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"#
      + #""e":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},"#
      + #""f":{"dtype":"I64","shape":[3,0],"data_offsets":[4,4]}}"#
    let path = try folder.file("m", safetensors(header, [0, 0, 0x80, 0x3F]))
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.map(\.name) == ["e", "w", "f"])
    #expect(try file.floats("w") == [1])
    #expect(try file.floats("e") == [])
    #expect(try file.integers("f") == [])
    #expect(try SafetensorsFile(path: try folder.file("none", safetensors("{}"))).tensors == [])
  }
}
