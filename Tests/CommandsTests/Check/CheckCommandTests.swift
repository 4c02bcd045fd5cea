import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

struct CheckCommandTests {
  @Test func theTableNamesEachCaseAndTheSummaryTheWorst() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["check", "--cells", "lstm/init=he", "--layers", "2"])
    #expect(outcome.status == .done, "\(outcome.output)")
    let lines = outcome.output.split(separator: "\n")
    let rows = lines.dropFirst(2).dropLast(3)
    #expect(lines.first?.hasPrefix("  L  loss") == true && lines[1] == "lstm/init=he")
    #expect((12...15).contains(rows.count) && rows.allSatisfy { $0.hasPrefix("  ") })
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[lines.count - 2].hasPrefix("\(rows.count) cases, all agree: largest error "))
    #expect(workspace.names.isEmpty, "no --out, no files")
  }

  @Test func jsonHasOneObjectACase() throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "check", "--cells", "rnn/activation=relu/init=he", "--layers", "1", "--json", "--out",
      workspace("out"),
    ])
    let object = try JSONValue(parsing: Data(outcome.output.utf8))
    let cases = try #require(object["cases"]?.array)
    #expect(cases.count >= 12 && outcome.errors.isEmpty)
    for value in cases {
      let error = try #require(value["relative_error"]?.double)
      #expect(value["ok"]?.bool == (error <= 1e-7))
      #expect(value["name"]?.string?.hasPrefix("rnn/activation=relu/init=he, 1 layer, ") == true)
      #expect((value["compared"]?.int ?? 0) > 0 && value["left_out"]?.int != nil)
    }
    #expect(try JSONValue(contentsOf: workspace("out/summary.json")) == object)
    let config = try JSONValue(contentsOf: workspace("out/config.json"))
    #expect(config["options"]?["layers"]?.int == 1)
    #expect(workspace.names == ["out", "out/config.json", "out/summary.json"])
  }

  @Test func precisionsAreComparedAtTheirOwnSizes() throws {
    let workspace = try Workspace()
    let words = ["check", "--cells", "gru/init=he", "--precision", "float"]
    let outcome = workspace.run(words)
    #expect(outcome.status == .done, "\(outcome.output)")
    #expect(outcome.output.contains("Float32 against Float64"))
    #expect(outcome.output.contains("accepted up to 3e-5;\n"))
    let json = try JSONValue(parsing: Data(workspace.run(words + ["--json"]).output.utf8))
    #expect(json["tolerance"]?.double == 3e-5)
    let errors = try #require(json["cases"]?.array).compactMap { $0["relative_error"]?.double }
    // Float32's own rounding: neither nothing nor much.
    #expect(errors.count >= 12 && errors.allSatisfy { $0 > 1e-9 && $0 < 1e-5 })
    let compared = json["cases"]?.array?.first?["compared"]?.int ?? 0
    #expect(compared > 37 * 37)
    #expect(workspace.run(words + ["--hidden", "5", "--layers", "1"]).status == .done)
  }

  /// Weights so small that three layers' gradients are lost in rounding: the case cannot be told
  /// right from wrong, fails, and says why.
  @Test func aFailedCaseIsStatusOne() throws {
    let workspace = try Workspace()
    let words = ["check", "--cells", "rnn/init=normal:1e-6", "--length", "1", "--hidden", "2"]
    let outcome = workspace.run(words)
    #expect(outcome.status == .failed)
    #expect(outcome.output.contains("failed: gradients too small for differences"))
    #expect(outcome.output.contains(" failed: largest error "))
    let json = try JSONValue(parsing: Data(workspace.run(words + ["--json"]).output.utf8))
    #expect(json["cases"]?.array?.contains { $0["ok"]?.bool == false } == true)
  }

  @Test func wrongOptionsAreRefused() throws {
    let workspace = try Workspace()
    workspace.expectRefusal(
      ["check", "--cells", "rnn,grux"], .usage, saying: ["--cells rnn,grux", "'grux'", "lstm"])
    workspace.expectRefusal(["check", "--hidden", "257"], .usage, saying: ["1 to 256"])
    workspace.expectRefusal(["check", "--layers", "0"], .usage, saying: ["1 to 16"])
    workspace.expectRefusal(["check", "adding"], .usage, saying: ["unexpected argument 'adding'"])
    let file = try workspace.file("file", "")
    workspace.expectRefusal(
      ["check", "--cells", "rnn", "--out", file], .failed, saying: ["cannot create", file])
  }
}
