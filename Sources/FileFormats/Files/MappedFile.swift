import Foundation
import Synchronization
import UnrollText

/// A file mapped read-only into memory. Its pages belong to the file, so a file of many gigabytes
/// takes no anonymous memory, and the system may drop and reread pages as it likes.
///
/// A file that is cut short while it is mapped is read as zeros from there on. Readers ask for that when they
/// have read, by ``requireWhole()``. One who reads again and again for a long time also asks for changes, by
/// ``watchContent()``. Files written by ``AtomicFile`` are replaced, never cut or changed.
public final class MappedFile: Sendable {
  /// The file's path, as it was given.
  public let path: String
  /// The file's size in bytes, at least 1.
  public let count: Int
  // The mapping is never written and lives as long as this object, so sharing it is safe.
  private nonisolated(unsafe) let start: UnsafeMutableRawPointer
  /// The file, whatever is at its path later.
  private let identity: FileIdentity
  private let slot: Int?
  /// What the content was when ``watchContent()`` was called; nil before.
  private let content = Mutex<Content?>(nil)

  /// The content of a file at a time.
  private struct Content {
    var modified: ModificationTime
    let hash: Int
  }

  /// - Throws: `FileError`: `.missing`, `.isDirectory`, `.notRegularFile`, `.notReadable`, `.empty`.
  public init(path: String) throws(FileError) {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw .missing(path: path)
      case let reason: throw .notReadable(path: path, errno: reason)
      }
    }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .notReadable(path: path, errno: errno) }
    switch FileKind(status) {
    case .regular: break
    case .directory: throw .isDirectory(path: path)
    case .other, .nothing: throw .notRegularFile(path: path)
    }
    guard status.st_size > 0 else { throw .empty(path: path) }
    guard let count = Int(exactly: status.st_size) else {
      throw .notReadable(path: path, errno: EFBIG)
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw .notReadable(path: path, errno: errno) }

    self.path = path
    self.count = count
    self.start = start
    identity = FileIdentity(status)
    slot = CutFileGuard.watch(start, count: count)
  }

  deinit {
    if let slot { CutFileGuard.release(slot) }
    munmap(start, count)
  }

  /// Refuses a file that was cut short since it was mapped. What was read of it may be zeros.
  ///
  /// - Throws: ``FileError/cutShort(path:)``.
  public func requireWhole() throws(FileError) {
    let isShorter = present.map { $0.st_size < count } ?? false
    if isShorter || slot.map(CutFileGuard.isCut) == true { throw .cutShort(path: path) }
  }

  /// Refuses also a file whose content has changed since ``watchContent()``. What was only added behind its end does
  /// not matter, and neither does another file at the path. It reads a file that was written to since the last time.
  ///
  /// - Throws: ``FileError/cutShort(path:)``, ``FileError/changed(path:)``.
  public func requireUnchanged() throws(FileError) {
    try requireWhole()
    guard let known = content.withLock({ $0 }), let modified = present.map(ModificationTime.init),
      modified != known.modified
    else { return }
    guard contentHash() == known.hash else { throw .changed(path: path) }
    content.withLock { $0?.modified = modified }
  }

  /// Has ``requireUnchanged()`` notice changes of the content from here on. It reads the file once.
  public func watchContent() {
    guard let modified = present.map(ModificationTime.init) else { return }
    let now = Content(modified: modified, hash: contentHash())
    content.withLock { $0 = now }
  }

  /// What the system says of the file; nil where it is no longer at its path.
  private var present: stat? {
    var status = stat()
    return stat(path, &status) == 0 && FileIdentity(status) == identity ? status : nil
  }

  /// A hash that holds for this process.
  private func contentHash() -> Int {
    var hasher = Hasher()
    let piece = 1 << 24
    for start in stride(from: 0, to: count, by: piece) {
      let part = start..<min(start + piece, count)
      withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[part])) }
      dropPages(part)
    }
    return hasher.finalize()
  }

  /// Refuses a file that is no longer at its path.
  ///
  /// - Throws: ``FileError/replaced(path:)``.
  package func requireInPlace() throws(FileError) {
    guard FileIdentity(atPath: path) == identity else { throw .replaced(path: path) }
  }

  /// What `body` makes of the file's bytes.
  ///
  /// - Throws: ``FileError/cutShort(path:)`` where the file was cut meanwhile, whatever `body` made of that;
  ///   what `body` throws.
  package func read<Result>(
    _ body: (UnsafeRawBufferPointer) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    do throws(FileError) {
      let result = try withUnsafeBytes(body)
      try requireWhole()
      return result
    } catch {
      try requireWhole()
      throw error
    }
  }

  /// Calls `body` with the file's bytes, which must not be used after it returns.
  @inlinable
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(self) { () throws(Failure) in try body(bytes) }
  }

  @usableFromInline var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Tells the system that the file will be read from front to back.
  public func adviseSequential() {
    madvise(start, count, MADV_SEQUENTIAL)
  }

  /// Lets go of the resident pages that hold `range`; they are read again when next touched.
  ///
  /// - Precondition: `range` lies inside the file.
  public func dropPages(_ range: Range<Int>) {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "expected a range inside 0..<\(count), got \(range)")
    let pageSize = Int(getpagesize())
    let lower = range.lowerBound / pageSize * pageSize
    madvise(start + lower, range.upperBound - lower, MADV_DONTNEED)
  }
}
