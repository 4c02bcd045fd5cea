import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// How much of the decay the gates account for: `gates.csv` and its figure.
///
/// On the direct path from one state to the next, the LSTM multiplies c by its forget gate (how much
/// of c is kept), and the GRU multiplies h by its update gate. The table sets the logarithm of the
/// product of these gates over k steps beside ln g(k)/g(0), the logarithm of the decay. Cells without
/// such gates have no entries.
public struct GatesSection: DecaySection {
  public let name = "gates"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [GateCurve] { probe.measurement.gates }

  public var tables: [DecayTable<GateCurve>] {
    [
      DecayTable(
        name, place: ["layer", "path"],
        values: ["lag", "log_gate_product", "log_decay", "share_explained"],
        place: { [.integer($0.layer), .text($0.pathName)] },
        rows: { curve in
          curve.shares.enumerated().map { lag, share in
            [
              .integer(lag), .number(curve.logProducts[lag]), .number(curve.logDecays[lag]),
              CSVField(share),
            ]
          }
        })
    ]
  }

  /// The share explained at the last lag whose gradient has not faded to a subnormal number.
  public func summary(of curve: GateCurve) -> [JSONObject] {
    [
      [
        "layer": .integer(curve.layer), "path": .string(curve.pathName),
        "lag": .integer(curve.lastLag),
        "log_gate_product": JSONValue(curve.logProducts[curve.lastLag]),
        "log_decay": JSONValue(curve.logDecays[curve.lastLag]),
        "share_explained": JSONValue(curve.shares[curve.lastLag]),
      ]
    ]
  }

  public func figure(
    of shown: [MeasuredEntry<GateCurve>], in report: DecayReport
  ) -> (any Figure)? {
    CurvesFigure(
      title: "How much of the decay the gates explain",
      subtitle: report.subtitleOfFirstSeed + DecayReport.dot + Self.caution,
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("natural logarithm of what is left after k steps", .linear),
      curves: shown.flatMap { measured in
        let curve = measured.entry
        let layer = report.hasLayers ? " l\(curve.layer)" : ""
        let gates = curve.path == .cell ? "forget gates" : "update gates"
        func line(_ kind: String, _ finding: String, _ values: [Double]) -> CurvesFigure.Curve {
          CurvesFigure.Curve(
            label: measured.label, kind: kind + layer, finding: finding,
            points: values.enumerated().map { (Double($0), $1) })
        }
        return [
          line("gradient", "with respect to \(curve.pathName)", curve.logDecays),
          line("gates", "product of \(gates) \(curve.finding)", curve.logProducts),
        ]
      })
  }

  private static let caution =
    "gates: geometric mean over units; one open unit can carry the gradient while it falls "
    + "(share then far from 100%, or negative)"
}

extension GateCurve {
  /// What their product explains of the decay at the last lag, as in the summary.
  var finding: String {
    let lag = "at lag \(lastLag)"
    guard let share = shares[lastLag] else {
      return abs(logDecays[lastLag]) < log(2)
        ? "has no share \(lag): the gradient changes by less than a factor of 2"
        : "has no share \(lag)"
    }
    let percent = NumberText.percent(share).replacing("-", with: "−")
    if share < 0 { return "falls, the gradient grows: not explained (share \(percent) \(lag))" }
    return share > 1
      ? "falls further than the gradient (share \(percent) \(lag))"
      : "explains \(percent) of the decay \(lag)"
  }
}
