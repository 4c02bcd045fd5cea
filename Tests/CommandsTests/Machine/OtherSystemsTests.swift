import Foundation
import Testing

/// What would not work on macOS, where these tests were never run: found in the sources instead.
struct OtherSystemsTests {
  private struct Line {
    let file: String
    let text: Substring
    /// The conditions that it stands under.
    let conditions: [Substring]
  }

  /// The lines of all sources but comments.
  private static let lines: [Line] = {
    let folder = Document.top.appending(path: "Sources")
    guard let files = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    var lines: [Line] = []
    for case let file as String in files
    where [".swift", ".c", ".h", ".inc"].contains(where: file.hasSuffix) {
      let text = (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
      var conditions: [Substring] = []
      for line in text.split(separator: "\n") {
        let words = line.drop { $0 == " " }
        if words.hasPrefix("#if") { conditions.append(words) }
        if words.hasPrefix("#el"), !conditions.isEmpty {
          conditions[conditions.count - 1] = words.hasPrefix("#else") ? "#else" : words
        }
        if words.hasPrefix("#endif") { conditions = conditions.dropLast() }
        if words.hasPrefix("//") || words.hasPrefix("*") { continue }
        lines.append(Line(file: file, text: words, conditions: conditions))
      }
    }
    return lines
  }()

  @Test func theFilesOfLinuxAreReadOnLinuxAlone() {
    let readers = Self.lines.filter { $0.text.contains(/"\/(?:proc|sys)\//) }
    #expect(!readers.isEmpty)
    for line in readers {
      #expect(
        line.conditions.contains { $0.contains("os(Linux)") || $0.contains("__linux__") },
        "\(line.file): \(line.text)")
    }
  }

  @Test func everyHintToInstallHasOneForHomebrew() {
    for line in Self.lines where line.text.contains("\"apt-get install") {
      let hasOther = Self.lines.contains {
        $0.file == line.file && $0.text.contains("\"brew install")
          && $0.conditions.contains { $0.contains("os(macOS)") }
      }
      #expect(hasOther, "\(line.file): \(line.text)")
    }
  }

  @Test func noModuleOfOneSystemIsImported() {
    for line in Self.lines where line.text.contains(/^import (?:Glibc|Musl|Darwin)/) {
      #expect(line.conditions.contains { $0.contains("canImport") }, "\(line.file): \(line.text)")
    }
  }

  /// macOS has bash 3.2.
  @Test func scriptsForUsersNeedNoNewerBash() throws {
    for script in ["common.sh", "install", "quickstart", "test", "check-kernels"] {
      let text = try Document("tools/\(script)").text
      #expect(
        !text.contains(/\$\{[a-z_]+(?:\^|,)|declare -A|mapfile|readarray|\[-1\]\}|\|&/),
        "tools/\(script)")
    }
  }
}
