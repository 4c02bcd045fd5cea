import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Files whose content is changed in place while they are mapped.
struct ChangedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func watched(_ text: String) throws -> MappedFile {
    let file = try MappedFile(path: folder.file("a.txt", text))
    file.watchContent()
    return file
  }

  /// Writes `text` over the file's bytes, from `offset` on.
  private func overwrite(_ file: MappedFile, _ text: String, at offset: UInt64 = 0) throws {
    let handle = try FileHandle(forUpdating: URL(filePath: file.path))
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  @Test func otherBytesAreNoticed() throws {
    let file = try watched("the cat sat")
    try file.requireUnchanged()
    try overwrite(file, "bat", at: 4)
    #expect(thrown { try file.requireUnchanged() } == .changed(path: file.path))
    // For each batch only cuts are asked for.
    try file.requireWhole()
    let line = try #require(thrown { try file.requireUnchanged() }).description
    #expect(line.contains("was changed while it was read; restore it"))
    try overwrite(file, "cat", at: 4)
    try file.requireUnchanged()
  }

  @Test func theSameBytesAndMoreBehindThemAreTheSame() throws {
    let file = try watched("the cat sat")
    try overwrite(file, "the cat")
    try file.requireUnchanged()
    try overwrite(file, " down", at: 11)
    try file.requireUnchanged()
    #expect(utimes(file.path, nil) == 0)
    try file.requireUnchanged()
  }

  @Test func anotherFileAtThePathDoesNotMatter() throws {
    let file = try watched("the cat sat")
    try AtomicFile.write("the dog ran", to: file.path)
    try file.requireUnchanged()
    #expect(thrown { try file.requireInPlace() } == .replaced(path: file.path))
  }

  /// Without being asked to, nothing is read again.
  @Test func unwatchedFilesMayChange() throws {
    let file = try MappedFile(path: folder.file("b.txt", "the cat sat"))
    try overwrite(file, "bat", at: 4)
    try file.requireUnchanged()
    try file.requireInPlace()
  }
}
