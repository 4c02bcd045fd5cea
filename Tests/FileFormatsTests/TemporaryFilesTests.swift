import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// What killed processes leave is removed; what is in use, or is somebody's own, is not.
@Suite struct TemporaryFilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A temporary name as `process` makes it, on this machine or another one.
  ///
  /// - Parameter start: none is this process's.
  private func name(
    of process: pid_t, start: UInt64? = nil, onAnotherMachine: Bool = false
  ) -> String {
    let own = TemporaryFiles.path(for: "model.safetensors")
    let parts = own.split(separator: "-", maxSplits: 2)
    let owner = parts[1].split(separator: ".")
    #expect(owner.count == 3 && owner[1] == "\(getpid())")
    let place = onAnotherMachine ? "00000000" : owner[0]
    return
      "\(parts[0])-\(place).\(process).\(start.map(String.init) ?? String(owner[2]))-\(parts[2])"
  }

  /// The number of a process that has ended.
  private func deadProcess() throws -> pid_t {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  private func makeOld(_ path: String) {
    let past = timeval(tv_sec: Int(Date.now.timeIntervalSince1970) - 120, tv_usec: 0)
    #expect(utimes(path, [past, past]) == 0)
  }

  @Test func namesKeepTheExtensionAndAreShort() {
    let path = TemporaryFiles.path(for: "runs/a/" + String(repeating: "x", count: 240) + ".npz")
    #expect(path.hasPrefix("runs/a/.unroll-") && path.hasSuffix(".npz"))
    #expect(path.utf8.count < 150)
  }

  @Test func thoseOfADeadProcessAreRemoved() throws {
    let dead = try deadProcess()
    _ = try folder.file(name(of: dead), "half")
    let scratch = folder(name(of: dead))
    try FileManager.default.createDirectory(
      atPath: scratch, withIntermediateDirectories: false)
    try AtomicFile.write("x", to: scratch + "/loss.svg")
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == [])
  }

  @Test func thoseOfALivingProcessStay() throws {
    let own = name(of: getpid())
    _ = try folder.file(own, "half")
    makeOld(folder(own))
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == [own])
  }

  #if os(Linux)
    /// Numbers of processes are given anew, also to threads.
    @Test func thoseOfAnEarlierProcessOfALivingOnesNumberAreRemoved() throws {
      for process in [getpid(), getppid(), 1] {
        _ = try folder.file(name(of: process, start: 1), "half")
      }
      TemporaryFiles.removeLeftovers(in: folder.path)
      #expect(try folder.names == [])
    }
  #endif

  /// Where the system does not say when a process started.
  @Test func thoseOfALivingProcessOfUnknownStartStay() throws {
    let unknown = name(of: getpid(), start: 0)
    _ = try folder.file(unknown, "half")
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == [unknown])
  }

  /// Its processes cannot be asked for: a lock, and for a minute the time, say that somebody is at work.
  @Test func thoseOfAnotherMachineStayWhileTheyAreInUse() throws {
    let fresh = name(of: try deadProcess(), onAnotherMachine: true)
    _ = try folder.file(fresh, "half")
    let locked = name(of: getpid(), onAnotherMachine: true)
    let file = try OutputFile(temporaryPath: folder(locked), reportedPath: "model")
    makeOld(folder(locked))
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == [fresh, locked].sorted())
    // The lock outlives the file's end, up to where it has its name.
    try file.close()
    makeOld(folder(locked))
    makeOld(folder(fresh))
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == [locked])
    withExtendedLifetime(file) {}
  }

  @Test func peoplesOwnFilesStay() throws {
    let names = [".a-b.txt", ".unroll", ".unrollrc", "unroll-x", "model.safetensors"]
    for name in names { _ = try folder.file(name, "mine") }
    let link = name(of: try deadProcess())
    #expect(symlink(folder("model.safetensors"), folder(link)) == 0)
    TemporaryFiles.removeLeftovers(in: folder.path)
    #expect(try folder.names == (names + [link]).sorted())
  }

  @Test func writingToAFolderRemovesThem() throws {
    _ = try folder.file(name(of: try deadProcess()), "half")
    try AtomicFile.write("x", to: folder("a.json"))
    #expect(try folder.names == ["a.json"])
  }

  @Test func aSecondNameIsOfTheSameFile() throws {
    try AtomicFile.write("first", to: folder("a"))
    for _ in 0..<2 { try AtomicFile.link(folder("a"), to: folder("b")) }
    #expect(try folder.names == ["a", "b"])
    try AtomicFile.write("second", to: folder("a"))
    #expect(try folder.text("b") == "first")
    try AtomicFile.link(folder("a"), to: folder("b"))
    #expect(try folder.text("b") == "second")
    #expect(try folder.names == ["a", "b"])
  }
}
