import UnrollFileFormats
import UnrollGradientFlow

extension DecayFit {
  /// What `summary.json` says about the fit.
  ///
  /// - Parameter hasInterval: whether the curve has several rows, or seeds, to take an interval over.
  func entries(hasInterval: Bool) -> JSONObject {
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
