import Foundation
import UnrollText

/// A file's size and the hash of its bytes, by which its content is known wherever the file lies.
public struct FileFingerprint: Equatable, Sendable {
  /// The size in bytes.
  public let bytes: Int
  /// The SHA-256 of all bytes (FIPS 180-4), 64 lowercase hexadecimal digits, as `sha256sum` prints it; empty
  /// where they were not read.
  public let sha256: String

  /// The fingerprint with these values, such as one that a run recorded.
  public init(bytes: Int, sha256: String) {
    self.bytes = bytes
    self.sha256 = sha256
  }

  /// Reads the file at `path` once. A file of many gigabytes takes no memory of its own.
  ///
  /// - Throws: `FileError`, as ``MappedFile/init(path:)``.
  public init(path: String) throws(FileError) {
    let file = try MappedFile(path: path)
    file.adviseSequential()
    self.init(of: file, [0..<file.count])
    try file.requireWhole()
  }

  /// The size of the file at `path`, which is not opened; nil where there is no file.
  package static func unread(path: String) -> FileFingerprint? {
    var status = stat()
    guard stat(path, &status) == 0, FileKind(status) == .regular else { return nil }
    return FileFingerprint(bytes: Int(status.st_size), sha256: "")
  }

  /// The fingerprint of some ranges of a file's bytes, one after the other.
  private init(of file: MappedFile, _ ranges: [Range<Int>]) {
    var hash = SHA256()
    let piece = 1 << 24
    for range in ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
        let part = start..<min(start + piece, range.upperBound)
        file.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[part])) }
        file.dropPages(part)
      }
    }
    self.init(bytes: ranges.reduce(0) { $0 + $1.count }, sha256: hash.hexadecimal())
  }
}

// MARK: - Files that have grown

extension FileFingerprint {
  /// Where a file was added to.
  package enum Growth {
    /// Behind its end.
    case atEnd
    /// Behind its first line.
    case behindFirstLine
  }

  /// Where the file at `path` was added to since it had this fingerprint; nil for one that is as it was,
  /// or another one.
  ///
  /// - Throws: `FileError`, as ``MappedFile/init(path:)``.
  package func growth(ofFileAt path: String) throws(FileError) -> Growth? {
    let file = try MappedFile(path: path)
    // Everything goes on from nothing, which says nothing.
    guard bytes > 0, file.count > bytes else { return nil }
    if FileFingerprint(of: file, [0..<bytes]) == self { return .atEnd }
    let newline = UInt8(ascii: "\n")
    let line = file.withUnsafeBytes { $0[..<bytes].firstIndex(of: newline).map { $0 + 1 } }
    guard let line, line < bytes else { return nil }
    let rest = file.count - (bytes - line)..<file.count
    return FileFingerprint(of: file, [0..<line, rest]) == self ? .behindFirstLine : nil
  }
}

extension FileFingerprint: CustomStringConvertible {
  /// The size and the hash's first 12 digits: `1,200 bytes, SHA-256 9f86d081884c…`.
  public var description: String {
    NumberText.count(bytes, "byte") + (sha256.isEmpty ? "" : ", SHA-256 \(sha256.prefix(12))…")
  }
}
