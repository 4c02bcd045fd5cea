import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct FileGrowthTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func growth(from old: String, to new: String) throws -> FileFingerprint.Growth? {
    let recorded = try FileFingerprint(path: folder.file("old", old))
    return try recorded.growth(ofFileAt: folder.file("new", new))
  }

  @Test func whatGoesOnIsKnownByItsBeginning() throws {
    #expect(try growth(from: "t,v\n1,2\n", to: "t,v\n1,2\n2,3\n") == .atEnd)
    #expect(try growth(from: "a", to: "ab") == .atEnd)
    #expect(try growth(from: "t,v\n1,2\n", to: "t,v\n2,3\n1,2\n") == .behindFirstLine)
  }

  @Test(arguments: ["t,v\n1,2\n", "t,v\n1,3\n2,3\n", "t,w\n2,3\n1,2\n", "t,v\n", "x\nt,v\n1,2\n"])
  func whatIsTheSameOrAnotherHasNotGrown(new: String) throws {
    #expect(try growth(from: "t,v\n1,2\n", to: new) == nil)
  }

  /// A record of nothing would fit every file.
  @Test func nothingIsNoBeginning() throws {
    let empty = FileFingerprint(
      bytes: 0, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(try empty.growth(ofFileAt: folder.file("new", "a")) == nil)
  }
}
