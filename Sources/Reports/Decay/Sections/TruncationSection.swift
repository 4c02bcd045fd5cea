import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// What truncated backpropagation leaves out: `truncation.csv` and its figure.
///
/// For each of ``DecayStudy/cuts``, the gradient g_K that is cut after K steps is compared with the
/// whole gradient g, parameter by parameter: their cosine, ‖g_K‖/‖g‖, and ‖g_K − g‖/‖g‖. A model has
/// one entry, or none without cuts.
public struct TruncationSection: DecaySection {
  public let name = "truncation"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [[TruncationBias]] {
    let biases = TruncationBias.measure(
      probe.model, probe.parameters, batch: probe.batch, cuts: probe.study.cuts,
      curves: probe.measurement.curves, recompute: probe.study.recompute)
    return biases.isEmpty ? [] : [biases]
  }

  public var tables: [DecayTable<[TruncationBias]>] {
    [
      DecayTable(
        name,
        values: [
          "steps", "parameter", "cosine", "norm_ratio", "relative_bias", "predicted_bias",
        ],
        rows: { biases in
          biases.map {
            [
              .integer($0.steps), .text($0.parameter), CSVField($0.cosine),
              CSVField($0.normRatio), CSVField($0.relativeBias), CSVField($0.predictedBias),
            ]
          }
        })
    ]
  }

  /// The gradient as a whole; the table has every parameter.
  public func summary(of biases: [TruncationBias]) -> [JSONObject] {
    biases.ofWholeGradient.map {
      [
        "steps": .integer($0.steps),
        "cosine": JSONValue($0.cosine), "norm_ratio": JSONValue($0.normRatio),
        "relative_bias": JSONValue($0.relativeBias),
        "predicted_bias": JSONValue($0.predictedBias),
      ]
    }
  }

  public func figure(
    of shown: [MeasuredEntry<[TruncationBias]>], in report: DecayReport
  ) -> (any Figure)? {
    CurvesFigure(
      title: "What is left out of the gradient when it is cut after K steps",
      subtitle: report.subtitleOfFirstSeed,
      horizontal: ("K: steps that are backpropagated through", .logarithmic),
      vertical: ("||g_K − g|| / ||g||", .logarithmic),
      curves: shown.flatMap { measured in
        func line(_ kind: String, _ value: (TruncationBias) -> Double?) -> CurvesFigure.Curve {
          CurvesFigure.Curve(
            label: measured.label, kind: kind,
            points: measured.entry.ofWholeGradient.map { (Double($0.steps), value($0) ?? .nan) })
        }
        return [
          line("measured", \.relativeBias), line("predicted by the decay curve", \.predictedBias),
        ]
      })
  }

  public func printout(
    of shown: [MeasuredEntry<[TruncationBias]>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout? {
    func text(_ value: Double?) -> String { value.map(NumberText.significant) ?? "-" }
    let (cut, whole) = unicode ? ("‖g_K − g‖", "‖g‖") : ("|g_K - g|", "|g|")
    return DecayPrintout(
      title: "Gradient cut after K steps, against the whole one" + report.firstSeedNote,
      header: ["cell", "K", "cosine", "norm ratio", "bias", "expected"],
      rows: shown.flatMap { measured in
        let name = DecayPrintout.shortened(measured.label, unicode: unicode)
        return measured.entry.ofWholeGradient.enumerated().map { index, bias in
          [
            index == 0 ? name : "", String(bias.steps), text(bias.cosine), text(bias.normRatio),
            text(bias.relativeBias), text(bias.predictedBias),
          ]
        }
      },
      keys: 2,
      legend: "bias: \(cut)/\(whole), the share that is left out; expected: by the decay curve;\n"
        + "truncation.csv has every parameter")
  }
}

extension [TruncationBias] {
  fileprivate var ofWholeGradient: [TruncationBias] { filter { $0.parameter == "all" } }
}
