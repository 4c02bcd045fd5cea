import Foundation

/// The public symbols of a module as the compiler lists them for docc.
struct SymbolGraph: Decodable {
  let symbols: [Symbol]
  let relationships: [Relationship]

  struct Symbol: Decodable {
    let identifier: Identifier
    let pathComponents: [String]
    let docComment: DocComment?
    let location: Location?

    var name: String { pathComponents.joined(separator: ".") }
  }

  struct Identifier: Decodable {
    let precise: String
  }

  struct DocComment: Decodable {}

  /// Where a symbol is declared; what the compiler writes itself has none.
  struct Location: Decodable {
    let uri: String
    let position: Position

    struct Position: Decodable {
      let line: Int
    }

    var shown: String {
      let path = uri.components(separatedBy: "/Sources/").last ?? uri
      return "Sources/\(path):\(position.line + 1)"
    }
  }

  struct Relationship: Decodable {
    let source: String
    /// The requirement of a protocol that `source` implements.
    let sourceOrigin: Origin?

    struct Origin: Decodable {}
  }

  /// The symbols in `folder`, whose files are those of one module and its extensions of others.
  init(folder: URL) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let graphs = try files.filter { $0.lastPathComponent.hasSuffix(".symbols.json") }
      .map { try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: $0)) }
    symbols = graphs.flatMap(\.symbols)
    relationships = graphs.flatMap(\.relationships)
  }

  /// The symbols that somebody wrote and nobody documented. A symbol that implements a requirement
  /// of a protocol is documented there.
  var undocumented: [Symbol] {
    let implementations = Set(relationships.filter { $0.sourceOrigin != nil }.map(\.source))
    return symbols.filter {
      $0.location != nil && $0.docComment == nil
        && !implementations.contains($0.identifier.precise)
    }
  }
}
