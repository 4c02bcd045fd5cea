import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

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
        place: { [.integer($0.layer), .text($0.path.rawValue)] },
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

  /// The share explained at the last lag.
  public func summary(of curve: GateCurve) -> [JSONObject] {
    [
      [
        "layer": .integer(curve.layer), "path": .string(curve.path.rawValue),
        "lag": .integer(curve.shares.count - 1),
        "log_gate_product": JSONValue(curve.logProducts.last),
        "log_decay": JSONValue(curve.logDecays.last),
        "share_explained": JSONValue(curve.shares.last ?? nil),
      ]
    ]
  }

  public func figure(
    of shown: [MeasuredEntry<GateCurve>], in report: DecayReport
  ) -> (any Figure)? {
    CurvesFigure(
      title: "What the gates on the state’s direct way account for",
      subtitle: report.subtitleOfFirstSeed,
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("natural logarithm", .linear),
      curves: shown.flatMap { measured in
        let curve = measured.entry
        let layer = report.hasLayers ? " l\(curve.layer)" : ""
        let gate = curve.path == .cell ? "forget gates" : "update gates"
        let share = (curve.shares.last ?? nil).map {
          "\(Int((100 * $0).rounded()))% of the decay at the last lag"
        }
        func line(_ kind: String, _ finding: String, _ values: [Double]) -> CurvesFigure.Curve {
          CurvesFigure.Curve(
            label: measured.label, kind: kind + layer, finding: finding,
            points: values.enumerated().map { (Double($0), $1) })
        }
        return [
          line("ln g(k)/g(0)", "by \(curve.path.rawValue)", curve.logDecays),
          line(
            "ln product of gates", [gate, share].compactMap { $0 }.joined(separator: ", "),
            curve.logProducts),
        ]
      })
  }
}
