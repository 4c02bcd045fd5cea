import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What is printed fits into 80 columns.
struct DecayLayoutTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  private func lines(_ words: [String]) -> [Substring] {
    let outcome = runs.run(words + ["--out", runs.path("run"), "--quiet"])
    #expect(outcome.status == .done, "\(outcome.errors)")
    return outcome.out.split(separator: "\n")
  }

  private func expectFits(_ lines: [Substring]) {
    // The folder is one piece, however long.
    for line in lines where !line.contains(runs.path("run")) {
      #expect(line.count <= 80, "\(line.count): \(line)")
    }
  }

  /// The widest names of paths stand beside all columns, whose names are shorter.
  @Test func severalLayersWithInjectedGradient() {
    let lines = lines([
      "decay", "--task", "copy", "--length", "5", "--hidden", "4", "--batch", "2", "--layers", "2",
      "--loss-at", "all",
    ])
    expectFits(lines)
    #expect(lines.contains { $0.contains("state_last l1") && $0.split(separator: " ").count >= 7 })
    for column in ["rate ", "interval", "R²", "verdict", "half-life", "horizon"] {
      #expect(lines.contains { $0.contains("path  ") && $0.contains(column) }, "\(column)")
    }
  }

  @Test func aHeadingGoesOnBelow() {
    let lines = lines([
      "decay", "--cells", "rnn/activation=tanh", "--length", "6", "--hidden", "3", "--batch", "2",
      "--steps", "2",
    ])
    expectFits(lines)
    #expect(lines.contains("    baseline 0.1667, not solved"))
  }

  @Test func aTrainingThatWatchesItsDecay() throws {
    let text = try runs.textFile()
    expectFits(
      lines([
        "train", "text", "--file", text, "--hidden", "3", "--layers", "2", "--batch", "2",
        "--window",
        "4", "--steps", "12", "--watch-decay", "4", "--regularize", "omega:0.001", "--cell", "rnn",
        "--initial-state", "learned", "--clip", "tensor:0.125", "--learning-rate", "0.000123456",
      ]))
  }
}
