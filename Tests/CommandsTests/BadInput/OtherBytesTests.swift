import Testing
import UnrollTestSupport

/// Words of the command line that are not UTF-8.
struct OtherBytesTests {
  /// In Swift such bytes become U+FFFD, so that results would go to a folder of another name.
  @Test func aNameInLatin1IsRefused() throws {
    let folder = try TemporaryFolder()
    let outcome = try BuiltProgram.shell(
      "'\(BuiltProgram.url.path)' train --steps 1 --out \"$(printf 'caf\\351')\"", in: folder.path,
      environment: [:])
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "unroll: argument 'caf\u{FFFD}': must be UTF-8, and has other bytes; rename the file "
        + "that it is of, or type it in a terminal that uses UTF-8\n")
    #expect(try folder.names == [])
  }

  @Test func otherLanguagesArePlainUTF8() throws {
    let folder = try TemporaryFolder()
    let outcome = try BuiltProgram.shell(
      "'\(BuiltProgram.url.path)' tasks 'café 梯度'", in: folder.path, environment: [:])
    #expect(outcome.status == 2 && outcome.errors.contains("unexpected argument 'café 梯度'"))
  }
}
