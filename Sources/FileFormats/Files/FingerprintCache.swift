import Synchronization

/// The fingerprints of the files that a command reads, each taken once: a file of gigabytes takes
/// seconds.
package final class FingerprintCache: Sendable {
  private let known = Mutex<[String: FileFingerprint]>([:])
  private let growths = Mutex<[String: [String: FileFingerprint.Growth?]]>([:])

  private let counts = Mutex<[String: Int?]>([:])

  package init() {}

  /// What `count` gives, which is called once for each `key`.
  package func count(_ key: String, _ count: () -> Int?) -> Int? {
    if let known = counts.withLock({ $0[key] }) { return known }
    let found = count()
    counts.withLock { $0[key] = .some(found) }
    return found
  }

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

  /// Where the file at `path` was added to since it had the fingerprint `earlier`.
  ///
  /// - Throws: `FileError`, as ``MappedFile/init(path:)``.
  package func growth(
    ofFileAt path: String, since earlier: FileFingerprint
  ) throws(FileError) -> FileFingerprint.Growth? {
    let path = AbsolutePath.of(path)
    if let growth = growths.withLock({ $0[path]?[earlier.sha256] }) { return growth }
    let growth = try earlier.growth(ofFileAt: path)
    growths.withLock { $0[path, default: [:]][earlier.sha256] = .some(growth) }
    return growth
  }
}
