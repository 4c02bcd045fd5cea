import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Archives for NumPy, written and read back. `ConversionTests` has NumPy read them.
struct NumPyArchiveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Numbers that a conversion would change, and every shape that a header writes in its own way.
  static let samples: [NamedArray] = [
    NamedArray(
      "float32", shape: [2, 3],
      .floats([1.5, -0.0, .infinity, .leastNonzeroMagnitude, Float(nan: 7, signaling: false), 3])),
    NamedArray(
      "float64", shape: [7],
      .doubles([
        0.1, -0.0, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        Double(nan: 12_345, signaling: false), .pi,
      ])),
    NamedArray("int64", shape: [1, 1, 3], .integers([.min, -1, .max])),
    NamedArray("scalar", shape: [], .integers([20])),
    NamedArray("empty", shape: [0, 4], .doubles([])),
    NamedArray("decay/norm mean", shape: [1], .doubles([0.25])),
    NamedArray("λ", shape: [1], .doubles([2])),
    NamedArray("texts", shape: [4], .texts(["rnn/init=identity:1", "", "∂ℓ/∂h", "🙂"])),
    NamedArray("no texts", shape: [0], .texts([])),
    NamedArray("empty texts", shape: [2], .texts(["", ""])),
  ]

  static func expectEqual(
    _ file: ArrayFile, _ arrays: [NamedArray], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(file.names == arrays.map(\.name), sourceLocation: sourceLocation)
    for array in arrays {
      #expect(try file.shape(of: array.name) == array.shape, sourceLocation: sourceLocation)
      switch array.values {
      case .floats(let values):
        // Read as Double, which keeps every bit of a Float that is a number.
        #expect(
          try file.doubles(array.name).map { Float($0).bitPattern } == values.map(\.bitPattern),
          sourceLocation: sourceLocation)
      case .doubles(let values):
        #expect(
          try file.doubles(array.name).map(\.bitPattern) == values.map(\.bitPattern),
          sourceLocation: sourceLocation)
      case .integers(let values):
        #expect(
          try file.integers(array.name) == values.map(Int.init), sourceLocation: sourceLocation)
      case .texts(let values):
        #expect(try file.texts(array.name) == values, sourceLocation: sourceLocation)
      }
    }
  }

  /// A limit of 100 bytes makes records of all kinds wide, narrow and mixed ones.
  @Test(arguments: [ZipWriter.widest, 1000, 100, 0])
  func arraysAreReadBackToTheBit(wideFrom limit: UInt32) throws {
    let path = folder("a.npz")
    try NumPyArchive.write(Self.samples, to: path, wideFrom: limit)
    try Self.expectEqual(ArrayFile(path: path), Self.samples)
    let first = try Data(contentsOf: URL(filePath: path))
    #expect(first.range(of: Data("PK\u{6}\u{6}".utf8)) != nil || limit == ZipWriter.widest)
    try NumPyArchive.write(Self.samples, to: path, wideFrom: limit)
    #expect(try Data(contentsOf: URL(filePath: path)) == first)
  }

  @Test func anArchiveOfMoreFilesThanSixteenBitsCountIsWide() throws {
    let arrays = (0..<70_000).map { NamedArray("\($0)", shape: [], .integers([Int64($0)])) }
    try NumPyArchive.write(arrays, to: folder("a.npz"))
    let file = try ArrayFile(path: folder("a.npz"))
    #expect(file.names.count == 70_000)
    #expect(try file.integers("69999") == [69_999])
  }

  @Test func textsAreNoNumbersAndNumbersNoTexts() throws {
    try NumPyArchive.write(Self.samples, to: folder("a.npz"))
    let file = try ArrayFile(path: folder("a.npz"))
    #expect(
      problem { try file.doubles("texts") }
        == .wrongDtype(tensor: "texts", dtype: "str", accepted: NumPyDtype.floatingPoint))
    #expect(
      problem { try file.integers("texts") }
        == .wrongDtype(tensor: "texts", dtype: "str", accepted: NumPyDtype.integers))
    #expect(
      problem { try file.texts("int64") }
        == .wrongDtype(tensor: "int64", dtype: "int64", accepted: ["str"]))
    #expect(try !file.isFloatingPoint("texts"))
  }

  /// A surrogate, and a number beyond Unicode.
  @Test(arguments: [[0x00, 0xD8, 0, 0], [0, 0, 0x11, 0]] as [[UInt8]])
  func whatIsNoUnicodeIsRefused(bytes: [UInt8]) throws {
    let array = NamedArray("t", shape: [2], .texts(["a", "b"]))
    try NumPyArchive.write([array], to: folder("a.npz"))
    let header = NumPyHeader.bytes(of: array)
    let path = try folder.file("t.npy", Array(header) + [0x61, 0, 0, 0] + bytes)
    #expect(
      problem { try ArrayFile(path: path).texts("x") } == .numPy(array: "x", .notText(index: 1)))
  }

  @Test func theFormatIsThatOfTheExtension() throws {
    #expect(ArrayFormat(ofFileAt: "runs.npz/a.safetensors") == .safetensors)
    #expect(ArrayFormat(ofFileAt: "A.NPZ") == .npz)
    for path in ["a", "npz", ".npz", "a.npy", "a.npz/b", "a.npz.gz"] {
      #expect(ArrayFormat(ofFileAt: path) == nil, "\(path)")
    }
    let numbers = Self.samples.filter { $0.values.typeName != "str" }
    try ArrayFormat.safetensors.write(numbers, to: folder("a.safetensors"))
    let file = try ArrayFile(path: folder("a.safetensors"))
    for array in numbers {
      #expect(try file.shape(of: array.name) == array.shape)
      if case .doubles(let values) = array.values {
        #expect(try file.doubles(array.name).map(\.bitPattern) == values.map(\.bitPattern))
      }
    }
  }

  @Test func columnsAreOfTheNarrowestTypeThatHoldsThem() {
    var table = FieldTable("t", columns: ["i", "n", "gap", "late", "t", "mixed", "blank"])
    table.append([1, 0.5, 1, .blank, "a", 7, .blank])
    table.append([2, 3, .blank, 4, .blank, "b", .blank])
    let arrays = table.arrays
    #expect(
      arrays.map(\.name)
        == ["t/i", "t/n", "t/gap", "t/late", "t/t", "t/mixed", "t/blank"])
    #expect(arrays[0].values == .integers([1, 2]) && arrays[1].values == .doubles([0.5, 3]))
    #expect(arrays[4].values == .texts(["a", ""]) && arrays[5].values == .texts(["7", "b"]))
    for (index, number) in [(2, 0), (3, 1)] {
      guard case .doubles(let values) = arrays[index].values else {
        Issue.record("expected doubles, got \(arrays[index])")
        continue
      }
      #expect(values[number].isFinite && values[1 - number].isNaN)
    }
    #expect(arrays[6].values.typeName == "float64" && arrays[6].shape == [2])
    // A whole number among texts is written as such, whatever stands above it.
    var late = FieldTable("t", columns: ["late"])
    for field in [7, 0.5, .blank, "a"] as [CSVField] { late.append([field]) }
    #expect(late.arrays[0].values == .texts(["7", "0.5", "", "a"]))
    #expect(FieldTable("t", columns: ["none"]).arrays[0].values == .doubles([]))
    #expect(table.csv.text == "i,n,gap,late,t,mixed,blank\n1,0.5,1,,a,7,\n2,3,,4,,b,\n")
  }
}
