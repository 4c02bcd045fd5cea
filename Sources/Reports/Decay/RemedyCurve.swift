import UnrollFigures
import UnrollStudies
import UnrollText

/// A line of the remedies' figure, from a measurement or from the files of a run.
struct RemedyCurve {
  /// The model's label.
  let label: String
  /// The cell that results, or the label of the model as given.
  let cell: String
  /// What was changed, in words.
  let change: String
  /// `given` or `fresh`.
  let weights: String
  let reach: String
  /// g(k)/g(0).
  let shares: [Double]
}

extension RemedyCurve {
  /// The share of the gradient that is left at each lag under each change, and which lag is needed.
  ///
  /// - Parameters:
  ///   - needed: the lag that is needed.
  ///   - window: the largest lag that the window leaves.
  static func figure(
    of curves: [RemedyCurve], needed: Int?, window: Int?, subtitle: String
  ) -> CurvesFigure {
    // Where nothing is trained, no weights but fresh ones are given.
    let isOfTrained = curves.contains { $0.change == Remedy.freshWeightsName }
    func name(_ curve: RemedyCurve) -> [String] { [curve.cell, isOfTrained ? curve.weights : ""] }
    // A cell that is one model's remedy may be another one itself.
    let curves = curves.distinct { name($0) + $0.shares.map(\.description) }
    let alike = Dictionary(grouping: curves, by: name)
    func kind(_ curve: RemedyCurve) -> String {
      let others = alike[name(curve)] ?? []
      let owner = others.contains { $0.label != curve.label } ? "for \(curve.label)" : ""
      // Trained weights with another bias than theirs may be of the same cell.
      let isChanged = curve.change != Remedy.asGivenName
      let change = isChanged && others.count { $0.label == curve.label } > 1 ? curve.change : ""
      let weights = [name(curve)[1], owner].filter { !$0.isEmpty }.joined(separator: " ")
      return [weights, change].filter { !$0.isEmpty }.joined(separator: ", ")
    }
    let shares = curves.flatMap(\.shares).filter { $0.isFinite && $0 >= .leastNormalMagnitude }
    let lags = curves.map(\.shares.count).max() ?? 0
    let range = (low: shares.min() ?? 1, high: shares.max() ?? 1)
    func line(_ name: String, at lag: Int) -> CurvesFigure.Curve {
      CurvesFigure.Curve(
        label: name, kind: "", points: [(Double(lag), range.low), (Double(lag), range.high)])
    }
    var figure = CurvesFigure(
      title: "What would help the gradient to reach back", subtitle: subtitle,
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("share of the gradient at lag 0 that is left", .logarithmic),
      curves: curves.map { curve in
        CurvesFigure.Curve(
          label: curve.cell, kind: kind(curve),
          finding: "reach \(curve.reach)",
          points: curve.shares.enumerated().map { (Double($0), $1) })
      } + (window.flatMap { $0 < lags - 1 ? [line("end of the window", at: $0)] : nil } ?? [])
        + (needed.map { [line("lag needed", at: $0)] } ?? []))
    figure.levels = [
      ("1% of the gradient at lag 0", MeasuredRemedy.leastShare),
      ("100 times the gradient at lag 0", MeasuredRemedy.mostShare),
    ]
    return figure
  }
}
