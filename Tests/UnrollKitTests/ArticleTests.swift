import Foundation
import Testing

/// The articles show programs of `Snippets`, and what they print.
@Suite struct ArticleTests {
  @Test(arguments: ["TrainOnYourOwnArrays", "WriteYourOwnCell", "MeasureADecayCurve"])
  func articleShowsAProgramThatRuns(_ name: String) throws {
    let repository = BuiltProducts.repository
    let article = try String(
      contentsOf: repository.appending(path: "Sources/UnrollKit/UnrollKit.docc/\(name).md"),
      encoding: .utf8)
    let program = try String(
      contentsOf: repository.appending(path: "Snippets/\(name).swift"), encoding: .utf8)
    #expect(article.contains("```swift\n\(program)```\n"), "\(name).md shows another program")

    let run = try BuiltProducts.run(BuiltProducts.folder.appending(path: name))
    #expect(run.status == 0, "\(run.output)")
    let shown = try #require(article.firstMatch(of: /It prints:\n\n```\n((?s:.*?))```/)).1
    #expect(blanked(run.output) == blanked(String(shown)))
  }

  /// `output` without its digits, the last of which depend on the kernels in use, and without blank
  /// lines at its end.
  private func blanked(_ output: String) -> String {
    output.replacing(/[0-9][0-9.,]*/, with: "#").trimmingCharacters(in: .newlines)
  }
}
