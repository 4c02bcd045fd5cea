import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// Lyapunov exponents and singular values of Jacobians, layer by layer: `exponents.csv`,
/// `exponents-convergence.csv`, `singular-values.csv`, and a figure.
///
/// A Lyapunov exponent is the mean logarithm of the factor by which a step stretches the state in one
/// direction; ``MeasuredExponents`` says more. Models have entries where ``DecayStudy/exponents`` asks
/// for them.
public struct ExponentsSection: DecaySection {
  public let name = "exponents"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [MeasuredExponents] {
    probe.study.exponents?.measure(probe) ?? []
  }

  public var tables: [DecayTable<MeasuredExponents>] {
    let place: @Sendable (MeasuredExponents) -> [CSVField] = { [.integer($0.layer)] }
    return [
      DecayTable(
        name, place: ["layer"], values: ["index", "exponent", "deviation"], place: place,
        rows: { ($0.spectrum?.exponents ?? []).rows }),
      // Of the ten largest.
      DecayTable(
        "exponents-convergence", place: ["layer"],
        values: ["steps", "index", "exponent", "deviation"], place: place,
        rows: { layer in
          (layer.spectrum?.running ?? []).flatMap { step, exponents in
            Array(exponents.prefix(10)).rows.map { [.integer(step)] + $0 }
          }
        }),
      DecayTable(
        "singular-values", place: ["layer"], values: ["lag", "index", "log_singular_value"],
        place: place,
        rows: { layer in
          layer.jacobians.map { jacobians in
            zip(jacobians.lags, jacobians.logSingularValues).flatMap { lag, logs in
              logs.enumerated().map { [.integer(lag), .integer($0 + 1), .number($1)] }
            }
          }
        }),
    ]
  }

  public func summary(of layer: MeasuredExponents) -> [JSONObject] {
    let spectrum = layer.spectrum
    return [
      [
        "layer": .integer(layer.layer), "steps": JSONValue(spectrum?.steps),
        "warmup": JSONValue(spectrum?.warmUp), "rows": JSONValue(spectrum?.rows),
        "largest_exponent": JSONValue(finite: layer.largest?.mean),
        "largest_exponent_deviation": JSONValue(layer.largest?.deviation),
        "geometric_slope": JSONValue(finite: layer.slope),
        "spectrum": spectrum.map { .array($0.exponents.map { JSONValue(finite: $0.mean) }) }
          ?? .null,
        "lost_directions": JSONValue(layer.lost),
        "spectral_radius": JSONValue(layer.bound.spectralRadius),
        "largest_singular_value": JSONValue(layer.bound.largestSingularValue),
        "bound": JSONValue(layer.bound.bound),
      ]
    ]
  }

  public func figure(
    of shown: [MeasuredEntry<MeasuredExponents>], in report: DecayReport
  ) -> (any Figure)? {
    ExponentsFigure(
      subtitle: report.subtitleOfFirstSeed,
      layers: shown.map { measured in
        let layer = measured.entry
        return ExponentsFigure.Layer(
          label: label(of: measured, in: report),
          norms: layer.geometricMeans, slope: layer.slope, bound: layer.bound.bound,
          exponents: (layer.spectrum?.exponents ?? []).map(\.point),
          running: (layer.spectrum?.running ?? []).compactMap { step, exponents in
            exponents.first.map { (step, $0.point) }
          })
      })
  }

  public func printout(
    of shown: [MeasuredEntry<MeasuredExponents>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout? {
    func text(_ value: Double?) -> String { value.map(NumberText.significant) ?? "-" }
    func rate(_ value: Double?) -> String { value.map(NumberText.rate) ?? "-" }
    let (factor, sigma) = unicode ? ("e^λ", "σ max") : ("e^it", "s max")
    let steps = report.study.exponents.map { $0.steps - 2 * $0.warmUp } ?? 0
    return DecayPrintout(
      title: "Lyapunov exponents over \(NumberText.count(steps, "step")), "
        + "mean over \(NumberText.count(report.study.data.shape.rows, "sequence"))"
        + report.firstSeedNote,
      header: ["cell", "largest", "deviation", factor, "curve", "radius", sigma, "bound"],
      rows: shown.map { measured in
        let layer = measured.entry
        return [
          DecayPrintout.shortened(label(of: measured, in: report), unicode: unicode),
          text(layer.largest?.mean), text(layer.largest?.deviation),
          rate(layer.largest.map { exp($0.mean) }), rate(layer.slope.map { exp($0) }),
          rate(layer.bound.spectralRadius), rate(layer.bound.largestSingularValue),
          rate(layer.bound.bound),
        ]
      },
      legend: """
        largest: exponent in ln a step, with its deviation over the sequences; \(factor): the
        factor it predicts, beside the curve's; radius and \(sigma): largest eigenvalue and
        singular value of W_hh; bound: \(sigma) times the activation's largest slope
        """)
  }

  private func label(
    of measured: MeasuredEntry<MeasuredExponents>, in report: DecayReport
  ) -> String {
    report.hasLayers ? "\(measured.label) l\(measured.entry.layer)" : measured.label
  }
}

extension [LyapunovSpectrum.Estimate] {
  /// A row for each: its number from 1, mean, deviation.
  fileprivate var rows: [[CSVField]] {
    enumerated().map { [.integer($0 + 1), .number($1.mean), CSVField($1.deviation)] }
  }
}

extension LyapunovSpectrum.Estimate {
  fileprivate var point: ExponentsFigure.Estimate { (mean, deviation ?? 0) }
}

extension JSONValue {
  /// The number, null where it is infinite.
  fileprivate init(finite number: Double?) {
    self.init(number.flatMap { $0.isFinite ? $0 : nil })
  }
}
