import Foundation
import Synchronization

/// The group of the child that signals end; 0 for none. The globals are atomic because a signal handler may touch
/// nothing else, and captures nothing.
private let watchedGroup = Atomic<pid_t>(0)
private let interruptions = Atomic<Int>(0)
/// What the signals did before, as the bits of a `sigaction`'s handler.
private let interruptEffect = Atomic<Int>(0)
private let terminateEffect = Atomic<Int>(0)
private let hangUpEffect = Atomic<Int>(0)

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
    var earlier: [(number: Int32, action: sigaction)] = []
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, let bits = action.simpleHandler,
        bits != Int(bitPattern: SIG_IGN)
      else { continue }
      store(bits, as: number)
      signal(number, endChild)
      earlier.append((number, action))
    }
    defer {
      for (number, action) in earlier {
        withUnsafePointer(to: action) { _ = sigaction(number, $0, nil) }
      }
      watchedGroup.store(0, ordering: .releasing)
    }
    return try body()
  }

  private static func store(_ bits: Int, as number: Int32) {
    switch number {
    case SIGINT: interruptEffect.store(bits, ordering: .relaxed)
    case SIGTERM: terminateEffect.store(bits, ordering: .relaxed)
    default: hangUpEffect.store(bits, ordering: .relaxed)
    }
  }
}

/// The signal handler: ends the child, then passes the signal on. Async-signal-safe.
private func endChild(_ number: Int32) {
  let group = watchedGroup.load(ordering: .relaxed)
  if group > 0 { kill(-group, SIGKILL) }
  _ = interruptions.add(1, ordering: .relaxed)
  let effect =
    switch number {
    case SIGINT: interruptEffect.load(ordering: .relaxed)
    case SIGTERM: terminateEffect.load(ordering: .relaxed)
    default: hangUpEffect.load(ordering: .relaxed)
    }
  if effect == Int(bitPattern: SIG_DFL) {
    // It comes through when this handler returns.
    signal(number, SIG_DFL)
    raise(number)
  } else {
    unsafeBitCast(effect, to: (@convention(c) (Int32) -> Void).self)(number)
  }
}

extension Int {
  /// SIG_DFL is no function; it is compared by its bits.
  fileprivate init(bitPattern handler: (@convention(c) (Int32) -> Void)?) {
    self = unsafeBitCast(handler, to: Int.self)
  }
}

extension sigaction {
  /// The handler's bits, 0 for SIG_DFL; nil for one that takes more than the signal's number.
  fileprivate var simpleHandler: Int? {
    guard sa_flags & Int32(SA_SIGINFO) == 0 else { return nil }
    #if canImport(Darwin)
      return Int(bitPattern: __sigaction_u.__sa_handler)
    #else
      return Int(bitPattern: __sigaction_handler.sa_handler)
    #endif
  }
}
