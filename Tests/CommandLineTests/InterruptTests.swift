import Foundation
import Testing

@testable import UnrollCommandLine

/// Each case in a process of its own, because signals belong to the whole process.
struct InterruptTests {
  @Test func aSignalIsARequest() async {
    await #expect(processExitsWith: .success) {
      Interrupt.install()
      precondition(!Interrupt.isRequested)
      raise(SIGINT)
      precondition(Interrupt.isRequested)
    }
    await #expect(processExitsWith: .success) {
      Interrupt.install()
      raise(SIGTERM)
      precondition(Interrupt.isRequested)
      Interrupt.uninstall()
      precondition(!Interrupt.isRequested)
    }
  }

  /// A parent may have blocked them, and its children begin with its mask.
  @Test func aBlockedSignalIsARequestToo() async {
    await #expect(processExitsWith: .success) {
      var all = sigset_t()
      sigfillset(&all)
      pthread_sigmask(SIG_BLOCK, &all, nil)
      raise(SIGTERM)
      Interrupt.install()
      precondition(Interrupt.isRequested)
    }
  }

  /// A terminal that is closed sends it, and then the shell does.
  @Test func hangingUpIsARequestHoweverOften() async {
    await #expect(processExitsWith: .success) {
      signal(SIGHUP, SIG_DFL)
      Interrupt.install()
      raise(SIGHUP)
      raise(SIGHUP)
      precondition(Interrupt.isRequested)
    }
    await #expect(processExitsWith: .exitCode(130)) {
      signal(SIGHUP, SIG_DFL)
      Interrupt.install()
      raise(SIGHUP)
      raise(SIGINT)
    }
  }

  /// As under `nohup`.
  @Test func hangingUpStaysIgnored() async {
    await #expect(processExitsWith: .success) {
      signal(SIGHUP, SIG_IGN)
      Interrupt.install()
      raise(SIGHUP)
      precondition(!Interrupt.isRequested)
      Interrupt.uninstall()
      raise(SIGHUP)
    }
  }

  @Test func aSecondSignalEndsTheProgram() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.install()
      raise(SIGINT)
      raise(SIGINT)
    }
  }

  @Test func afterUninstallASignalKills() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Interrupt.install()
      Interrupt.uninstall()
      raise(SIGINT)
    }
  }
}
