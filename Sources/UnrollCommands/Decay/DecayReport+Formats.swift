import FileFormats
import GradientFlow

/// Where number formats run out: `formats.csv` and the summary's `formats`.
extension DecayReport {
  var formatsCSV: CSVWriter {
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

  var formatsSummary: JSONValue {
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

  /// The ends of the formats, as levels of the figure.
  static let formatLevels: [(name: String, value: Double)] = NumberFormat.all.flatMap { format in
    [
      ("smallest normal \(format.name)", format.leastNormal),
      ("smallest \(format.name)", format.leastNonzero), ("largest \(format.name)", format.greatest),
    ]
  }
}
