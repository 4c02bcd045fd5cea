import Foundation
import Synchronization

/// How many interrupting signals came in. It is global because a signal handler captures nothing,
/// and atomic because that is all a handler may touch.
private let signalCount = Atomic<Int>(0)

/// Ctrl-C and SIGTERM as a request to save and stop.
///
/// A command that has something to save calls `install()` before it starts and asks `isRequested`
/// between updates. A second signal exits at once with status 130. Without `install()` a signal
/// ends the program as the system does by default.
package enum Interrupt {
  /// Starts to catch SIGINT and SIGTERM.
  package static func install() {
    // Read once here, so that the handler never is the one to initialize the global.
    _ = signalCount.load(ordering: .relaxed)
    setHandler(noteSignal)
  }

  /// Whether a signal came in since `install()`.
  package static var isRequested: Bool { signalCount.load(ordering: .relaxed) > 0 }

  /// Forgets what came in and gives the signals back their default effect.
  package static func uninstall() {
    setHandler(SIG_DFL)
    signalCount.store(0, ordering: .relaxed)
  }

  private static func setHandler(_ handler: (@convention(c) (Int32) -> Void)?) {
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
  }
}

/// The signal handler: counts, and leaves at the second signal. Async-signal-safe.
private func noteSignal(_: Int32) {
  let before = signalCount.add(1, ordering: .relaxed).oldValue
  if before > 0 { _exit(ExitStatus.interrupted.rawValue) }
}
