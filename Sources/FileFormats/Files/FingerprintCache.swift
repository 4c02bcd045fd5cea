import Synchronization

/// The fingerprints of the files that a command reads, and how they have grown, each taken once: a file
/// of gigabytes takes seconds.
package final class FingerprintCache: Sendable {
  private struct Known {
    var fingerprints: [String: FileFingerprint] = [:]
    /// By path, and by the earlier content's hash.
    var growths: [String: [String: FileFingerprint.Growth?]] = [:]
    var counts: [String: Int?] = [:]
  }

  private let known = Mutex(Known())

  package init() {}

  /// How many elements a file holds, where it begins with those that a model was trained on, and nil
  /// where it does not: what `count` finds, which reads the file and is called once for each `key`.
  ///
  /// - Parameter key: the path from the root, how the file is read, and what it is to begin with.
  package func count(_ key: String, _ count: () -> Int?) -> Int? {
    if let known = known.withLock({ $0.counts[key] }) { return known }
    let found = count()
    known.withLock { $0.counts[key] = .some(found) }
    return found
  }

  /// The fingerprint of the file at `path`, as it was when first asked for.
  ///
  /// - Throws: `FileError`, as ``FileFingerprint/init(path:)``.
  package func fingerprint(of path: String) throws(FileError) -> FileFingerprint {
    let path = AbsolutePath.of(path)
    if let fingerprint = known.withLock({ $0.fingerprints[path] }) { return fingerprint }
    let fingerprint = try FileFingerprint(path: path)
    known.withLock { $0.fingerprints[path] = fingerprint }
    return fingerprint
  }

  /// Where the file at `path` was added to since it had the fingerprint `earlier`.
  ///
  /// - Throws: `FileError`, as ``MappedFile/init(path:)``.
  package func growth(
    ofFileAt path: String, since earlier: FileFingerprint
  ) throws(FileError) -> FileFingerprint.Growth? {
    let path = AbsolutePath.of(path)
    if let growth = known.withLock({ $0.growths[path]?[earlier.sha256] }) { return growth }
    let growth = try earlier.growth(ofFileAt: path)
    known.withLock { $0.growths[path, default: [:]][earlier.sha256] = .some(growth) }
    return growth
  }
}
