import Foundation
import Testing
import UnrollTestSupport
import UnrollText

@testable import UnrollFileFormats

/// Event files for TensorBoard, byte by byte. The tests of the Python package have TensorBoard read them.
struct EventLogTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// RFC 3720, B.4, and the check value of the CRC catalogue.
  @Test func checksumsAreCastagnolis() {
    #expect(CRC32C.checksum(Data("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum(Data(count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(Data(0..<32)) == 0x46DD_794E)
    #expect(CRC32.checksum([Data("1234".utf8), Data("56789".utf8)]) == 0xCBF4_3926)
  }

  /// The bytes that the writer of the Python package tensorboard gives for the same record.
  @Test func recordsAreFramed() {
    #expect(
      Array(EventLog.record(Data([1, 2, 3])))
        == [3, 0, 0, 0, 0, 0, 0, 0, 0xB0, 0x99, 0x49, 0x0E, 1, 2, 3, 0x39, 0xCD, 0xC0, 0x86])
  }

  /// Field numbers and wire types as in the documentation of Protocol Buffers.
  @Test func messagesAreThoseOfProtocolBuffers() {
    let message = ProtobufMessage { message in
      message.append(1, integer: 150)
      message.append(2, text: "testing")
      message.append(3) { $0.append(1, integer: 150) }
      message.append(16, integer: -1)
    }
    let minusOne = [UInt8](repeating: 0xFF, count: 9) + [1]
    #expect(
      Array(message.bytes)
        == [0x08, 0x96, 0x01, 0x12, 7] + Array("testing".utf8) + [0x1A, 3, 0x08, 0x96, 0x01]
        + [0x80, 0x01] + minusOne)
    let numbers = ProtobufMessage { message in
      message.append(1, double: 1)
      message.append(2, float: 1)
      message.append(6, doubles: [1, 2])
    }
    #expect(
      Array(numbers.bytes)
        == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x15, 0, 0, 0x80, 0x3F, 0x32, 16]
        + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0x40])
  }

  @Test func aFileHoldsItsValues() throws {
    let log = EventLog(in: folder.path) { 1_700_000_000.5 }
    try log.append([("loss/train", .scalar(0.1)), ("learning_rate", .scalar(1e-3))], step: 1)
    try log.append([], step: 2)
    try log.append([("λ", .scalar(.nan)), ("deep", .scalar(-.infinity))], step: 1 << 40)
    try log.synchronize()
    let path = try #require(log.path)
    #expect(path.hasPrefix(folder("events.out.tfevents.1700000000.")))
    let records = try EventRecords(path: path)
    #expect(records.version == "brain.Event:2" && records.starts.isEmpty && records.rest == 0)
    #expect(records.values.map(\.tag) == ["loss/train", "learning_rate", "λ", "deep"])
    #expect(records.values.map(\.step) == [1, 1, 1 << 40, 1 << 40])
    #expect(records.values[0].scalar == 0.1 && records.values[1].scalar == 1e-3)
    #expect(records.values[2].scalar?.isNaN == true && records.values[3].scalar == -.infinity)
  }

  /// A log without a value leaves no file, so that a run with nothing left to do changes nothing.
  @Test func theFileBeginsWithTheFirstValue() throws {
    let log = EventLog(in: folder.path, continuingAfter: 3)
    try log.append([], step: 4)
    try log.synchronize()
    #expect(try log.path == nil && folder.names.isEmpty)
    try log.append([("loss", .scalar(1))], step: 4)
    let records = try EventRecords(path: #require(log.path))
    #expect(records.starts == [4] && records.values.map(\.step) == [4])

    // Unless it is asked for, once.
    let other = EventLog(in: folder.path, continuingAfter: 3)
    try other.begin()
    try other.begin()
    #expect(try EventRecords(path: #require(other.path)).starts == [4])
    #expect(try folder.names.count == 2)
  }

  /// Whatever the clock says, the file that is begun last comes last: of an unset clock and of one far ahead.
  @Test(arguments: [0.0, -5, 500, 9_999_999_990, 5e13])
  func laterFilesComeLater(first: Double) throws {
    var names: [String] = []
    for now in [first, 1_700_000_000, 1_600_000_000] {
      let log = EventLog(in: folder.path, continuingAfter: 1) { now }
      try log.begin()
      names.append(try #require(log.path).lastPathPart)
    }
    #expect(EventLog.names(in: folder.path) == names)
  }

  @Test func aFolderThatIsNotThereIsReported() throws {
    let log = EventLog(in: folder("none"))
    #expect(thrown { try log.append([("loss", .scalar(1))], step: 1) } != nil)
    #expect(log.path == nil)
  }

  /// A file that is cut off anywhere has all records that are whole.
  @Test func aTornRecordTakesNoOtherWithIt() throws {
    let log = EventLog(in: folder.path)
    var (bytes, ends) = ([UInt8](), [Int]())
    for step in 1...5 {
      try log.append([("loss", .scalar(Double(step)))], step: step)
      bytes = Array(try Data(contentsOf: URL(filePath: #require(log.path))))
      ends.append(bytes.count)
    }
    let whole = EventRecords(of: bytes).values
    #expect(whole.map(\.scalar) == [1, 2, 3, 4, 5])
    for cut in 0...bytes.count {
      let records = EventRecords(of: Array(bytes[..<cut]))
      #expect(records.values == Array(whole.prefix(ends.count { $0 <= cut })), "\(cut)")
    }
  }

  @Test func aRunThatGoesOnVoidsWhatComesAfterIt() throws {
    let first = EventLog(in: folder.path) { 1_700_000_000 }
    try first.append([("loss", .scalar(1))], step: 1)
    // Within the same second, and with a clock that was set back.
    for now in [1_700_000_000.0, 1_600_000_000] {
      let next = EventLog(in: folder.path, continuingAfter: 7) { now }
      try next.begin()
      #expect(EventLog.names(in: folder.path).last.map { folder($0) } == next.path)
      #expect(try EventRecords(path: #require(next.path)).starts == [8])
    }
    #expect(EventLog.names(in: folder.path).count == 3)
    let copy = folder("copy")
    try OutputFolder.create(copy)
    // Another branch that was there is gone.
    let branch = EventLog(in: copy) { 1_500_000_000 }
    try branch.begin()
    for _ in 1...2 {
      try EventLog.copyAll(from: folder.path, to: copy)
      #expect(EventLog.names(in: copy) == EventLog.names(in: folder.path))
    }
    // The folder itself, written in another way, keeps its files.
    try EventLog.copyAll(from: copy, to: folder("./copy/"))
    #expect(EventLog.names(in: copy).count == 3)
    for name in EventLog.names(in: copy) {
      #expect(
        try Data(contentsOf: URL(filePath: folder(name)))
          == Data(contentsOf: URL(filePath: folder("copy/\(name)"))))
    }
    EventLog.removeAll(in: copy)
    #expect(EventLog.names(in: copy).isEmpty && EventLog.names(in: folder("none")).isEmpty)
  }

  @Test(arguments: [[], [0.5], [-1, 0, 1], [1e-30, -1e-30, 1e30, -1e30], [.nan, .infinity, 2]])
  func histogramsCountEveryFiniteNumber(numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    let histogram = EventHistogram(numbers)
    #expect(histogram.count == finite.count)
    let fields = fields(of: histogram)
    #expect(fields.double(1) == finite.min() ?? 0 && fields.double(2) == finite.max() ?? 0)
    #expect(fields.double(3) == Double(finite.count) && fields.double(4) == finite.reduce(0, +))
    #expect(fields.double(5) == finite.reduce(0) { $0 + $1 * $1 })
    expectCounts(of: finite, in: fields)
  }

  @Test func histogramsAreATenthWide() {
    let numbers = (0..<10_000).map { sin(Double($0)) * exp(cos(Double($0) * 0.7) * 8) }
    let fields = fields(of: EventHistogram(numbers))
    expectCounts(of: numbers, in: fields)
    let limits = fields.doubles(6)
    for (low, high) in zip(limits, limits.dropFirst()) where low > 0 {
      #expect(abs(high / low - 1.1) < 1e-12)
    }
  }

  private func fields(of histogram: EventHistogram) -> ProtobufFields {
    let log = EventLog(in: folder.path)
    try? log.append([("h", .histogram(histogram))], step: 0)
    return log.path.flatMap { try? EventRecords(path: $0).values[0].fields.message(5) }
      ?? ProtobufFields([])
  }

  /// As many numbers at most as large as a limit, as the counts up to it say.
  private func expectCounts(of numbers: [Double], in fields: ProtobufFields) {
    let (limits, counts) = (fields.doubles(6), fields.doubles(7))
    #expect(limits.count == counts.count && limits == limits.sorted())
    var sum = 0.0
    for (limit, count) in zip(limits, counts) {
      sum += count
      #expect(sum == Double(numbers.count { $0 <= limit }))
    }
    #expect(sum == Double(numbers.count))
  }

  @Test func picturesHaveTheSizeOfTheirFile() throws {
    var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    png += Array("IHDR".utf8) + [0, 0, 1, 44, 0, 0, 0, 200, 8, 6]
    guard case .picture(let content, let width, let height)? = EventValue(png: Data(png)) else {
      Issue.record("expected a picture")
      return
    }
    #expect(content == Data(png) && width == 300 && height == 200)
    #expect(
      EventValue(png: Data(png.prefix(20))) == nil && EventValue(png: Data("text".utf8)) == nil)
  }
}
