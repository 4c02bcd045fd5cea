import UnrollText

/// A mapped UTF-8 text whose Unicode scalars can be reached by their number: the byte offset of
/// every 1,024th is kept (8 bytes for at least 1 KB of text), and the way from there is walked.
///
/// The text itself stays in the file's pages, so a file of many gigabytes takes next to no
/// anonymous memory.
public struct IndexedText: Sendable {
  /// The file that holds the text.
  public let file: MappedFile
  /// How often each scalar occurs in the whole text.
  public let counts: ScalarCounts
  /// The byte offset of scalar number `index · spacing`.
  private let offsets: [Int]

  static let spacing = 1024
  /// Pages are dropped after each block of so many bytes read.
  private static let blockSize = 4 << 20

  /// Reads the file at `path` once, checks that it is text, counts its scalars and notes where they
  /// are. Only a few megabytes of pages are resident at any time.
  ///
  /// - Throws: `FileError`: as ``MappedFile``, and `.malformed` with `.notUTF8` or, for a file with
  ///   a NUL byte, `.binary`; `.otherEncoding` and `.foreign` where it can be told what the file
  ///   holds instead. A byte-order mark at the start is skipped.
  public init(path: String) throws(FileError) {
    file = try MappedFile(path: path)
    let (problem, start) = file.withUnsafeBytes {
      (UTF8Decoding.otherContent(of: $0), ByteOrderMark.length(in: $0))
    }
    if let problem {
      try file.requireWhole()
      throw .malformed(path: path, line: nil, problem)
    }
    // A mark alone is an empty text.
    if start == file.count { throw .empty(path: path) }
    file.adviseSequential()
    (offsets, counts) = try Self.scan(file, start..<file.count)
  }

  /// The number of scalars.
  public var count: Int { counts.total }

  /// A reader whose next scalar is number `position`.
  ///
  /// - Precondition: `0 ≤ position ≤ count`.
  public func reader(from position: Int) -> UnicodeScalarReader {
    UnicodeScalarReader(file, from: byteOffset(of: position))
  }

  /// Releases the pages of the blocks that a reader has finished between byte `start` and byte `end`,
  /// so that a pass over a long text takes no more memory than a short one.
  public func dropBlocks(passedBetween start: Int, and end: Int) {
    let (first, last) = (start / Self.passedBlock, end / Self.passedBlock)
    if last > first {
      file.dropPages(first * Self.passedBlock..<last * Self.passedBlock)
    }
  }

  /// A multiple of what the system maps around a page that is touched.
  private static let passedBlock = 256 << 10

  /// How often each scalar occurs among the scalars with the numbers `range`.
  ///
  /// - Throws: `FileError.malformed` when the file has been changed since it was indexed.
  public func counts(in range: Range<Int>) throws(FileError) -> ScalarCounts {
    let (lower, upper) = (byteOffset(of: range.lowerBound), byteOffset(of: range.upperBound))
    return try Self.scan(file, lower..<max(lower, upper)).counts
  }

  /// Where scalar number `position` starts, in bytes.
  func byteOffset(of position: Int) -> Int {
    require(
      (0...count).contains(position), "expected a scalar in 0...\(count), got \(position)")
    if position == count { return file.count }
    return file.withUnsafeBytes { bytes in
      var offset = offsets[position / Self.spacing]
      for _ in 0..<position % Self.spacing where offset < bytes.count {
        offset += Self.width(ofScalarStartingWith: bytes[offset])
      }
      return min(offset, bytes.count)
    }
  }

  private static func width(ofScalarStartingWith byte: UInt8) -> Int {
    switch byte {
    case ..<0x80: 1
    case ..<0xE0: 2
    case ..<0xF0: 3
    default: 4
    }
  }

  /// Reads the bytes `range` once, and drops their pages on the way.
  private static func scan(
    _ file: MappedFile, _ range: Range<Int>
  ) throws(FileError) -> (offsets: [Int], counts: ScalarCounts) {
    var occurrences = [Int](repeating: 0, count: 0x11_0000)
    var offsets: [Int] = []
    offsets.reserveCapacity(range.count / spacing + 1)
    var (offset, dropped) = (range.lowerBound, range.lowerBound)
    while offset < range.upperBound {
      offsets.append(offset)
      let problem = file.withUnsafeBytes {
        countScalars(in: $0, from: &offset, to: range.upperBound, into: &occurrences)
      }
      if let problem {
        try file.requireWhole()
        throw .malformed(path: file.path, line: nil, problem)
      }
      if offset - dropped >= blockSize || offset >= range.upperBound {
        file.dropPages(dropped..<offset)
        dropped = offset
      }
    }
    try file.requireWhole()
    return (offsets, ScalarCounts(occurrences))
  }

  /// Counts the next `spacing` scalars that start before `end`.
  private static func countScalars(
    in bytes: UnsafeRawBufferPointer, from offset: inout Int, to end: Int,
    into occurrences: inout [Int]
  ) -> FileProblem? {
    for _ in 0..<spacing where offset < end {
      guard let (scalar, width) = UTF8Decoding.scalar(at: offset, in: bytes) else {
        return .notUTF8(byteOffset: offset)
      }
      if scalar.value == 0 { return .binary(byteOffset: offset) }
      occurrences[Int(scalar.value)] += 1
      offset += width
    }
    return nil
  }
}
