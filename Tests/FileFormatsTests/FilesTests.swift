import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

@Suite struct MappedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func bytesAreTheFiles() throws {
    let file = try MappedFile(path: try folder.file("a", [1, 2, 3]))
    #expect(file.count == 3)
    #expect(file.withUnsafeBytes { Array($0) } == [1, 2, 3])
  }

  @Test func whatCannotBeMapped() throws {
    let empty = try folder.file("empty", [])
    let pipe = folder("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(thrown { try MappedFile(path: folder("no")) } == .missing(path: folder("no")))
    #expect(thrown { try MappedFile(path: empty + "/x") } == .missing(path: empty + "/x"))
    #expect(thrown { try MappedFile(path: "") } == .missing(path: ""))
    #expect(thrown { try MappedFile(path: folder.path) } == .isDirectory(path: folder.path))
    #expect(thrown { try MappedFile(path: empty) } == .empty(path: empty))
    #expect(thrown { try MappedFile(path: pipe) } == .notRegularFile(path: pipe))
    let long = folder(String(repeating: "x", count: 300))
    #expect(thrown { try MappedFile(path: long) } == .notReadable(path: long, errno: ENAMETOOLONG))
  }

  #if os(Linux)
    @Test func droppedPagesAreNoLongerResident() throws {
      let size = 8 << 20
      let path = try folder.file("big", [UInt8](repeating: 7, count: size))
      let file = try MappedFile(path: path)
      // A page is at least 4 KiB, so this touches every one.
      let sum = file.withUnsafeBytes { bytes in
        stride(from: 0, to: size, by: 4096).reduce(0) { $0 + Int(bytes[$1]) }
      }
      #expect(sum == 7 * size / 4096)
      #expect(try residentBytes(ofMapping: path) == size)
      file.dropPages(0..<size)
      #expect(try residentBytes(ofMapping: path) == 0)
      #expect(file.withUnsafeBytes { $0[size - 1] } == 7)
    }
  #endif
}

/// The resident part of a file's mapping, in bytes, by the kernel's own account.
func residentBytes(ofMapping path: String) throws -> Int? {
  let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
  let maps = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
  let lines = maps.split(separator: "\n").drop { !$0.hasSuffix(path) }
  let resident = lines.first { $0.hasPrefix("Rss:") }
  return resident?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
}

@Suite struct AtomicFileTests {
  struct Refusal: Error {}

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writesAndReplacesLeavingNothingElse() throws {
    try AtomicFile.write("first, and longer", to: folder("a.txt"))
    try AtomicFile.write("second", to: folder("a.txt"))
    try AtomicFile.write("", to: folder("empty.txt"))
    #expect(try folder.text("a.txt") == "second")
    #expect(try folder.text("empty.txt") == "")
    #expect(try folder.names == ["a.txt", "empty.txt"])
  }

  @Test func refusedPathsStayAsTheyAre() throws {
    let path = folder("no/a.txt")
    #expect(
      thrown { try AtomicFile.write("x", to: path) } == .cannotWrite(path: path, errno: ENOENT))
    #expect(
      thrown { try AtomicFile.write("x", to: folder.path) } == .isDirectory(path: folder.path))
    #expect(
      thrown { try AtomicFile.write("x", to: "/dev/null") } == .notRegularFile(path: "/dev/null"))
    #expect(try folder.names == [])
  }

  #if os(Linux)
    @Test func aFullDiskIsNamed() throws {
      let file = try OutputFile(path: "/dev/full", flags: 0, reportedPath: "a.txt")
      #expect(
        thrown { try file.write(Data(count: 10)) } == .cannotWrite(path: "a.txt", errno: ENOSPC))
    }
  #endif

  @Test func temporaryFileIsRenamedOrRemoved() throws {
    let size = try AtomicFile.withTemporaryFile(for: folder("a.svg")) { path in
      #expect(path.hasPrefix(folder.path) && path.hasSuffix("a.svg"))
      try Data("svg".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try !folder.names.contains("a.svg"))
      return 3
    }
    #expect(size == 3)
    #expect(throws: Refusal.self) {
      try AtomicFile.withTemporaryFile(for: folder("b.svg")) { path in
        try Data("half".utf8).write(to: URL(fileURLWithPath: path))
        throw Refusal()
      }
    }
    #expect(
      thrown { try AtomicFile.withTemporaryFile(for: folder("c.svg")) { _ in } }
        == .cannotWrite(path: folder("c.svg"), errno: ENOENT))
    #expect(try folder.names == ["a.svg"])
  }
}

@Suite struct OutputFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func createsWithParentsAndAcceptsWhatIsThere() throws {
    try OutputFolder.create(folder("a/b/c"))
    try OutputFolder.create(folder("a/b/c/"))
    #expect(FileKind(atPath: folder("a/b/c")) == .directory)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a/b/c")) == [])
  }

  @Test func whatCannotBeMade() throws {
    let file = try folder.file("file", "x")
    #expect(
      thrown { try OutputFolder.create(file) } == .cannotCreateFolder(path: file, errno: ENOTDIR))
    #expect(
      thrown { try OutputFolder.create(file + "/sub") }
        == .cannotCreateFolder(path: file, errno: ENOTDIR))
    #expect(thrown { try OutputFolder.create("") } == .cannotCreateFolder(path: "", errno: ENOENT))
  }

  #if os(Linux)
    @Test func aFolderThatTakesNoFilesIsRefused() {
      // Nobody, not even root, can create a file there.
      guard
        case .cannotWrite(path: "/proc/self", _)? = thrown({
          try OutputFolder.create("/proc/self")
        })
      else {
        Issue.record("expected cannotWrite")
        return
      }
    }
  #endif

  @Test func takenNamesAreNumbered() throws {
    let base = folder("runs/train-adding")
    #expect(OutputFolder.unused(base: base) == base)
    #expect(try OutputFolder.createUnused(base: base) == base)
    #expect(try OutputFolder.createUnused(base: base) == base + "-2")
    _ = try folder.file("runs/train-adding-3", "a file is in the way as well")
    #expect(OutputFolder.unused(base: base) == base + "-4")
    #expect(try OutputFolder.createUnused(base: base) == base + "-4")
  }

  /// A file has its name once it is whole, so that nothing is left of one that is not finished; whoever is
  /// second takes the next name.
  @Test func unusedFilesAreOnesOwn() throws {
    var names: [String] = []
    let last = try OutputFolder.withUnused(file: folder("a.b.npz")) { (path) throws(FileError) in
      #expect(path.hasSuffix(".npz") && (try? folder.names) == [])
      let first = try OutputFolder.withUnused(file: folder("a.b.npz")) {
        (path) throws(FileError) in try AtomicFile.write("1", to: path)
      }
      names.append(first)
      try AtomicFile.write("2", to: path)
    }
    #expect(last == folder("a.b-2.npz") && names == [folder("a.b.npz")])
    #expect(try folder.text("a.b.npz") == "1" && folder.text("a.b-2.npz") == "2")
    let error = thrown {
      try OutputFolder.withUnused(file: folder("a.b.npz")) { (path) throws(FileError) in
        throw .cannotWrite(path: path, errno: ENOSPC)
      }
    }
    #expect(error == .cannotWrite(path: folder("a.b-3.npz"), errno: ENOSPC))
    #expect(try folder.names == ["a.b-2.npz", "a.b.npz"])
    let missing = folder("none/a.npz")
    #expect(
      thrown { try OutputFolder.withUnused(file: missing) { _ in } }
        == .cannotWrite(path: missing, errno: ENOENT))
  }

  /// Empty, of one part, and of several with a rest.
  @Test(arguments: [0, 1, 1 << 20, 2 << 20 + 7]) func copiesAreWhole(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
    let source = try folder.file("source", bytes)
    for _ in 1...2 {
      try AtomicFile.copy(source, to: folder("copy"))
      #expect(try Array(Data(contentsOf: URL(filePath: folder("copy")))) == bytes)
    }
    #expect(try folder.names == ["copy", "source"])
    #expect(
      thrown { try AtomicFile.copy(folder("none"), to: folder("copy")) }
        == .missing(path: folder("none")))
    #expect(try Data(contentsOf: URL(filePath: folder("copy"))).count == count)
  }
}

@Suite struct FolderLockTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func whoHasAFolderIsSeen() throws {
    let folder = try TemporaryFolder()
    #expect(!FolderLock.isHeld(folder.path) && !FolderLock.isHeld(folder("no")))
    do {
      let lock = try FolderLock(folder.path)
      #expect(FolderLock.isHeld(folder.path))
      withExtendedLifetime(lock) {}
    }
    #expect(!FolderLock.isHeld(folder.path))
    // Looking leaves it free.
    _ = try FolderLock(folder.path)
  }

  @Test func oneHoldsAFolderAtATime() throws {
    do {
      let lock = try FolderLock(folder.path)
      #expect(thrown { try FolderLock(folder.path) } == .inUse(path: folder.path))
      withExtendedLifetime(lock) {}
    }
    _ = try FolderLock(folder.path)
    #expect(
      thrown { try FolderLock(folder("no")) } == .notReadable(path: folder("no"), errno: ENOENT))
    // Nothing is left in it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
