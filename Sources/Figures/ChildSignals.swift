import Foundation
import Synchronization
import UnrollText

/// The group of the child that signals end; 0 for none. The globals are atomic because a signal handler may touch
/// nothing else, and captures nothing.
private let watchedGroup = Atomic<pid_t>(0)
private let interruptions = Atomic<Int>(0)
/// The program's own handler, as its bits: it has one for all signals.
private let programsHandler = Atomic<Int>(0)

/// What Ctrl-C, SIGTERM and SIGHUP do while a child runs. A child is in a group of its own, so Ctrl-C in a terminal
/// does not reach it: a gnuplot that hangs would outlive the program.
enum ChildSignals {
  /// Whether signals end the child. The program asks for it; a library leaves signals alone.
  static let areWatched = Atomic(false)

  /// Whether a signal has ended a child.
  static var haveInterrupted: Bool { interruptions.load(ordering: .relaxed) > 0 }

  /// Calls `body`. A signal during it ends the group of `child` first, and then does what it did before. Of
  /// several children at once the first is watched.
  static func watching<Value, Failure>(
    _ child: pid_t, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard areWatched.load(ordering: .relaxed),
      watchedGroup.compareExchange(expected: 0, desired: child, ordering: .acquiringAndReleasing)
        .exchanged
    else { return try body() }
    let earlier = [SIGINT, SIGTERM, SIGHUP].map { ($0, watch($0)) }
    defer {
      for case (let number, var action?) in earlier { sigaction(number, &action, nil) }
      watchedGroup.store(0, ordering: .releasing)
    }
    return try body()
  }

  /// Puts a handler of ours in front of the signal's effect, which is returned; nil where it has none or one that
  /// we cannot pass it on to.
  private static func watch(_ number: Int32) -> sigaction? {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0, action.sa_flags & Int32(SA_SIGINFO) == 0,
      action.handlerBits != handlerBits(SIG_IGN)
    else { return nil }
    if action.handlerBits == handlerBits(SIG_DFL) {
      signal(number, endChildAndProcess)
    } else {
      programsHandler.store(action.handlerBits, ordering: .relaxed)
      signal(number, endChildAndPassOn)
    }
    return action
  }
}

/// Signal handlers, async-signal-safe: they end the child, then do what the signal did before.
private func endChildAndProcess(_ number: Int32) {
  endChild()
  signal(number, SIG_DFL)
  // It comes through when this handler returns.
  raise(number)
}

private func endChildAndPassOn(_ number: Int32) {
  endChild()
  unsafeBitCast(programsHandler.load(ordering: .relaxed), to: SignalHandler.self)(number)
}

private func endChild() {
  let group = watchedGroup.load(ordering: .relaxed)
  if group > 0 { kill(-group, SIGKILL) }
  interruptions.add(1, ordering: .relaxed)
}
