import Foundation
import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands

/// README and the articles name only what there is, and README stays short.
struct DocumentsTests {
  @Test func readmeIsShort() throws {
    #expect(try Document("README.md").text.count { $0.isNewline } <= 250)
  }

  @Test(arguments: try Document.all())
  func linksLeadSomewhere(document: Document) throws {
    for link in document.links {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file = document.file(of: parts[0])
      #expect(FileManager.default.fileExists(atPath: file.path), "\(document): \(link)")
      guard parts.count == 2, file.pathExtension == "md" else { continue }
      let target = try Document(String(file.path.dropFirst(Document.top.path.count + 1)))
      #expect(target.anchors.contains(String(parts[1])), "\(document): \(link)")
    }
  }

  @Test(arguments: try Document.all())
  func scriptsAndFilesNamedExist(document: Document) {
    for match in document.text.matches(
      of: /\b(?:tools|Sources|Tests|data)\/[A-Za-z0-9_.\/-]*[A-Za-z0-9]/)
    {
      let path = Document.top.appending(path: String(match.output)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(document): \(match.output)")
    }
  }

  @Test(arguments: try Document.all())
  func suitesNamedExist(document: Document) throws {
    for match in document.text.matches(of: /`([A-Z][A-Za-z0-9]*Tests)`/) {
      let name = String(match.output.1)
      #expect(Self.suites.contains(name), "\(document): \(name)")
    }
  }

  private static let suites: Set<String> = {
    let tests = Document.top.appending(path: "Tests").path
    let files = FileManager.default.enumerator(atPath: tests)?.compactMap { $0 as? String } ?? []
    var names: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = (try? String(contentsOfFile: "\(tests)/\(file)", encoding: .utf8)) ?? ""
      names.formUnion(
        text.matches(of: /\b(?:struct|class) ([A-Za-z0-9]+)/).map { String($0.output.1) })
    }
    return names
  }()

  /// Commands that read the options of an earlier run are left out: parsing opens its files.
  @Test(arguments: try Document.all())
  func commandsAreAccepted(document: Document) throws {
    for words in document.commands where !words.contains("--config") && !words.contains("--resume")
    {
      let command = try CommandTable.all.command(named: words[0])
      #expect(throws: Never.self, "\(document): unroll \(words.joined(separator: " "))") {
        _ = try ArgumentParser(command: command).parse(Array(words.dropFirst()))
      }
    }
  }

  /// data/README has a section for each file and folder in data, and a row for each file of a folder. Only
  /// schemas have no row: they are named for their commands, which a test holds.
  @Test func dataAreListed() throws {
    func files(_ folder: String) throws -> Set<String> {
      let path = Document.top.appending(path: folder).path
      return Set(try FileManager.default.contentsOfDirectory(atPath: path))
    }
    let sections = try Document("data/README.md").text.components(separatedBy: "\n## ").dropFirst()
    let names = sections.map { String($0.prefix { !$0.isNewline }) }
    let folders = Set(names.map { $0.replacing("/", with: "") })
    #expect(try folders == files("data").subtracting(["README.md"]))
    for (section, name) in zip(sections, names) where name.hasSuffix("/") && name != "schemas/" {
      let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
      let listed = rows.flatMap { row in
        row.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.1) }
      }
      #expect(try Set(listed) == files("data/\(name)"), "\(name)")
      #expect(Set(listed).count == listed.count, "\(name)")
    }
  }

  @Test func readmeShowsWhatDecayPrints() throws {
    let block = try #require(
      Document("README.md").blocks.first { $0.hasPrefix("$ unroll decay\n") })
    let outcome = try BuiltProgram.run(["decay"], environment: [:])
    #expect("$ unroll decay\n" + outcome.output == block)
  }
}
