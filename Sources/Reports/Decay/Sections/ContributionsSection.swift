import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// What each time step adds to the weights' gradients: `contributions.csv` and its figure.
///
/// A weight is used at every step, so its gradient is a sum over steps. The table has the Frobenius
/// norm of each summand, ‖∂L/∂W at step T−k‖, for W_hh and W_ih of every layer.
public struct ContributionsSection: DecaySection {
  public let name = "contributions"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [ContributionCurve] {
    probe.measurement.contributions
  }

  public var tables: [DecayTable<ContributionCurve>] {
    [
      DecayTable(
        name, place: ["layer", "weight"], values: ["lag", "norm"],
        place: { [.integer($0.layer), .text($0.weight.rawValue)] },
        rows: { curve in
          curve.norms.enumerated().map { lag, norm in [.integer(lag), .number(norm)] }
        })
    ]
  }

  public func summary(of curve: ContributionCurve) -> [JSONObject] {
    let place: JSONObject = [
      "layer": .integer(curve.layer), "weight": .string(curve.weight.rawValue),
    ]
    return [place + curve.fit.entries(hasInterval: false)]
  }

  public func figure(
    of shown: [MeasuredEntry<ContributionCurve>], in report: DecayReport
  ) -> (any Figure)? {
    let stops = shown.contains { $0.entry.weight == .recurrent && $0.entry.norms.last == 0 }
    return CurvesFigure(
      title: "What each time step adds to the weights’ gradients",
      subtitle: report.subtitleOfFirstSeed
        + (stops
          ? "\(DecayReport.dot)weight_hh gets nothing from the first step, where h is 0" : ""),
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("||∂L/∂W at step T−k||", .logarithmic),
      curves: shown.map { measured in
        let curve = measured.entry
        return CurvesFigure.Curve(
          label: measured.label,
          kind: report.hasLayers
            ? "\(curve.weight.rawValue)_l\(curve.layer)" : curve.weight.rawValue,
          finding: curve.fit.finding,
          points: curve.norms.enumerated().map { (Double($0), $1) })
      })
  }
}
