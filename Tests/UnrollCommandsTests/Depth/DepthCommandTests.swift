import FileFormats
import Foundation
import Testing

@testable import UnrollCommands

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
    ["--stacks", "swish"], ["--stacks", "relu/dropout"], ["--example", "thousand"],
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
}
