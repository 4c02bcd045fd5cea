import Testing
import UnrollRecurrentCells

@testable import UnrollStudies

struct RegularizerCheckCaseTests {
  @Test func onlyTheRNNHasOne() throws {
    let cells = try ["rnn", "lstm", "gru"].map {
      (label: $0, specification: try CellSpecification(parsing: $0))
    }
    #expect(RegularizerCheckCase.all(of: cells, sizes: CheckSizes()).map(\.label) == ["rnn"])
  }

  /// Initializers with which Ω starts at its least among them, where its gradient is 0.
  @Test(arguments: [
    "rnn", "rnn/activation=relu", "rnn/activation=prelu", "rnn/activation=identity/init=identity:1",
    "rnn/init=orthogonal",
  ])
  func agrees(_ cell: String) throws {
    let check = RegularizerCheckCase(
      label: cell, specification: try CellSpecification(parsing: cell), sizes: CheckSizes())
    for seed: UInt64 in 1...5 {
      let result = check.run(seed: seed)
      #expect(result.isOK && result.compared == 27, "\(result.name): \(result.error)")
    }
  }
}
