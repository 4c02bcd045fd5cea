import UnrollText

/// Losses of several runs as tables show them.
enum LossText {
  /// A median or a quartile; infinite where it is of runs without a loss.
  static func shown(_ loss: Double?) -> String {
    guard let loss else { return "-" }
    return loss.isFinite ? NumberText.significant(loss) : "∞"
  }
}
