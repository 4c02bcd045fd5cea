import Foundation
import Testing

@testable import UnrollCommandLine

/// Each case in a process of its own, because signals belong to the whole process.
struct InterruptTests {
  /// A test's thread may have signals blocked, which the program's main thread has not.
  private static func unblockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
  }

  @Test func aSignalIsARequest() async {
    await #expect(processExitsWith: .success) {
      InterruptTests.unblockSignals()
      Interrupt.install()
      precondition(!Interrupt.isRequested)
      raise(SIGINT)
      precondition(Interrupt.isRequested)
    }
    await #expect(processExitsWith: .success) {
      InterruptTests.unblockSignals()
      Interrupt.install()
      raise(SIGTERM)
      precondition(Interrupt.isRequested)
      Interrupt.uninstall()
      precondition(!Interrupt.isRequested)
    }
  }

  /// A terminal that is closed sends it, and then the shell does.
  @Test func hangingUpIsARequestHoweverOften() async {
    await #expect(processExitsWith: .success) {
      InterruptTests.unblockSignals()
      signal(SIGHUP, SIG_DFL)
      Interrupt.install()
      raise(SIGHUP)
      raise(SIGHUP)
      precondition(Interrupt.isRequested)
    }
    await #expect(processExitsWith: .exitCode(130)) {
      InterruptTests.unblockSignals()
      signal(SIGHUP, SIG_DFL)
      Interrupt.install()
      raise(SIGHUP)
      raise(SIGINT)
    }
  }

  /// As under `nohup`.
  @Test func hangingUpStaysIgnored() async {
    await #expect(processExitsWith: .success) {
      InterruptTests.unblockSignals()
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
      InterruptTests.unblockSignals()
      Interrupt.install()
      raise(SIGINT)
      raise(SIGINT)
    }
  }

  @Test func afterUninstallASignalKills() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      InterruptTests.unblockSignals()
      Interrupt.install()
      Interrupt.uninstall()
      raise(SIGINT)
    }
  }
}
