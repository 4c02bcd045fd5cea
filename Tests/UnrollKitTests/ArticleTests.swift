import Foundation
import Testing

/// The articles show programs of `Snippets`, and what they print.
@Suite struct ArticleTests {
  @Test(arguments: try ArticleTests.texts(in: "Snippets", of: "swift"))
  func anArticleShowsTheProgramAndItsOutput(_ program: (name: String, text: String)) throws {
    let block = "```swift\n\(program.text)```\n\nIt prints:\n\n```\n"
    let shown = try Self.texts(in: "Sources/UnrollKit/UnrollKit.docc", of: "md")
      .compactMap { $0.text.split(separator: block, maxSplits: 1).dropFirst().first }
    try #require(shown.count == 1, "\(shown.count) articles show \(program.name)")
    let output = try #require(shown[0].split(separator: "```", maxSplits: 1).first)

    let run = try BuiltProducts.run(BuiltProducts.folder.appending(path: program.name))
    #expect(run.status == 0, "\(run.output)")
    #expect(blanked(run.output) == blanked(String(output)))
  }

  /// The names and the texts of a folder's files with the extension `type`.
  private static func texts(
    in folder: String, of type: String
  ) throws -> [(name: String, text: String)] {
    try FileManager.default.contentsOfDirectory(
      at: BuiltProducts.repository.appending(path: folder), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == type }.map {
      ($0.deletingPathExtension().lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
    }
  }

  /// `output` without its digits, the last of which depend on the kernels in use, and without blank
  /// lines at its end.
  private func blanked(_ output: String) -> String {
    output.replacing(/[0-9][0-9.,]*/, with: "#").trimmingCharacters(in: .newlines)
  }
}
