import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// What the gates account for: `gates.csv`, the figure of that name and the summary's `gates`.
extension DecayReport {
  package var hasGates: Bool { cells.contains { !$0.measurement.gates.isEmpty } }

  package var gatesCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "layer", "path", "seed", "lag", "log_gate_product", "log_decay",
      "share_explained",
    ])
    for cell in cells {
      for curve in cell.measurement.gates {
        for (lag, share) in curve.shares.enumerated() {
          table.append(
            cell.names + [
              .integer(curve.layer), .text(curve.path.rawValue), .integer(seed(of: cell)),
              .integer(lag), .number(curve.logProducts[lag]), .number(curve.logDecays[lag]),
              CSVField(share),
            ])
        }
      }
    }
    return table
  }

  /// For each curve the share explained at the last lag.
  package var gatesSummary: JSONValue {
    .array(
      cells.flatMap { cell in
        cell.measurement.gates.map { curve -> JSONValue in
          entry(
            of: cell,
            [
              "layer": .integer(curve.layer), "path": .string(curve.path.rawValue),
              "lag": .integer(curve.shares.count - 1),
              "log_gate_product": JSONValue(curve.logProducts.last),
              "log_decay": JSONValue(curve.logDecays.last),
              "share_explained": JSONValue(curve.shares.last ?? nil),
            ])
        }
      })
  }

  package var gatesFigure: CurvesFigure {
    CurvesFigure(
      title: "What the gates on the state’s direct way account for", subtitle: subtitleOfFirstSeed,
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("natural logarithm", .linear),
      curves: cells.filter { $0.isFirst(of: study.seed) }.flatMap { cell in
        cell.measurement.gates.flatMap { curve -> [CurvesFigure.Curve] in
          let layer = hasLayers ? " l\(curve.layer)" : ""
          let gate = curve.path == .cell ? "forget gates" : "update gates"
          let share = (curve.shares.last ?? nil).map {
            "\(Int((100 * $0).rounded()))% of the decay at the last lag"
          }
          func line(_ kind: String, _ finding: String, _ values: [Double]) -> CurvesFigure.Curve {
            CurvesFigure.Curve(
              label: cell.subject.label, kind: kind + layer, finding: finding,
              points: values.enumerated().map { (Double($0), $1) })
          }
          return [
            line("ln g(k)/g(0)", "by \(curve.path.rawValue)", curve.logDecays),
            line(
              "ln product of gates", [gate, share].compactMap { $0 }.joined(separator: ", "),
              curve.logProducts),
          ]
        }
      })
  }
}
