import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollStudies

extension DecayRun {
  /// The curves that are drawn, under the labels of the file.
  var figureCurves: [DecayFigure.Curve] {
    curves.filter(isDrawn).map {
      DecayFigure.Curve(
        label: $0.label, path: $0.path, norms: $0.means, band: $0.band, $0.fit)
    }
  }

  /// Whether the curve is drawn.
  func isDrawn(_ curve: Curve) -> Bool {
    DecayFigure.draws(
      curve.path, beside: curves.filter { $0.label == curve.label }.map(\.path))
  }

  /// The curves of labels that the run's table has several seeds of.
  var meansOverSeeds: [SeedsCurve] {
    let seed = Self.columns.firstIndex(of: "seed") ?? 0
    return curves.compactMap { curve in
      let label = CSVField.text("\(folder): \(curve.label)")
      let seeds = Set(rows.filter { $0[0] == label }.map { $0[seed].encoded })
      guard seeds.count > 1 else { return nil }
      let place = curve.path.components(separatedBy: " l")
      return SeedsCurve(
        names: [label, .text(place[0]), .text(place.count > 1 ? place[1] : "0")],
        norms: [curve.means, curve.band.low, curve.band.high])
    }
  }

  var summary: [JSONValue] {
    curves.map { curve in
      let names: JSONObject = [
        "run": .string(folder), "label": .string(curve.label), "path": .string(curve.path),
      ]
      return .object(names + curve.fit.entries(hasInterval: false))
    }
  }
}
