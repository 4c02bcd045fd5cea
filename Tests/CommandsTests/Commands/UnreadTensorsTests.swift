import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollCommandLine
@testable import UnrollCommands

/// Arrays of a file that no command reads, which are named instead of being passed over.
struct UnreadTensorsTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Four sequences of five steps, with `others` of a number each. The model has four units.
  private func file(_ others: [String], gradients: Bool = false) throws -> String {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [5, 4, 1], (0..<20).map { Double($0 % 7) / 7 })
    writer.append(
      gradients ? "g" : "y", shape: gradients ? [5, 4, 4] : [4, 1],
      (0..<(gradients ? 80 : 4)).map { Double(1 + $0 % 3) })
    for name in others { writer.append(name, shape: [4], [3, 5, 2, 4]) }
    try writer.write(to: runs.path("b"))
    return runs.path("b")
  }

  private static let others = ["length", "seq_lengths", "mask", "g_C"]

  @Test(arguments: ["train", "decay", "gradients", "evaluate", "predict"])
  func theyAreNamed(command: String) throws {
    let model = runs.train("arrays", ["--inputs", try file([])]).model
    let batch = try file(Self.others, gradients: command == "gradients")
    let out = ["--out", runs.path("run"), "--quiet"]
    let words =
      switch command {
      case "train": ["train", "arrays", "--hidden", "3", "--steps", "2", "--batch", "2"] + out
      case "evaluate": ["evaluate", "--model", model]
      case "predict": ["predict", "--model", model] + out
      default: ["decay", "--model", model] + out
      }
    let outcome = runs.run(words + ["--inputs", batch])
    #expect(outcome.status == .done, "\(outcome.errors)")
    func count(_ part: String) -> Int { outcome.errors.count { $0.contains(part) } }
    #expect(count("'length' is not read; did you mean 'lengths'?") == 1, "\(outcome.errors)")
    #expect(count("'seq_lengths' is not read; did you mean 'lengths'?") == 1)
    #expect(count("'g_C' is not read; did you mean 'g_c'?") == 1)
    let states = command == "gradients" ? "h_0, c_0, " : ""
    #expect(
      count(
        "'mask' is not read; the arrays that are: x, y, lengths, classes, g, g_h, g_c, \(states)outputs"
      )
        == 1)
  }

  @Test func initialStatesBesideTargetsAreNamed() throws {
    let outcome = runs.run([
      "train", "arrays", "--hidden", "3", "--steps", "2", "--batch", "2", "--quiet", "--out",
      runs.path("run"), "--inputs", try file(["h_0", "c_0"]),
    ])
    #expect(
      outcome.errors.contains {
        $0.contains(
          "'h_0', 'c_0' are not read; initial states are read beside the gradients g, g_h or g_c"
        )
      }, "\(outcome.errors)")
  }

  /// What a file has already was not meant.
  @Test func namesThatAreTakenAreNotProposed() throws {
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [5, 4, 1], (0..<20).map { Double($0 % 7) / 7 })
    writer.append("y", shape: [4, 1], [1.0, 2, 3, 4])
    writer.append("lengths", shape: [4], [5, 4, 3, 5])
    writer.append("length", shape: [1], [5])
    try writer.write(to: runs.path("b"))
    let outcome = runs.run([
      "train", "arrays", "--hidden", "3", "--steps", "2", "--batch", "2", "--quiet", "--out",
      runs.path("run"), "--inputs", runs.path("b"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.contains { $0.contains("'length' is not read; the arrays that are") })
  }
}
