import Foundation
import Synchronization
import UnrollText

/// How many interrupting signals came in. It is global because a signal handler captures nothing,
/// and atomic because that is all a handler may touch.
private let signalCount = Atomic<Int>(0)

/// Ctrl-C, SIGTERM and SIGHUP, the end of the terminal, as a request to save and stop.
///
/// A command that has something to save calls `install()` before it starts and asks `isRequested`
/// between updates. A second signal exits at once with status 130, unless it is SIGHUP: the system and the
/// shell both send one when a terminal is closed. Without `install()` a signal ends the program as the
/// system does by default.
package enum Interrupt {
  /// Starts to catch the signals, but for SIGHUP where it is ignored: under `nohup` a run goes on. Signals that
  /// the process was started with blocked come through in this thread, and in those that it starts.
  package static func install() {
    // Read once here, so that the handler never is the one to initialize the global.
    _ = signalCount.load(ordering: .relaxed)
    setHandler(noteSignal)
    var caught = sigset_t()
    sigemptyset(&caught)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&caught, number) }
    pthread_sigmask(SIG_UNBLOCK, &caught, nil)
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
    if !ignoresHangUp { signal(SIGHUP, handler) }
  }

  private static var ignoresHangUp: Bool {
    var present = sigaction()
    return sigaction(SIGHUP, nil, &present) == 0 && present.handlerBits == handlerBits(SIG_IGN)
  }
}

/// The signal handler: counts, and leaves at the second signal. Async-signal-safe.
private func noteSignal(_ number: Int32) {
  let before = signalCount.add(1, ordering: .relaxed).oldValue
  if before > 0, number != SIGHUP { _exit(ExitStatus.interrupted.rawValue) }
}
