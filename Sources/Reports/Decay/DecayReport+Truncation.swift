import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// What cutting the gradient leaves out: `truncation.csv`, the figure of that name and the summary's
/// `truncation`.
extension DecayReport {
  package var hasTruncation: Bool { cells.contains { !$0.truncation.isEmpty } }

  package var truncationCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "seed", "steps", "parameter", "cosine", "norm_ratio", "relative_bias",
      "predicted_bias",
    ])
    for cell in cells {
      for bias in cell.truncation {
        table.append(
          cell.names + [
            .integer(seed(of: cell)), .integer(bias.steps),
            .text(bias.parameter), CSVField(bias.cosine), CSVField(bias.normRatio),
            CSVField(bias.relativeBias), CSVField(bias.predictedBias),
          ])
      }
    }
    return table
  }

  /// The gradient as a whole; the table has every parameter.
  package var truncationSummary: JSONValue {
    .array(
      cells.flatMap { cell in
        cell.truncation.filter { $0.parameter == "all" }.map { bias -> JSONValue in
          entry(
            of: cell,
            [
              "steps": .integer(bias.steps),
              "cosine": JSONValue(bias.cosine), "norm_ratio": JSONValue(bias.normRatio),
              "relative_bias": JSONValue(bias.relativeBias),
              "predicted_bias": JSONValue(bias.predictedBias),
            ])
        }
      })
  }

  /// The gradient as a whole; nil without `--truncation`.
  package func truncationTable(unicode: Bool) -> TextTable? {
    guard hasTruncation else { return nil }
    var table = TextTable("cell", "K", "cosine", "norm ratio", "bias", "expected")
    func text(_ value: Double?) -> String { value.map(NumberText.significant) ?? "-" }
    for cell in cells where cell.isFirst(of: study.seed) {
      let name = Self.shortened(cell.subject.label, unicode: unicode).escaped
      for (index, bias) in cell.truncation.filter({ $0.parameter == "all" }).enumerated() {
        table.append([
          index == 0 ? name : "", String(bias.steps), text(bias.cosine), text(bias.normRatio),
          text(bias.relativeBias), text(bias.predictedBias),
        ])
      }
    }
    return table
  }

  package static func truncationLegend(unicode: Bool) -> String {
    let (cut, whole) = unicode ? ("‖g_K − g‖", "‖g‖") : ("|g_K - g|", "|g|")
    return "bias: \(cut)/\(whole), the share that is left out; expected: by the decay curve;\n"
      + "truncation.csv has every parameter"
  }

  package var truncationFigure: CurvesFigure {
    CurvesFigure(
      title: "What is left out of the gradient when it is cut after K steps",
      subtitle: subtitleOfFirstSeed,
      horizontal: ("K: steps that are backpropagated through", .logarithmic),
      vertical: ("||g_K − g|| / ||g||", .logarithmic),
      curves: cells.filter { $0.isFirst(of: study.seed) }.flatMap { cell in
        let whole = cell.truncation.filter { $0.parameter == "all" }
        func line(_ kind: String, _ value: (TruncationBias) -> Double?) -> CurvesFigure.Curve {
          CurvesFigure.Curve(
            label: cell.subject.label, kind: kind,
            points: whole.map { (Double($0.steps), value($0) ?? .nan) })
        }
        return [
          line("measured", \.relativeBias), line("predicted by the decay curve", \.predictedBias),
        ]
      })
  }
}
