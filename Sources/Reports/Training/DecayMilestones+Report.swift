import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

extension DecayMilestones {
  /// What `summary.json` says.
  var json: JSONValue {
    [
      "layer": .integer(layer), "path": .string(path), "start": Self.json(of: start),
      "left_baseline": leftBaseline.map(Self.json) ?? .null, "end": Self.json(of: end),
    ]
  }

  private static func json(of curve: WatchedCurve) -> JSONValue {
    .object(["step": .integer(curve.step)] + curve.fit.entries(hasInterval: false))
  }

  /// A line for each point.
  func append(to lines: inout ResultLines) {
    lines.append("decay at the start", text(of: start))
    if let leftBaseline {
      lines.append(label(of: leftBaseline), text(of: leftBaseline))
      lines.append("", "the loss has left its baseline")
    }
    if end.step != leftBaseline?.step ?? start.step { lines.append(label(of: end), text(of: end)) }
  }

  private func label(of curve: WatchedCurve) -> String {
    "  after \(NumberText.count(curve.step, "update"))"
  }

  /// `by c: 0.953 a step, half-life 14.4, horizon 93`
  private func text(of curve: WatchedCurve) -> String {
    let fit = curve.fit
    var parts = [fit.rate.map { "\(NumberText.rate($0)) a step" } ?? fit.verdict.description]
    if let halfLife = fit.halfLife {
      parts.append("half-life \(NumberText.significant(halfLife))")
    } else if let doubling = fit.doublingTime {
      parts.append("doubles in \(NumberText.significant(doubling))")
    } else if fit.rate != nil {
      parts.append(fit.verdict.description)
    }
    if let horizon = fit.horizon {
      parts.append("horizon \(fit.horizonCensored ? "at least " : "")\(NumberText.count(horizon))")
    }
    return "by \(path): " + parts.joined(separator: ", ")
  }
}
