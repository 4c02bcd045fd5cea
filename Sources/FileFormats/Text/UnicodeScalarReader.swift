import UnrollText

/// Reads the Unicode scalars of a mapped UTF-8 file forward from a byte offset.
public struct UnicodeScalarReader: Sendable {
  /// Where the next scalar starts, in bytes from the file's start.
  public private(set) var byteOffset: Int
  /// Where reading stops, in bytes from the file's start.
  public let end: Int
  private let file: MappedFile

  /// Reads the bytes `start..<end`, both of which lie at the start of a scalar; a `nil`
  /// end is the file's.
  ///
  /// - Precondition: `0 ≤ start ≤ end ≤ file.count`.
  public init(_ file: MappedFile, from start: Int = 0, to end: Int? = nil) {
    let end = end ?? file.count
    require(
      0 <= start && start <= end && end <= file.count,
      "expected a range inside 0..<\(file.count), got \(start)..<\(end)")
    self.file = file
    self.byteOffset = start
    self.end = end
  }

  /// The next scalar, `nil` at the end.
  ///
  /// - Throws: `FileError.malformed` with `.notUTF8`.
  public mutating func next() throws(FileError) -> Unicode.Scalar? {
    guard byteOffset < end else { return nil }
    let offset = byteOffset
    guard let (scalar, width) = file.withUnsafeBytes({ decode(at: offset, in: $0) }) else {
      throw notUTF8
    }
    byteOffset += width
    return scalar
  }

  /// Fills `scalars` with the scalars that follow, without allocating.
  ///
  /// - Returns: how many were read: `scalars.count`, or fewer at the end.
  /// - Throws: `FileError.malformed` with `.notUTF8`.
  public mutating func read(into scalars: inout [Unicode.Scalar]) throws(FileError) -> Int {
    var offset = byteOffset
    let (count, isWellFormed) = file.withUnsafeBytes { bytes in
      for index in scalars.indices {
        guard offset < end else { return (index, true) }
        guard let (scalar, width) = decode(at: offset, in: bytes) else { return (index, false) }
        scalars[index] = scalar
        offset += width
      }
      return (scalars.count, true)
    }
    byteOffset = offset
    guard isWellFormed else { throw notUTF8 }
    return count
  }

  private func decode(
    at offset: Int, in bytes: UnsafeRawBufferPointer
  ) -> (scalar: Unicode.Scalar, width: Int)? {
    UTF8Decoding.scalar(at: offset, in: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
  }

  private var notUTF8: FileError {
    .malformed(path: file.path, line: nil, .notUTF8(byteOffset: byteOffset))
  }
}
