import Foundation
import Synchronization

/// Keeps the process alive where a mapped file is cut short: its pages that are gone become zeros, which
/// the reader finds out about by ``MappedFile/requireWhole()``. Without it the system ends the process with
/// SIGBUS.
enum CutFileGuard {
  /// A mapping that is watched: addresses, and whether a page of it was gone. Free where `end` is 0.
  fileprivate struct Slot {
    var start: UInt = 0
    var end: UInt = 0
    var isCut = false
  }

  /// More files than a process has open. Further ones are not watched.
  fileprivate static let room = 1 << 12

  private static let isTaken = Mutex([Bool](repeating: false, count: room))

  /// Watches a mapping.
  ///
  /// - Returns: its slot; nil where there is none left.
  static func watch(_ start: UnsafeMutableRawPointer, count: Int) -> Int? {
    _ = isInstalled
    let slot = isTaken.withLock { isTaken -> Int? in
      guard let slot = isTaken.firstIndex(of: false) else { return nil }
      isTaken[slot] = true
      return slot
    }
    guard let slot else { return nil }
    let address = UInt(bitPattern: start)
    slots[slot] = Slot(start: address, end: address + UInt(count), isCut: false)
    return slot
  }

  static func isCut(_ slot: Int) -> Bool { slots[slot].isCut }

  static func release(_ slot: Int) {
    slots[slot] = Slot()
    isTaken.withLock { $0[slot] = false }
  }

  /// Installs the handler, once.
  private static let isInstalled: Bool = {
    // Read once here, so that the handler never is the one to initialize a global.
    _ = (slots, pageMask, earlierAction)
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_sigaction = replacePages
    #else
      action.__sigaction_handler.sa_sigaction = replacePages
    #endif
    action.sa_flags = Int32(SA_SIGINFO) | Int32(bitPattern: UInt32(SA_RESTART))
    sigemptyset(&action.sa_mask)
    return sigaction(SIGBUS, &action, earlierAction) == 0
  }()
}

// What the signal handler uses: plain memory, never moved.
private nonisolated(unsafe) let slots: UnsafeMutablePointer<CutFileGuard.Slot> = {
  let slots = UnsafeMutablePointer<CutFileGuard.Slot>.allocate(capacity: CutFileGuard.room)
  slots.initialize(repeating: CutFileGuard.Slot(), count: CutFileGuard.room)
  return slots
}()
private let pageMask = ~(UInt(getpagesize()) - 1)
private nonisolated(unsafe) let earlierAction: UnsafeMutablePointer<sigaction> = {
  let action = UnsafeMutablePointer<sigaction>.allocate(capacity: 1)
  action.initialize(to: sigaction())
  return action
}()

/// The signal handler: puts zeros from the page that is gone to the end of its mapping. Async-signal-safe.
private func replacePages(
  _ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>?,
  _ context: UnsafeMutableRawPointer?
) {
  guard let information else { return }
  #if canImport(Darwin)
    let address = UInt(bitPattern: information.pointee.si_addr)
  #else
    let address = UInt(bitPattern: information.pointee._sifields._sigfault.si_addr)
  #endif
  for index in 0..<CutFileGuard.room
  where slots[index].start <= address && address < slots[index].end {
    let page = address & pageMask
    let zeros = mmap(
      UnsafeMutableRawPointer(bitPattern: page), Int(slots[index].end - page), PROT_READ,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
    guard zeros != MAP_FAILED else { break }
    slots[index].isCut = true
    return
  }
  // Not ours: as it would have been.
  _ = sigaction(SIGBUS, earlierAction, nil)
}
