import Foundation
import Testing

@testable import UnrollFileFormats

/// Writing to the disk itself, on every system.
struct PutOnDiskTests {
  /// `fsync` alone does not do it on macOS, so it is called in one place.
  @Test func allFilesGoThroughIt() throws {
    let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sources = try #require(
      FileManager.default.enumerator(
        at: top.appending(path: "Sources"), includingPropertiesForKeys: nil))
    var callers: [String] = []
    for case let file as URL in sources where ["swift", "c", "h"].contains(file.pathExtension) {
      if try String(contentsOf: file, encoding: .utf8).contains(/\bf(data)?sync\(/) {
        callers.append(file.lastPathComponent)
      }
    }
    #expect(callers == ["PutOnDisk.swift"])
  }

  @Test func whatCannotBeSynchronizedIsSaid() {
    let result = putOnDisk(-1)
    let reason = errno
    #expect(result == -1 && reason == EBADF)
  }
}
