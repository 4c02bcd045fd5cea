import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Files as NumPy 2 writes them, byte by byte.
struct NumPyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func npy(
    _ descr: String, _ shape: String, _ data: [UInt8], fortran: Bool = false, version: UInt8 = 1
  ) -> [UInt8] {
    var text =
      "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
    let lengthWidth = version == 1 ? 2 : 4
    let filled = 8 + lengthWidth + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - filled % 64) % 64) + "\n"
    let length = (0..<lengthWidth).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) }
    return NumPyHeader.magic + [version, 0] + length + Array(text.utf8) + data
  }

  private func file(_ bytes: [UInt8]) throws -> ArrayFile {
    try ArrayFile(path: folder.file("a.npy", bytes))
  }

  private func bytes<Number: FixedWidthInteger>(_ numbers: [Number], big: Bool = false) -> [UInt8] {
    numbers.flatMap { number in
      withUnsafeBytes(of: big ? number.bigEndian : number.littleEndian) { Array($0) }
    }
  }

  @Test(arguments: [false, true], [UInt8(1), 2, 3]) func floats(big: Bool, version: UInt8) throws {
    let values = [1.5, -2, 0.25, 0, 65_504, 3]
    let mark = big ? ">" : "<"
    let halves: [UInt16] = [0x3E00, 0xC000, 0x3400, 0, 0x7BFF, 0x4200]
    for (descr, data) in [
      ("f2", bytes(halves, big: big)),
      ("f4", bytes(values.map { Float($0).bitPattern }, big: big)),
      ("f8", bytes(values.map(\.bitPattern), big: big)),
    ] {
      let file = try file(npy(mark + descr, "(3, 2)", data, version: version))
      #expect(try file.doubles("x") == values && file.shape(of: "x") == [3, 2])
      #expect(try file.isFloatingPoint("x") && file.names == ["x"])
      #expect(problem { try file.integers("x") }.map { "\($0)".contains("accepted: int8") } == true)
    }
  }

  @Test(arguments: [false, true]) func integers(big: Bool) throws {
    let mark = big ? ">" : "<"
    for (descr, data, values) in [
      ("|b1", [0, 1, 2], [0, 1, 1]), ("|i1", [1, 0xFF, 0x80], [1, -1, -128]),
      ("|u1", [1, 0xFF, 0x80], [1, 255, 128]),
      (mark + "i2", bytes([1, -2, .min] as [Int16], big: big), [1, -2, -32_768]),
      (mark + "u2", bytes([1, .max, 2] as [UInt16], big: big), [1, 65_535, 2]),
      (mark + "i4", bytes([1, -2, .min] as [Int32], big: big), [1, -2, Int(Int32.min)]),
      (mark + "u4", bytes([1, .max, 2] as [UInt32], big: big), [1, Int(UInt32.max), 2]),
      (mark + "i8", bytes([1, -2, .min] as [Int64], big: big), [1, -2, .min]),
      (mark + "u8", bytes([1, 1 << 62, 2] as [UInt64], big: big), [1, 1 << 62, 2]),
    ] as [(String, [UInt8], [Int])] {
      let file = try file(npy(descr, "(3,)", data))
      #expect(try file.integers("x") == values, "\(descr)")
      #expect(try !file.isFloatingPoint("x"))
    }
    let large = try file(npy("<u8", "(2,)", bytes([1, .max] as [UInt64])))
    #expect(problem { try large.integers("x") } == .numPy(array: "x", .tooLarge(index: 1)))
  }

  @Test func fortransOrder() throws {
    // x[i][j][k] = 100i + 10j + k, the first index fastest.
    let values = (0..<4).flatMap { k in
      (0..<3).flatMap { j in (0..<2).map { i in 100 * i + 10 * j + k } }
    }
    let file = try file(npy("<i4", "(2, 3, 4)", bytes(values.map(Int32.init)), fortran: true))
    let expected = (0..<2).flatMap { i in
      (0..<3).flatMap { j in (0..<4).map { k in 100 * i + 10 * j + k } }
    }
    #expect(try file.integers("x") == expected)
    #expect(try self.file(npy("<i4", "(2, 0)", [], fortran: true)).integers("x") == [])
    #expect(
      try self.file(npy("<i4", "()", bytes([7 as Int32]), fortran: true)).integers("x") == [7])
  }

  @Test(arguments: [
    ("<f4", "(2,)", 4), ("<f4", "(2,)", 12), ("<f8", "(4611686018427387904, 4)", 0),
    ("<f4", "(9223372036854775807,)", 8),
  ]) func sizesAreComparedBeforeAnythingIsRead(descr: String, shape: String, count: Int) {
    let problem = problem { try file(npy(descr, shape, [UInt8](repeating: 0, count: count))) }
    guard case .numPy(array: "x", .size) = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
  }

  @Test(arguments: ["<c8", "<U0", "|O", "<f16", "<f1", "<M8[ns]", "<i3", "|S5", "", "<f04"])
  func otherTypesAreNamed(descr: String) {
    #expect(problem { try file(npy(descr, "(1,)", [0])) } == .numPy(array: "x", .dtype(descr)))
  }

  @Test func headersThatAreNone() throws {
    let whole = npy("<f4", "(1,)", [0, 0, 0, 0])
    for length in 6..<whole.count {
      #expect(problem { try file(Array(whole.prefix(length))) } != nil, "\(length)")
    }
    var version = whole
    version[6] = 4
    #expect(problem { try file(version) } == .numPy(array: "x", .version(4, 0)))
    for text in [
      "{}", "{'descr': '<f4'}", "[1]", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    ] {
      let bytes = NumPyHeader.magic + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      #expect(
        problem { try file(bytes + [0, 0, 0, 0]) } == .numPy(array: "x", .noHeader), "\(text)")
    }
    let fields = "{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,)}"
    let bytes = NumPyHeader.magic + [1, 0, UInt8(fields.utf8.count), 0] + Array(fields.utf8)
    #expect(problem { try file(bytes) } == .numPy(array: "x", .dtype("of several fields")))
  }

  // MARK: Archives

  private func archive(_ members: [(String, [UInt8])], wide: Bool = false) -> [UInt8] {
    ZipBytes.archive(members, wide: wide)
  }

  @Test(arguments: [false, true]) func archives(wide: Bool) throws {
    let bytes = archive(
      [
        ("x.npy", npy("<f4", "(2,)", bytes([Float(1.5).bitPattern, Float(2).bitPattern]))),
        ("y.npy", npy("<i8", "(1,)", bytes([3 as Int64]))),
      ], wide: wide)
    let file = try file(bytes)
    #expect(file.names == ["x", "y"] && file.contains("y") && !file.contains("z"))
    #expect(try file.doubles("x") == [1.5, 2] && file.integers("y") == [3])
    #expect(
      problem { try file.shape(of: "lengths") } == .missingTensor("lengths", present: ["x", "y"]))
  }

  /// Otherwise a small archive could claim any size.
  @Test func membersThatShareBytesAreRefused() throws {
    let whole = archive([
      ("x.npy", npy("<f4", "(1,)", [0, 0, 0x80, 0x3F])),
      ("y.npy", npy("<f4", "(1,)", [0, 0, 0x80, 0x3F])),
    ])
    // The second entry of the directory, whose offset stands 42 bytes behind its mark.
    let marks = whole.indices.dropLast(3).filter { whole[$0..<$0 + 4] == [0x50, 0x4B, 1, 2] }
    var shared = whole
    for index in 0..<4 { shared[marks[1] + 42 + index] = 0 }
    #expect(problem { try file(shared) } == .zip(.overlap("x.npy", "y.npy")))
  }

  @Test func damagedArchivesAreErrorsAndNoTraps() throws {
    let whole = archive([("x.npy", npy("<f4", "(1,)", [0, 0, 0x80, 0x3F]))])
    for length in 0..<whole.count {
      #expect(thrown { try file(Array(whole.prefix(length))) } != nil, "\(length)")
    }
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= 0xFF
      let values = try? file(damaged).doubles("x")
      // Times, versions and the header's blanks count for nothing.
      #expect(values == nil || values == [1], "\(index)")
    }
    var content = whole
    let place = try #require(content.firstIndex(of: 0x3F))
    content[place] = 0x40
    #expect(problem { try file(content) } == .zip(.badChecksum("x.npy")))
    #expect(
      problem {
        try file(archive([("x.npy", npy("<f4", "(0,)", [])), ("x.npy", npy("<f4", "(0,)", []))]))
      }
        == .zip(.duplicate("x.npy")))
  }

  // MARK: Targets beside inputs

  @Test func targetsBesideInputs() throws {
    let inputs = try folder.file("x.npy", npy("<f4", "(1, 1, 1)", [0, 0, 0x80, 0x3F]))
    let targets = try folder.file("t.npy", npy("<i8", "(1,)", bytes([4 as Int64])))
    let both = try ArrayFile(path: inputs, targets: targets)
    #expect(both.names == ["x", "y"])
    #expect(try both.doubles("x") == [1] && both.integers("y") == [4])
    #expect(both.pathOfFile(with: "y") == targets && both.pathOfFile(with: "x") == inputs)
    let own = try folder.file(
      "own.npz", archive([("y.npy", npy("<i8", "(1,)", bytes([4 as Int64])))]))
    #expect(
      thrown { try ArrayFile(path: own, targets: targets) }
        == .malformed(path: own, line: nil, .twoTargets(other: targets)))
    let none = try folder.file(
      "none.npz", archive([("x.npy", npy("<i8", "(1,)", bytes([4 as Int64])))]))
    #expect(
      thrown { try ArrayFile(path: inputs, targets: none) }
        == .malformed(path: none, line: nil, .missingTensor("y", present: ["x"])))
  }
}
