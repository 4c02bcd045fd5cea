import Foundation
import Testing

@Suite struct DocumentationTests {
  /// Pages whose links lead nowhere, or to two places, fail the first expectation.
  @Test func everyPublicSymbolIsDocumentedAndDoccHasNoWarning() throws {
    try BuiltProducts.withTemporaryFolder { folder in
      let script = BuiltProducts.repository.appendingPathComponent("tools/docs")
      let made = try BuiltProducts.run(
        script, ["--build", BuiltProducts.folder.path, "--out", folder.path])
      #expect(made.status == 0, "\(made.output)")

      let graph = try SymbolGraph(folder: folder.appendingPathComponent("symbols"))
      // An umbrella that lost its modules would pass the rest.
      #expect(graph.symbols.count > 1_000)
      let missing = graph.undocumented.map { "\($0.location?.shown ?? ""): \($0.name)" }.sorted()
      #expect(missing.isEmpty, "no documentation:\n\(missing.joined(separator: "\n"))")
    }
  }
}
