import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

@Suite struct SafetensorsWriterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func roundTripIsBitExact() throws {
    let floats: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1,
    ]
    let doubles: [Double] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1,
    ]
    let patterns: [UInt64] = [0, 1, .max, 1 << 63]
    var writer = SafetensorsWriter(requireFinite: true)
    writer.metadata = ["vocabulary": "a\"\\\n\0é😀", "cell": "lstm"]
    writer.append("floats", shape: [2, 3], floats)
    writer.append("doubles", shape: [6], doubles)
    writer.append("integers", shape: [1, 2], [Int.min, .max])
    writer.append("state", shape: [4], bitPatterns: patterns)
    writer.append("empty", shape: [0, 3], [] as [Float])
    try writer.write(to: folder("m.safetensors"))

    let file = try SafetensorsFile(path: folder("m.safetensors"))
    #expect(file.metadata == writer.metadata)
    #expect(try file.floats("floats").map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(try file.doubles("doubles").map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(try file.integers("integers") == [.min, .max])
    #expect(try file.bitPatterns("state") == patterns)
    #expect(try file.floats("empty") == [])
    #expect(try file.shape(of: "floats") == [2, 3])
    #expect(try folder.names == ["m.safetensors"])
  }

  @Test func layoutIsTheReferenceImplementations() throws {
    var writer = SafetensorsWriter(requireFinite: false)
    writer.metadata = ["format": "pt"]
    writer.append("b", shape: [1], [1] as [Float])
    writer.append("a", shape: [1], [2] as [Double])
    try writer.write(to: folder("m"))
    let header =
      #"{"__metadata__": {"format": "pt"}, "#
      + #""a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}, "#
      + #""b": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}"#
    let padding = String(repeating: " ", count: (8 - header.count % 8) % 8)
    #expect(padding.count > 0)
    let data: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0x3F]
    #expect(
      Array(try Data(contentsOf: URL(fileURLWithPath: folder("m"))))
        == safetensors(header + padding, data))
  }

  @Test func nonFiniteValuesAreRefusedOnRequest() throws {
    let path = folder("m")
    for value in [Double.nan, .infinity, -.infinity] {
      var strict = SafetensorsWriter(requireFinite: true)
      strict.append("ok", shape: [1], [1] as [Double])
      strict.append("w", shape: [3], [0, 1, Float(value)])
      let refusal = FileError.malformed(path: path, line: nil, .nonFinite(tensor: "w", index: 2))
      #expect(thrown { try strict.write(to: path) } == refusal)
      #expect(try folder.names == [])
    }
    var lenient = SafetensorsWriter(requireFinite: false)
    lenient.append("w", shape: [2], [.infinity, .nan] as [Double])
    try lenient.write(to: path)
    let read = try SafetensorsFile(path: path).doubles("w")
    #expect(read[0] == .infinity && read[1].isNaN)
  }
}
