import UnrollFileFormats

extension Chart {
  /// The chart for a page's script: every point in full precision, with null for what is not finite.
  public var data: JSONValue {
    func side(_ side: Side) -> JSONValue {
      [
        "title": .string(FigureMarkup.plain(side.title)),
        "log": .bool(side.scale == .logarithmic), "whole": .bool(side.isWhole),
        "values": .array(
          side.values?.labeledValues.map {
            [.number($0.tic.at), .string($0.tic.plainLabel), .string($0.value)]
          } ?? []),
        "range": .array(
          side.values.map { [.number($0.axis.low), .number($0.axis.high)] } ?? []),
        "sideBySide": .bool(side.values?.isCategorical ?? false),
        "holds": .array(side.holds.map { .number($0) }),
        "ceiling": JSONValue(side.ceiling),
      ]
    }
    return [
      "x": side(across), "y": side(upright),
      "levels": .array(levels.map { ["name": .string($0.name), "value": .number($0.value)] }),
      "curves": .array(
        curves.map { curve in
          var object: JSONObject = [
            "name": .string(curve.name), "mark": .string(curve.mark.rawValue),
            "x": .array(curve.points.map { .number($0.x) }),
            "y": .array(curve.points.map { .number($0.y) }),
          ]
          if curve.points.contains(where: { $0.low != nil }) {
            object["low"] = .array(curve.points.map { JSONValue($0.low) })
            object["high"] = .array(curve.points.map { JSONValue($0.high) })
          }
          return .object(object)
        }),
    ]
  }
}
