import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// `tools/install` with the program that was built beside the tests. `tools/test --shells` installs one
/// that is built as `tools/install` builds it.
@Suite(.enabled(if: !isSanitized)) struct InstallTests {
  private let folder: TemporaryFolder
  private var prefix: String { folder("a prefix") }

  init() throws { folder = try TemporaryFolder() }

  private static let installed = [
    "bin/unroll", "share/bash-completion/completions/unroll", "share/doc/unroll/LICENSE",
    "share/fish/vendor_completions.d/unroll.fish", "share/man/man1/unroll.1",
    "share/unroll/installed-files", "share/zsh/site-functions/_unroll",
  ]

  private func install(_ words: String...) throws -> BuiltProgram.Outcome {
    let script = Document.top.appending(path: "tools/install").path
    return try InstalledProgram.run(
      [script] + words, in: folder.path, environment: ["HOME": folder("home")])
  }

  private func installBuiltProgram() throws -> BuiltProgram.Outcome {
    try install("--prefix", "a prefix", "--program", BuiltProgram.url.path)
  }

  /// The files below the prefix; nil where it is gone.
  private var files: [String]? {
    try? FileManager.default.subpathsOfDirectory(atPath: prefix).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(prefix)/\($0)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  @Test func everythingIsPutInPlaceAndTakenAway() throws {
    let outcome = try installBuiltProgram()
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(files == Self.installed)
    #expect(outcome.output.contains("export PATH=\"\(prefix)/bin:$PATH\"\n"))
    for shell in Shell.allCases {
      let file = try #require(Self.installed.first { $0.contains("\(shell)") })
      #expect(try folder.text("a prefix/" + file) == shell.script + "\n")
    }
    let version = try InstalledProgram.run([prefix + "/bin/unroll", "--version"], in: folder.path)
    #expect(version.output == "unroll \(Program.unroll.version)\n")

    // Again, over what is there.
    #expect(try installBuiltProgram().status == 0)
    #expect(files == Self.installed)

    let removed = try install("--uninstall", "--prefix=\(prefix)")
    #expect(removed.status == 0 && files == nil)
    let again = try install("--uninstall", "--prefix=\(prefix)")
    #expect(again.status == 1)
    #expect(again.errors == "Nothing was installed below \(prefix) by tools/install\n")
  }

  @Test func whatWasThereStays() throws {
    try FileManager.default.createDirectory(
      atPath: prefix + "/share/man/man1", withIntermediateDirectories: true)
    _ = try folder.file("a prefix/share/man/man1/other.1", "other")
    #expect(try installBuiltProgram().status == 0)
    _ = try folder.file("a prefix/bin/other", "other")
    #expect(try install("--uninstall", "--prefix", prefix).status == 0)
    #expect(files == ["bin/other", "share/man/man1/other.1"])
    #expect(!FileManager.default.fileExists(atPath: prefix + "/share/fish"))

    // An empty folder that was there before.
    let empty = folder("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    #expect(try install("--prefix", empty, "--program", BuiltProgram.url.path).status == 0)
    #expect(try install("--uninstall", "--prefix", empty).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: empty) == [])
  }

  @Test func filesOfOthersAreNotReplaced() throws {
    try FileManager.default.createDirectory(
      atPath: prefix + "/bin", withIntermediateDirectories: true)
    _ = try folder.file("a prefix/bin/unroll", "mine")
    let outcome = try installBuiltProgram()
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "\(prefix)/bin/unroll is not from tools/install: move it away first, or choose "
        + "another --prefix\n")
    #expect(files == ["bin/unroll"])
    #expect(try folder.text("a prefix/bin/unroll") == "mine")
  }

  @Test func wrongUsageIsTold() throws {
    for words in [
      ["--prefex", "x"], ["--prefix"], ["--prefix="], ["--uninstall", "--program", "x"],
    ] {
      let outcome = try InstalledProgram.run(
        [Document.top.appending(path: "tools/install").path] + words, in: folder.path,
        environment: ["HOME": folder.path])
      #expect(outcome.status == 2 && outcome.errors.hasPrefix("tools/install takes "))
    }
  }
}
