import Testing

@testable import UnrollReports

/// The lines of the remedies' figure and their names.
struct RemedyCurveTests {
  private func names(_ curves: [RemedyCurve]) -> [String] {
    RemedyCurve.figure(of: curves, needed: nil, window: nil, subtitle: "").curves
      .map { "\($0.label)|\($0.kind)" }
  }

  private func curve(
    _ label: String, _ cell: String, _ change: String, _ weights: String, _ share: Double
  ) -> RemedyCurve {
    RemedyCurve(
      label: label, cell: cell, change: change, weights: weights, reach: "1", shares: [1, share])
  }

  /// A trained LSTM keeps its cell where its forget bias is set to what it was drawn with.
  @Test func aTrainedModelsChangesAreToldApart() {
    #expect(
      names([
        curve("lstm", "lstm", "as given", "given", 0.5),
        curve("lstm", "lstm", "fresh weights", "fresh", 0.4),
        curve("lstm", "lstm", "forget bias 1", "given", 0.3),
        curve("lstm", "lstm/forget-bias=3", "forget bias 3", "given", 0.2),
      ]) == [
        "lstm|given", "lstm|fresh", "lstm|given, forget bias 1", "lstm/forget-bias=3|given",
      ])
  }

  @Test func modelsWithOneRemedyAreToldApart() {
    #expect(
      names([
        curve("a", "a", "as given", "given", 0.5), curve("a", "lstm", "LSTM", "fresh", 0.4),
        curve("b", "b", "as given", "given", 0.3), curve("b", "lstm", "LSTM", "fresh", 0.2),
      ]) == ["a|", "lstm|for a", "b|", "lstm|for b"])
  }
}
