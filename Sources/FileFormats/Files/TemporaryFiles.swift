import Foundation
import Synchronization
import UnrollText

/// Files and folders that are there only while something is made, under hidden names of their own. What a
/// process that was killed has left is removed by the next one that writes to the same folder.
///
/// Such a name says which process made it, and the process holds a lock on it. So what another process is
/// at work on stays, also where that is one of another machine that shares the folder.
package enum TemporaryFiles {
  private static let prefix = ".unroll-"

  /// A hidden name in the folder of `path`, with the same extension, that nothing else has:
  /// `.unroll-PLACE.PROCESS.START-TAG-NAME`.
  package static func path(for path: String) -> String {
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let tag = String(UInt64.random(in: .min ... .max), radix: 36)
    // A long name would be too long with more before it.
    let name = path[nameStart...].suffix(60)
    return "\(path[..<nameStart])\(prefix)\(place).\(getpid()).\(ownStart)-\(tag)-\(name)"
  }

  /// Takes the lock that says that somebody is at work. Where the file system has none, nothing of it is
  /// ever removed.
  static func lock(_ descriptor: Int32) {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { return }
      // Another process has just looked whether anybody holds it.
      usleep(1_000)
    }
  }

  // MARK: What was left

  private static let visited = Mutex<Set<String>>([])

  /// Removes from `folder` what dead processes have left, once for each process and folder.
  package static func removeLeftoversOnce(in folder: String) {
    let isFirst = visited.withLock { $0.insert(AbsolutePath.of(folder)).inserted }
    if isFirst { removeLeftovers(in: folder) }
  }

  /// Removes from `folder` what dead processes have left.
  package static func removeLeftovers(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let path = "\(folder)/\(name)"
      if isLeft(path, named: name) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  /// The seconds after which a free lock says that no process of another machine is at work: it is taken
  /// just after a file is made.
  private static let grace = 60.0

  private static func isLeft(_ path: String, named name: String) -> Bool {
    // Neither a link is followed nor a pipe waited for.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
      [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return false }
    if let owner = owner(in: name) { return !isAlive(owner) }
    return Date.now.timeIntervalSince1970 - Double(ModificationTime(status).seconds) > grace
  }

  /// The process that a name is of, and when it started, where processes are numbered as they are here.
  private static func owner(in name: String) -> (process: pid_t, start: UInt64)? {
    let parts = name.dropFirst(prefix.count).prefix { $0 != "-" }.split(separator: ".")
    guard parts.count == 3, parts[0] == place, let process = pid_t(parts[1]), process > 0,
      let start = UInt64(parts[2])
    else { return nil }
    return (process, start)
  }

  /// A number is given anew after its process has ended, also to a thread; the start tells the two apart.
  private static func isAlive(_ owner: (process: pid_t, start: UInt64)) -> Bool {
    guard kill(owner.process, 0) == 0 || errno != ESRCH else { return false }
    let start = start(of: owner.process)
    return start == owner.start || start == 0 || owner.start == 0
  }

  private static let ownStart = start(of: getpid())

  /// When a process started, in the kernel's ticks; 0 where the system does not say.
  private static func start(of process: pid_t) -> UInt64 {
    #if os(Linux)
      let status = FileManager.default.contents(atPath: "/proc/\(process)/stat") ?? Data()
      // Field 22. The second field is the program's name in parentheses, which may have spaces.
      let fields = String(decoding: status, as: UTF8.self).split(separator: ")").last?
        .split(separator: " ")
      return fields.flatMap { $0.count > 19 ? UInt64($0[19]) : nil } ?? 0
    #else
      return 0
    #endif
  }

  /// Stands for the machine and, in a container, for its own numbers of processes.
  private static let place: String = {
    let host = ProcessInfo.processInfo.hostName
    #if os(Linux)
      let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    #else
      let space: String? = nil
    #endif
    var hash = SHA256()
    Array((host + " " + (space ?? "")).utf8).withUnsafeBytes { hash.update($0) }
    return String(hash.hexadecimal().prefix(8))
  }()
}
