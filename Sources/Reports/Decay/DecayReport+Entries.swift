import UnrollDenseMath
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// What the parts of `summary.json` have in common.
extension DecayReport {
  /// An entry that names the model, and then says `rest`.
  package func entry(of cell: MeasuredModel, _ rest: JSONObject) -> JSONValue {
    let names: JSONObject = [
      "label": .string(cell.subject.label),
      "cell": .string(cell.subject.specification.kind.rawValue), "seed": .integer(seed(of: cell)),
    ]
    return .object(names + rest)
  }
}

extension DecayFit {
  /// The fit as `summary.json` gives it.
  ///
  /// - Parameter hasInterval: whether it is of rows, or seeds, that make an interval.
  package func entries(hasInterval: Bool) -> JSONObject {
    var object: JSONObject = ["rate": JSONValue(rate)]
    if hasInterval {
      object["rate_interval"] =
        rateInterval.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null
    }
    return object + [
      "r2": JSONValue(r2), "verdict": .string(verdict.rawValue),
      "half_life": JSONValue(halfLife), "doubling_time": JSONValue(doublingTime),
      "horizon": JSONValue(horizon), "horizon_censored": .bool(horizonCensored),
    ]
  }
}
