import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// What a file claims is asked for before it is read into memory.
struct FreeMemoryTests {
  @Test func whatTheSystemRefusesIsAnError() throws {
    try FreeMemory.require(100, for: "x")
    try FreeMemory.require(10_000_000, for: "x")
    // More than any machine has, or can address.
    for bytes in [1 << 50, Int.max] {
      let problem = #expect(throws: FileProblem.self) { try FreeMemory.require(bytes, for: "x") }
      #expect(problem == .noMemory(name: "x", bytes: bytes))
      #expect(problem?.description.contains("'x' takes") == true)
    }
    #expect(throws: FileProblem.self) { try FreeMemory.require(numbers: 1 << 45, for: "x") }
  }

  #if os(Linux)
    /// 60 million half-precision numbers lie in 0.12 GB, and take 0.96 GB as what is computed with.
    private static let count = 60_000_000
    private static let needed = 16 * count

    /// Calls `body` with a process that gets half a gigabyte more than it has.
    private static func limited(_ body: () throws -> Void) throws {
      let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      let pages = try #require(status.split(separator: " ").first.flatMap { UInt($0) })
      var limit = rlimit(rlim_cur: pages * UInt(getpagesize()) + 500_000_000, rlim_max: .max)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      try body()
    }

    /// Under a sanitizer a process has no such limit.
    @Test(.enabled(if: !isSanitized)) func aTensorThatTheSystemHasNoRoomForIsAnError() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let header =
          #"{"x":{"dtype":"F16","shape":[\#(Self.count)],"data_offsets":[0,\#(2 * Self.count)]}}"#
        let start = [UInt64(header.utf8.count)].littleEndianBytes + Data(header.utf8)
        let path = try folder.file("big.safetensors", Array(start))
        try #require(truncate(path, off_t(start.count + 2 * Self.count)) == 0)
        try Self.limited {
          let file = try SafetensorsFile(path: path)
          let error = #expect(throws: FileError.self) { try file.doubles("x") }
          #expect(error == file.malformed(.noMemory(name: "x", bytes: Self.needed)))
        }
      }
    }

    @Test(.enabled(if: !isSanitized)) func anArrayThatTheSystemHasNoRoomForIsAnError() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let header = npyHeader("<f2", count: Self.count)
        let path = try folder.file("x.npy", Array(header))
        try #require(truncate(path, off_t(header.count + 2 * Self.count)) == 0)
        try Self.limited {
          let file = try ArrayFile(path: path)
          let error = #expect(throws: FileError.self) { try file.doubles("x") }
          #expect(
            error
              == .malformed(path: path, line: nil, .noMemory(name: "x", bytes: Self.needed)))
        }
      }
    }

    /// Six megabytes that claim a gigabyte, beside an array that is asked for.
    @Test(.enabled(if: !isSanitized)) func whatIsNotReadIsNotInflated() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder()
        let repeats = 500_000
        let size = 5 + 8 * 258 * repeats
        let small = npyHeader("|u1", count: 3) + Data([1, 2, 3])
        let header = npyHeader("|u1", count: size)
        let packed = stored(header) + longRun(repeats: repeats)
        let path = try folder.file(
          "a.npz",
          Array(
            zip([
              ("x.npy", 0, small, small.count), ("big.npy", 8, packed, header.count + size),
            ])))
        try Self.limited {
          let file = try ArrayFile(path: path)
          #expect(try file.integers("x") == [1, 2, 3])
          let error = #expect(throws: FileError.self) { try file.integers("big") }
          #expect(
            error == .malformed(path: path, line: nil, .noMemory(name: "big", bytes: 16 * size)))
        }
      }
    }
  #endif
}

/// What stands before a NumPy array's numbers.
private func npyHeader(_ type: String, count: Int) -> Data {
  let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }\n"
  return Data([0x93] + Array("NUMPY".utf8) + [1, 0]) + [UInt16(text.utf8.count)].littleEndianBytes
    + Data(text.utf8)
}

/// A deflated block of the bytes as they are, not the last one (RFC 1951, 3.2.4).
private func stored(_ bytes: Data) -> Data {
  let count = UInt16(bytes.count)
  return Data([0]) + [count, ~count].littleEndianBytes + bytes
}

/// The last deflated block: 5 bytes, and 8 · 258 more as often as `repeats` says (RFC 1951, 3.2.6).
private func longRun(repeats: Int) -> Data {
  // First bits first: the last block, of fixed codes. With five literals 144 it fills whole bytes.
  let start = "110" + String(repeating: "110010000", count: 5)
  // Length 258 (code 285) at distance 1 (code 0).
  let run = packed(String(repeating: "1100010100000", count: 8))
  return packed(start) + Data(repeatElement(run, count: repeats).joined()) + packed("0000000")
}

private func packed(_ bits: String) -> Data {
  var bytes = Data(count: (bits.utf8.count + 7) / 8)
  for (index, bit) in bits.utf8.enumerated() where bit == UInt8(ascii: "1") {
    bytes[index / 8] |= 1 << (index % 8)
  }
  return bytes
}

/// A zip archive of members with their methods, bytes and sizes once inflated.
private func zip(_ members: [(name: String, method: UInt16, bytes: Data, size: Int)]) -> Data {
  var (file, directory) = (Data(), Data())
  for member in members {
    let offset = UInt32(file.count)
    let checksum = member.method == 0 ? CRC32.checksum([member.bytes]) : 0
    let shared =
      [20, 0, member.method, 0, 33].littleEndianBytes
      + [checksum, UInt32(member.bytes.count), UInt32(member.size)].littleEndianBytes
      + [UInt16(member.name.utf8.count), 0].littleEndianBytes
    file += Data("PK\u{3}\u{4}".utf8) + shared + Data(member.name.utf8) + member.bytes
    directory +=
      Data("PK\u{1}\u{2}".utf8) + [UInt16(20)].littleEndianBytes + shared
      + [UInt16(0), 0, 0].littleEndianBytes + [UInt32(0), offset].littleEndianBytes
      + Data(member.name.utf8)
  }
  let count = UInt16(members.count)
  return file + directory + Data("PK\u{5}\u{6}".utf8) + [0, 0, count, count].littleEndianBytes
    + [UInt32(directory.count), UInt32(file.count)].littleEndianBytes
    + [UInt16(0)].littleEndianBytes
}
