import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// What the gates let through beside what is left of the gradient: `gates.csv` and its figure.
///
/// On the direct path from one state to the next, the LSTM multiplies c by its forget gate (how much
/// of c is kept), and the GRU multiplies h by its update gate. The table sets the logarithm of the
/// product of these gates over k steps beside ln g(k)/g(0), the logarithm of the decay, and beside what
/// is left of the gradient when each of its units goes through its own gate and nothing else. Cells
/// without such gates have no entries.
public struct GatesSection: DecaySection {
  public let name = "gates"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [GateCurve] { probe.measurement.gates }

  public var tables: [DecayTable<GateCurve>] {
    [
      DecayTable(
        name, place: ["layer", "path"],
        values: [
          "lag", "log_gate_product", "log_decay", "share_explained", "log_through_gates",
        ],
        place: { [.integer($0.layer), .text($0.pathName)] },
        rows: { curve in
          curve.shares.enumerated().map { lag, share in
            [
              .integer(lag), .number(curve.logProducts[lag]), .number(curve.logDecays[lag]),
              CSVField(share), .number(curve.logCarried[lag]),
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
        "log_through_gates": JSONValue(curve.logCarried[curve.lastLag]),
      ]
    ]
  }

  public func figure(
    of shown: [MeasuredEntry<GateCurve>], in report: DecayReport
  ) -> (any Figure)? {
    CurvesFigure(
      title: Self.title, subtitle: report.subtitleOfFirstSeed + DecayReport.dot + Self.caution,
      horizontal: ("lag k: steps before the loss", .linear), vertical: (Self.left, .logarithmic),
      curves: shown.flatMap { measured in
        let curve = measured.entry
        let layer = report.hasLayers ? " l\(curve.layer)" : ""
        return Self.lines.map { line in
          let values = curve[keyPath: line.logs]
          return CurvesFigure.Curve(
            label: measured.label, kind: line.name + layer,
            finding: line.meaning(curve) + curve.left(values),
            points: values.enumerated().map { (Double($0), exp($1)) })
        }
      })
  }

  static let title = "What the gates let through, beside the gradient"
  static let left = "share of the gradient that is left after k steps"

  /// The lines of a curve: their column in the table, their name, and what follows it in the key.
  static let lines:
    [(
      column: String, name: String, logs: KeyPath<GateCurve, [Double]> & Sendable,
      meaning: @Sendable (GateCurve) -> String
    )] = [
      ("log_decay", "gradient", \.logDecays, { "by \($0.pathName)" }),
      (
        "log_through_gates", "gates, unit by unit", \.logCarried,
        { $0.path == .cell ? "through forget gates alone" : "through update gates alone" }
      ),
      ("log_gate_product", "gates, mean over units", \.logProducts, { _ in "product" }),
    ]

  private static let caution =
    "units with open gates carry the gradient: where gates differ, their mean says less"
}

extension GateCurve {
  /// How much is left at the last lag, as the summary has it: `, 0.0021 left at lag 99`.
  func left(_ logs: [Double]) -> String {
    let share = exp(logs[lastLag])
    return share.isNaN ? "" : ", \(NumberText.significant(share)) left at lag \(lastLag)"
  }
}
