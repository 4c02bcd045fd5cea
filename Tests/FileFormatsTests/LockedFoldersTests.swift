import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// A folder that is moved away while a process has locked it.
struct LockedFoldersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  @Test func aMovedFolderIsWrittenToNoMore() throws {
    try OutputFolder.create(path("run"))
    let lock = try FolderLock(path("run"))
    try AtomicFile.write("ours", to: path("run/a.txt"))
    #expect(rename(path("run"), path("moved")) == 0)
    #expect(thrown { try AtomicFile.write("ours", to: path("run/b.txt")) } != nil)
    // Another run begins at the same path.
    try OutputFolder.create(path("run"))
    let problem = thrown { try AtomicFile.write("ours", to: path("run/a.txt")) }
    #expect(problem == .moved(path: path("run")))
    #expect(problem?.description.contains("was moved, removed or replaced") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("run")) == [])
    // A file whose name begins as the folder's is not in it.
    try AtomicFile.write("other", to: path("runs.txt"))
    withExtendedLifetime(lock) {}
  }

  @Test func anUnlockedFolderMayBeMoved() throws {
    try OutputFolder.create(path("run"))
    do {
      let lock = try FolderLock(path("run"))
      withExtendedLifetime(lock) {}
    }
    #expect(rename(path("run"), path("moved")) == 0)
    try OutputFolder.create(path("run"))
    try AtomicFile.write("new", to: path("run/a.txt"))
  }

  /// However the path is written.
  @Test func aSlashAtTheEndDoesNotMatter() throws {
    try OutputFolder.create(path("run"))
    let lock = try FolderLock(path("run/"))
    #expect(rename(path("run"), path("moved")) == 0)
    try OutputFolder.create(path("run"))
    #expect(thrown { try AtomicFile.write("ours", to: path("run//a.txt")) } != nil)
    withExtendedLifetime(lock) {}
  }
}
