import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollReports

struct DepthCommandTests {
  @Test func writesItsFilesAndOneObject() throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "depth", "--layers", "4", "--width", "8", "--steps", "3", "--batch", "20", "--pretrain", "2",
      "--stacks", "sigmoid,relu/init=he/residual/batch-norm", "--json", "--out", workspace("out"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let object = try JSONValue(parsing: Data(outcome.output.utf8))
    #expect(object["stacks"]?.array?.count == 2)
    #expect(object["stacks"]?.array?.first?["updates"]?.int == 3)
    #expect(try JSONValue(contentsOf: workspace("out/summary.json")) == object)
    let csv = try String(contentsOfFile: workspace("out/depth.csv"), encoding: .utf8)
    let lines = csv.split(separator: "\n")
    #expect(lines.count == 9)
    #expect(
      lines[0]
        == "label,seed,layer,hidden_norm_mean,hidden_norm_geomean,weight_norm,bias_norm,"
        + "relative_update,dead_share,saturated_share,activation_mean,activation_spread")
    #expect(lines[1].hasPrefix("sigmoid,1,1,"))
  }

  @Test func anExampleBringsItsOwnNet() throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["depth", "--example", "chain", "--out", workspace("out")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.output.contains("0.007263"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("/") })
  }

  @Test(arguments: [
    ["--stacks", "swoosh"], ["--stacks", "relu/dropout"], ["--example", "thousand"],
    ["--example", "chain", "--layers", "3"], ["--layers", "0"],
    ["--layers", "1000", "--width", "4096"], ["--clip", "state:1"],
  ])
  func refusesInOneLine(_ arguments: [String]) throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["depth"] + arguments)
    #expect(outcome.status == .usage)
    #expect(outcome.errors.count == 1, "\(outcome.errors)")
    #expect(workspace.names.isEmpty)
  }

  @Test(arguments: ["norm:0.01", "value:1e-3", "tensor:0.01", "agc:0.01", "auto:50"])
  func everyOtherClippingTrains(rule: String) throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "depth", "--layers", "4", "--width", "8", "--steps", "5", "--batch", "20", "--stacks", "tanh",
      "--clip", rule, "--out", workspace("out"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
  }

  @Test func breakingOffIsSaidAndHasItsStatus() throws {
    let workspace = try Workspace()
    let outcome = workspace.run([
      "depth", "--layers", "5", "--stacks", "relu/init=he", "--learning-rate", "1e6", "--steps",
      "50", "--batch", "20", "--width", "16", "--out", workspace("out"),
    ])
    #expect(outcome.status == .nonFinite)
    #expect(outcome.errors.joined().contains("is not finite"))
  }

  /// Titles, legends and subtitles too.
  @Test(arguments: ["three-hidden", "hundred", "dying-relu", "learning-rate", "powers"])
  func anExampleFitsATerminal(name: String) throws {
    let workspace = try Workspace()
    let outcome = workspace.run(["depth", "--example", name, "--out", workspace("out")])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("files") })
    #expect(!outcome.output.contains("?"))
    #expect(!outcome.output.contains("..."))
  }

  @Test func whatIsNotFiniteIsSaid() throws {
    let workspace = try Workspace()
    for (steps, end) in [
      ("3", "training broke off at update 2"), ("1", "the weights that update 1"),
    ] {
      let outcome = workspace.run([
        "depth", "--steps", steps, "--learning-rate", "1e300", "--width", "8", "--batch", "20",
        "--stacks", "relu/init=he", "--out", workspace("out" + steps),
      ])
      #expect(outcome.status == .nonFinite)
      #expect(outcome.errors.joined().contains("update \(steps == "3" ? 2 : 1)"))
      #expect(
        outcome.output.replacingOccurrences(of: "\n", with: " ").contains("relu/init=he: \(end)"))
      #expect(!outcome.output.contains("nan of") && !outcome.output.contains("gets nan"))
    }
  }

  /// Both without the penalty.
  @Test func theLossBeforeAndAfterIsTheSameLoss() throws {
    let workspace = try Workspace()
    let starts = ["0", "100"].map { penalty in
      let outcome = workspace.run([
        "depth", "--layers", "3", "--width", "8", "--batch", "20", "--steps", "1",
        "--learning-rate", "1e-6", "--l2", penalty, "--stacks", "tanh", "--out",
        workspace("l2-" + penalty),
      ])
      let words = outcome.output.split { $0 == " " || $0 == "\n" }
      return words.firstIndex(of: "from").map { words[$0 + 1] }
    }
    #expect(starts[0] != nil && starts[0] == starts[1])
  }

  @Test func helpNamesTheExamplesOnceAnOption() throws {
    let page = HelpText(width: 80).page(for: .depth)
    let option = try #require(page.components(separatedBy: "\n  --example").last)
    let text = option.components(separatedBy: "\n  --")[0]
    #expect(text.components(separatedBy: "dying-relu").count == 2, "\(text)")
  }
}
