import Foundation

/// A program run as a child that can hurt nobody: for a limited time, with no more of its output kept than
/// is of use, and with everything that it started ended when it ends.
///
/// Foundation's `Process` has neither process groups nor a way to let go of a child whose children still
/// hold its output.
struct ChildProcess {
  let path: String
  let arguments: [String]
  /// The working folder.
  let folder: String

  struct Outcome {
    /// The exit status, or 128 plus the number of the signal that ended it.
    let status: Int32
    /// The beginning of the standard output.
    let output: Data
    /// The beginning of the standard error.
    let errors: Data
  }

  enum Failure: Error {
    case cannotStart(errno: Int32)
    case timedOut
    /// A signal to the program ended it.
    case interrupted
  }

  /// The most bytes that are kept of either stream; the rest is read and dropped.
  static let keptBytes = 1 << 22

  /// Runs the program for at most `timeout` seconds.
  func run(timeout: Double) throws(Failure) -> Outcome {
    var streams = try (OutputPipe(), OutputPipe())
    defer {
      streams.0.close()
      streams.1.close()
    }
    let child = try start(streams.0.writeEnd, streams.1.writeEnd)
    streams.0.closeWriteEnd()
    streams.1.closeWriteEnd()
    let end = ContinuousClock.now + .seconds(timeout)
    let status = try ChildSignals.watching(child) { () throws(Failure) in
      while !hasEnded(child) {
        streams.0.read()
        streams.1.read()
        guard ContinuousClock.now < end else {
          _ = reap(child)
          throw .timedOut
        }
        OutputPipe.wait(for: [streams.0, streams.1], milliseconds: 10)
      }
      return reap(child)
    }
    if status == 128 + SIGKILL, ChildSignals.haveInterrupted { throw .interrupted }
    streams.0.read()
    streams.1.read()
    return Outcome(status: status, output: streams.0.kept, errors: streams.1.kept)
  }

  /// Starts the program as the leader of a group of its own, with the signals as a program expects them.
  private func start(_ output: Int32, _ errors: Int32) throws(Failure) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    let refusal = Self.addFolder(&actions, folder)
    guard refusal == 0 else { throw .cannotStart(errno: refusal) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXFSZ] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK)
        | Int16(POSIX_SPAWN_SETSIGDEF))

    func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
      texts.map { strdup($0) } + [nil]
    }
    let words = pointers([path] + arguments)
    let environment = pointers(
      ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" })
    defer { for text in words + environment { free(text) } }
    var child: pid_t = 0
    let problem = posix_spawn(&child, path, &actions, &attributes, words, environment)
    guard problem == 0 else { throw .cannotStart(errno: problem) }
    return child
  }

  #if canImport(Darwin)
    private static let addFolder = posix_spawn_file_actions_addchdir_np
  #else
    private typealias AddFolder =
      @convention(c) (
        UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
      ) -> Int32

    /// The C library has it, and its header shows it to GNU sources alone.
    private static let addFolder: AddFolder = {
      let symbol = dlsym(dlopen(nil, RTLD_LAZY), "posix_spawn_file_actions_addchdir_np")
      guard let symbol else { return { _, _ in ENOSYS } }
      return unsafeBitCast(symbol, to: AddFolder.self)
    }()
  #endif

  /// Whether the child has ended. It stays a zombie, so that its group keeps its number.
  private func hasEnded(_ child: pid_t) -> Bool {
    var information = siginfo_t()
    let answer = waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT)
    return answer == 0 ? information.si_signo == SIGCHLD : errno == ECHILD
  }

  /// Ends what is left of the child's group, and the child with it.
  private func reap(_ child: pid_t) -> Int32 {
    kill(-child, SIGKILL)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}

/// The parent's end of a pipe that a child writes to.
private struct OutputPipe {
  private(set) var kept = Data()
  private var readEnd: Int32
  private(set) var writeEnd: Int32

  init() throws(ChildProcess.Failure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotStart(errno: errno) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
  }

  /// Reads what there is, for a bounded time.
  mutating func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<64 where readEnd >= 0 {
      let count = Foundation.read(readEnd, &buffer, buffer.count)
      if count > 0 {
        let room = max(0, ChildProcess.keptBytes - kept.count)
        kept.append(contentsOf: buffer.prefix(min(count, room)))
      } else if count == 0 {
        _ = Foundation.close(readEnd)
        readEnd = -1
      } else if errno != EINTR {
        return
      }
    }
  }

  mutating func closeWriteEnd() {
    if writeEnd >= 0 { _ = Foundation.close(writeEnd) }
    writeEnd = -1
  }

  mutating func close() {
    closeWriteEnd()
    if readEnd >= 0 { _ = Foundation.close(readEnd) }
    readEnd = -1
  }

  /// Waits until one of `pipes` has something to read, or the time is over.
  static func wait(for pipes: [OutputPipe], milliseconds: Int32) {
    // A descriptor of -1 is passed over.
    var events = pipes.map { pollfd(fd: $0.readEnd, events: Int16(POLLIN), revents: 0) }
    poll(&events, nfds_t(events.count), milliseconds)
  }
}
