import UnrollFigures
import UnrollFileFormats
import UnrollStudies

extension DecayRun {
  var figureCurves: [DecayFigure.Curve] {
    curves.map {
      DecayFigure.Curve(
        label: "\(folder): \($0.label)", path: $0.path, norms: $0.means, band: $0.band, $0.fit)
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
