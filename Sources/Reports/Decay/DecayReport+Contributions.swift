import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// What each step adds to the weights' gradients: `contributions.csv`, the figure of that name and
/// the summary's `contributions`.
extension DecayReport {
  package var contributionsCSV: CSVWriter {
    var table = CSVWriter(columns: ["label", "cell", "layer", "weight", "seed", "lag", "norm"])
    for cell in cells {
      for curve in cell.measurement.contributions {
        for (lag, norm) in curve.norms.enumerated() {
          table.append(
            cell.names + [
              .integer(curve.layer), .text(curve.weight.rawValue), .integer(seed(of: cell)),
              .integer(lag), .number(norm),
            ])
        }
      }
    }
    return table
  }

  package var contributionsSummary: JSONValue {
    .array(
      cells.flatMap { cell in
        cell.measurement.contributions.map { curve -> JSONValue in
          let place: JSONObject = [
            "layer": .integer(curve.layer), "weight": .string(curve.weight.rawValue),
          ]
          return entry(of: cell, place + curve.fit.entries(hasInterval: false))
        }
      })
  }

  package var contributionsFigure: CurvesFigure {
    CurvesFigure(
      title: "What each time step adds to the weights’ gradients", subtitle: subtitleOfFirstSeed,
      horizontal: ("lag k: steps before the loss", .linear),
      vertical: ("||∂L/∂W at step T−k||", .logarithmic),
      curves: cells.filter { $0.isFirst(of: study.seed) }.flatMap { cell in
        cell.measurement.contributions.map { curve in
          CurvesFigure.Curve(
            label: cell.subject.label,
            kind: hasLayers ? "\(curve.weight.rawValue)_l\(curve.layer)" : curve.weight.rawValue,
            finding: curve.fit.rate.map { "\(NumberText.rate($0))/step" } ?? "",
            points: curve.norms.enumerated().map { (Double($0), $1) })
        }
      })
  }
}
