import Synchronization

/// The fingerprints of the files that a command reads, each taken once: a file of gigabytes takes
/// seconds.
package final class FingerprintCache: Sendable {
  private let known = Mutex<[String: FileFingerprint]>([:])

  package init() {}

  /// The fingerprint of the file at `path`, as it was when first asked for.
  ///
  /// - Throws: `FileError`, as ``FileFingerprint/init(path:)``.
  package func fingerprint(of path: String) throws(FileError) -> FileFingerprint {
    let path = AbsolutePath.of(path)
    if let fingerprint = known.withLock({ $0[path] }) { return fingerprint }
    let fingerprint = try FileFingerprint(path: path)
    known.withLock { $0[path] = fingerprint }
    return fingerprint
  }
}
