import Foundation
import Testing
import UnrollTraining

@Suite struct TrainingErrorTests {
  /// One line without options of the program, which a library's user does not have.
  @Test(arguments: [
    (
      TrainingError.nonFinite(update: 12, loss: .nan, norm: .infinity, previousNorm: 3.5),
      ["update 12", "nan", "inf", "3.500"]
    ),
    (.tooLarge(bytes: 3.2e12, available: 8e9), ["3,200 GB", "8.000 GB"]),
    (
      .recomputeSize(given: 1_000_000, least: 23_512_345),
      ["memory:1MB is too little", "memory:23.513MB or more"]
    ),
    (.noTargets(task: "a\nb"), [#"a\nb"#, "no targets"]),
    (.streamNeedsWindow(task: "text"), ["text", "K1:K2"]),
    (
      .regularizerNeedsRNN(regularizer: "omega:2", cell: "gated"),
      ["omega:2", "cell rnn", "'gated'"]
    ),
    (
      .checkpointVersion(path: "a.safetensors", saved: "1", accepted: "2"),
      ["a.safetensors", "layout '1'", "accepted is layout 2"]
    ),
    (
      .checkpointMismatch(path: "a.safetensors", what: "optimizer", saved: "lion", given: "adam"),
      ["a.safetensors", "optimizer", "'lion'", "'adam'"]
    ),
  ])
  func saysWhatIsWrongInOneLine(_ error: TrainingError, _ mentions: [String]) {
    let text = error.localizedDescription
    #expect(text == "\(error)")
    #expect(!text.contains(where: \.isNewline) && !text.contains("--"))
    for part in mentions { #expect(text.contains(part), "\(text)") }
  }
}
