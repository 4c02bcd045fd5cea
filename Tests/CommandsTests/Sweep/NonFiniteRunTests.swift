import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands

/// A run that becomes non-finite has no loss at its end, for sweep and train alike: one that ended there, and
/// one of which every update was left out.
struct NonFiniteRunTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  @Test(arguments: ["stop", "skip"])
  func sweepAndTrainSayTheSame(policy: String) throws {
    let swept = runs.run([
      "sweep", "adding", "--length", "400", "--hidden", "6", "--steps", "3", "--cell",
      "rnn/activation=relu/init=identity:1.3", "--clip", "none", "--vary", "batch=2,3",
      "--on-nonfinite", policy, "--seeds", "1", "--validation-sequences", "4",
      "--test-sequences", "4", "--quiet", "--out", runs.path("s"),
    ])
    #expect(swept.status == .done, "\(swept.errors)")
    let table = try CSVTable(path: runs.path("s/runs.csv"))
    #expect(try table.texts(inColumn: "outcome") == ["diverged", "diverged"])
    for (place, id) in try table.texts(inColumn: "run").enumerated() {
      func text(_ column: String) throws -> String { try table.texts(inColumn: column)[place] }
      #expect(try text("test_loss") == "nan" && text("validation_loss") == "nan")
      let words = ["train", "--sweep", runs.path("s"), "--run", id, "--quiet", "--out"]
      let again = runs.run(words + [runs.path("j\(place)"), "--json"])
      #expect(again.status == .nonFinite)
      #expect(again.json["outcome"] == "nonfinite")
      for key in ["test_loss", "validation_loss"] { #expect(again.json[key] == .null, "\(key)") }
      for key in ["best_test_loss", "best_validation_loss"] {
        #expect(again.json[key]?.double == Double(try text(key)), "\(key)")
      }
      let shown = runs.run(words + [runs.path("t\(place)")]).out
      #expect(
        shown.components(separatedBy: "none: the run became non-finite").count == 3, "\(shown)")
    }
  }
}
