import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// Where number formats run out of range: `formats.csv` and its figure.
///
/// The table has the largest element of the gradient at each lag, and the share of elements that are
/// subnormal in float32: smaller than its normal numbers, and held with fewer digits.
public struct FormatsSection: DecaySection {
  public let name = "formats"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [RangeCurve] { probe.measurement.ranges }

  public var tables: [DecayTable<RangeCurve>] {
    [
      DecayTable(
        name, place: ["layer", "path"],
        values: ["lag", "largest_element", "float32_subnormal_share"],
        place: { [.integer($0.layer), .text($0.path.rawValue)] },
        rows: { curve in
          curve.largest.enumerated().map { lag, largest in
            [.integer(lag), .number(largest), .number(curve.subnormalShares[lag])]
          }
        })
    ]
  }

  /// For each format, the first lag at which it runs out in each way.
  public func summary(of curve: RangeCurve) -> [JSONObject] {
    NumberFormat.all.map { format in
      let limits = curve.limits(of: format)
      return [
        "layer": .integer(curve.layer), "path": .string(curve.path.rawValue),
        "format": .string(format.name), "below_normal": JSONValue(limits.belowNormal),
        "below_subnormal": JSONValue(limits.belowSubnormal),
        "overflow": JSONValue(limits.overflow),
      ]
    }
  }

  public func figure(
    of shown: [MeasuredEntry<RangeCurve>], in report: DecayReport
  ) -> (any Figure)? {
    FormatsFigure(
      subtitle: report.subtitleOfFirstSeed,
      curves: shown.map { measured in
        let curve = measured.entry
        return FormatsFigure.Curve(
          label: measured.label,
          path: curve.path.rawValue + (report.hasLayers ? " l\(curve.layer)" : ""),
          finding: curve.finding, largest: curve.largest, subnormalShares: curve.subnormalShares)
      }, levels: NumberFormat.levels, countedFormat: NumberFormat.float32.name)
  }
}

extension NumberFormat {
  /// The ends of all formats, as levels of the figures. Where a norm on the decay curves is below
  /// one, every element is below it.
  static let levels: [(name: String, value: Double)] = all.flatMap { format in
    [
      ("smallest normal \(format.name)", format.leastNormal),
      ("smallest \(format.name)", format.leastNonzero), ("largest \(format.name)", format.greatest),
    ]
  }
}

extension RangeCurve {
  /// For example `float16 zero from lag 36`.
  fileprivate var finding: String {
    let ends = NumberFormat.all.compactMap { format -> (format: String, end: String)? in
      let limits = limits(of: format)
      let end =
        limits.overflow.map { "beyond range from lag \($0)" }
        ?? limits.belowSubnormal.map { "zero from lag \($0)" }
        ?? limits.belowNormal.map { "subnormal from lag \($0)" }
      return end.map { (format.name, $0) }
    }
    if ends.isEmpty { return "within every format" }
    var words: [String] = []
    for (index, one) in ends.enumerated() {
      let isLast = index + 1 == ends.count || ends[index + 1].end != one.end
      words.append(isLast ? "\(one.format) \(one.end)" : one.format)
    }
    return words.joined(separator: ", ")
  }
}
