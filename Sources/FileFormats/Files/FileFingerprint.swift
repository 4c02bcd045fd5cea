import UnrollText

/// A file's size and the hash of its bytes, by which its content is known wherever the file lies.
public struct FileFingerprint: Equatable, Sendable {
  /// The size in bytes.
  public let bytes: Int
  /// The SHA-256 of all bytes (FIPS 180-4), 64 lowercase hexadecimal digits, as `sha256sum` prints it.
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
    var hash = SHA256()
    let piece = 1 << 24
    for start in stride(from: 0, to: file.count, by: piece) {
      let range = start..<min(start + piece, file.count)
      file.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[range])) }
      file.dropPages(range)
    }
    self.init(bytes: file.count, sha256: hash.hexadecimal())
  }
}

extension FileFingerprint: CustomStringConvertible {
  /// The size and the hash's first 12 digits: `1,200 bytes, SHA-256 9f86d081884c…`.
  public var description: String {
    "\(NumberText.count(bytes, "byte")), SHA-256 \(sha256.prefix(12))…"
  }
}
