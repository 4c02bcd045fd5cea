/// How often each Unicode scalar occurs in a text.
public struct ScalarCounts: Equatable, Sendable {
  /// The distinct scalars, ascending.
  public let scalars: [Unicode.Scalar]
  /// How often each of `scalars` occurs, in the same order.
  public let counts: [Int]
  /// The number of scalars in the text.
  public let total: Int
}

/// Whole-file questions about a mapped UTF-8 text.
public enum UTF8Text {
  /// Pages are dropped and progress is told after each block of so many bytes.
  static let blockSize = 4 << 20

  /// Reads the whole file once, checks that it is text, and counts its scalars. The pages read are
  /// dropped block by block, so only a few megabytes are resident at any time.
  ///
  /// - Parameter progress: told the number of bytes read so far, after every block.
  /// - Throws: `FileError.malformed` with `.notUTF8` or, for a file with a NUL byte, `.binary`.
  public static func validateAndCollectScalars(
    of file: MappedFile, progress: (_ bytesRead: Int) -> Void = { _ in }
  ) throws(FileError) -> ScalarCounts {
    try validateAndCollectScalars(of: file, blockSize: blockSize, progress: progress)
  }

  static func validateAndCollectScalars(
    of file: MappedFile, blockSize: Int, progress: (_ bytesRead: Int) -> Void
  ) throws(FileError) -> ScalarCounts {
    file.adviseSequential()
    var occurrences = [Int](repeating: 0, count: 0x11_0000)
    var offset = 0
    while offset < file.count {
      let start = offset
      let blockEnd = min(file.count, start + blockSize)
      let problem = file.withUnsafeBytes {
        count(in: $0, from: &offset, to: blockEnd, into: &occurrences)
      }
      if let problem { throw .malformed(path: file.path, line: nil, problem) }
      file.dropPages(start..<offset)
      progress(offset)
    }
    let scalars = occurrences.indices.filter { occurrences[$0] > 0 }
      .compactMap { Unicode.Scalar(UInt32($0)) }
    let counts = scalars.map { occurrences[Int($0.value)] }
    return ScalarCounts(scalars: scalars, counts: counts, total: counts.reduce(0, +))
  }

  /// The first byte offset not before `offset` at which a scalar starts, or the file's end.
  ///
  /// - Precondition: `0 ≤ offset ≤ file.count`.
  public static func scalarBoundary(atOrAfter offset: Int, in file: MappedFile) -> Int {
    precondition(
      (0...file.count).contains(offset), "expected an offset in 0...\(file.count), got \(offset)")
    return file.withUnsafeBytes { bytes in
      bytes[offset...].firstIndex { !UTF8Decoding.isContinuation($0) } ?? bytes.count
    }
  }

  /// Counts the scalars that start before `end`; the last of them may reach beyond it.
  private static func count(
    in bytes: UnsafeRawBufferPointer, from offset: inout Int, to end: Int,
    into occurrences: inout [Int]
  ) -> FileProblem? {
    while offset < end {
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
