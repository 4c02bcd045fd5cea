import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies

/// Where number formats run out: `formats.csv`, its figure and the summary's `formats`.
extension DecayReport {
  package var formatsCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "layer", "path", "seed", "lag", "largest_element",
      "float32_subnormal_share",
    ])
    for cell in cells {
      for curve in cell.measurement.ranges {
        for (lag, largest) in curve.largest.enumerated() {
          table.append(
            cell.names + [
              .integer(curve.layer), .text(curve.path.rawValue), .integer(seed(of: cell)),
              .integer(lag), .number(largest), .number(curve.subnormalShares[lag]),
            ])
        }
      }
    }
    return table
  }

  package var formatsSummary: JSONValue {
    .array(
      cells.flatMap { cell in
        cell.measurement.ranges.flatMap { curve in
          NumberFormat.all.map { format -> JSONValue in
            let limits = curve.limits(of: format)
            return entry(
              of: cell,
              [
                "layer": .integer(curve.layer), "path": .string(curve.path.rawValue),
                "format": .string(format.name), "below_normal": JSONValue(limits.belowNormal),
                "below_subnormal": JSONValue(limits.belowSubnormal),
                "overflow": JSONValue(limits.overflow),
              ])
          }
        }
      })
  }

  package var formatsFigure: FormatsFigure {
    FormatsFigure(
      subtitle: subtitleOfFirstSeed,
      curves: cells.filter { $0.isFirst(of: study.seed) }.flatMap { cell in
        cell.measurement.ranges.map { curve in
          let layer = hasLayers ? " l\(curve.layer)" : ""
          return FormatsFigure.Curve(
            label: cell.subject.label, path: curve.path.rawValue + layer, finding: curve.finding,
            largest: curve.largest, subnormalShares: curve.subnormalShares)
        }
      }, levels: Self.formatLevels, countedFormat: NumberFormat.float32.name)
  }

  /// The ends of the formats, as levels of the figures. On the decay curves, a norm below one has
  /// every element below it.
  package static let formatLevels: [(name: String, value: Double)] = NumberFormat.all.flatMap {
    format in
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
