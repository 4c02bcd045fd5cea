import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollStudies
import UnrollText

/// Lyapunov exponents and Jacobians: `exponents.csv`, `exponents-convergence.csv`,
/// `singular-values.csv`, the figure `exponents` and the summary's `exponents`.
extension DecayReport {
  package var hasExponents: Bool { cells.contains { !$0.exponents.isEmpty } }

  private func place(_ cell: MeasuredModel, _ layer: MeasuredExponents) -> [CSVField] {
    cell.names + [.integer(layer.layer), .integer(seed(of: cell))]
  }

  package var exponentsCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "layer", "seed", "index", "exponent", "deviation",
    ])
    for cell in cells {
      for layer in cell.exponents {
        for (index, exponent) in (layer.spectrum?.exponents ?? []).enumerated() {
          table.append(place(cell, layer) + [.integer(index + 1)] + exponent.fields)
        }
      }
    }
    return table
  }

  /// Of the ten largest.
  package var convergenceCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "layer", "seed", "steps", "index", "exponent", "deviation",
    ])
    for cell in cells {
      for layer in cell.exponents {
        for (step, exponents) in layer.spectrum?.running ?? [] {
          for (index, exponent) in exponents.prefix(10).enumerated() {
            table.append(
              place(cell, layer) + [.integer(step), .integer(index + 1)] + exponent.fields)
          }
        }
      }
    }
    return table
  }

  package var singularValuesCSV: CSVWriter {
    var table = CSVWriter(columns: [
      "label", "cell", "layer", "seed", "lag", "index", "log_singular_value",
    ])
    for cell in cells {
      for layer in cell.exponents {
        guard let jacobians = layer.jacobians else { continue }
        for (lag, logs) in zip(jacobians.lags, jacobians.logSingularValues) {
          for (index, log) in logs.enumerated() {
            table.append(
              place(cell, layer) + [.integer(lag), .integer(index + 1), .number(log)])
          }
        }
      }
    }
    return table
  }

  package var exponentsSummary: JSONValue {
    .array(
      cells.flatMap { cell in
        cell.exponents.map { layer -> JSONValue in
          let spectrum = layer.spectrum
          return entry(
            of: cell,
            [
              "layer": .integer(layer.layer), "steps": JSONValue(spectrum?.steps),
              "warmup": JSONValue(spectrum?.warmUp), "rows": JSONValue(spectrum?.rows),
              "largest_exponent": JSONValue(finite: layer.largest?.mean),
              "largest_exponent_deviation": JSONValue(layer.largest?.deviation),
              "geometric_slope": JSONValue(finite: layer.slope),
              "spectrum": spectrum.map {
                .array($0.exponents.map { JSONValue(finite: $0.mean) })
              } ?? .null,
              "lost_directions": JSONValue(layer.lost),
              "spectral_radius": JSONValue(layer.bound.spectralRadius),
              "largest_singular_value": JSONValue(layer.bound.largestSingularValue),
              "bound": JSONValue(layer.bound.bound),
            ])
        }
      })
  }

  package var exponentsFigure: ExponentsFigure {
    ExponentsFigure(
      subtitle: subtitleOfFirstSeed,
      layers: cells.filter { $0.isFirst(of: study.seed) }.flatMap { cell in
        cell.exponents.map { layer in
          ExponentsFigure.Layer(
            label: hasLayers ? "\(cell.subject.label) l\(layer.layer)" : cell.subject.label,
            norms: layer.geometricMeans, slope: layer.slope, bound: layer.bound.bound,
            exponents: (layer.spectrum?.exponents ?? []).map(\.point),
            running: (layer.spectrum?.running ?? []).compactMap { step, exponents in
              exponents.first.map { (step, $0.point) }
            })
        }
      })
  }

  // MARK: Printing

  /// How they were measured.
  package var exponentsExtent: String {
    let steps = study.exponents.map { $0.steps - 2 * $0.warmUp } ?? 0
    return "over \(NumberText.count(steps)) steps, mean over \(study.data.shape.rows) sequences"
      + firstSeedNote
  }

  /// nil without exponents.
  package func exponentsTable(unicode: Bool) -> TextTable? {
    guard hasExponents else { return nil }
    var table = TextTable(header: [
      "cell", "largest", "deviation", unicode ? "e^λ" : "e^it", "curve", "radius",
      unicode ? "σ max" : "s max", "bound",
    ])
    func text(_ value: Double?) -> String { value.map(NumberText.significant) ?? "-" }
    func rate(_ value: Double?) -> String { value.map(NumberText.rate) ?? "-" }
    for cell in cells where cell.isFirst(of: study.seed) {
      for layer in cell.exponents {
        let label = hasLayers ? "\(cell.subject.label) l\(layer.layer)" : cell.subject.label
        let name = Self.shortened(label, unicode: unicode)
        table.append([
          name.escaped, text(layer.largest?.mean), text(layer.largest?.deviation),
          rate(layer.largest.map { exp($0.mean) }), rate(layer.slope.map { exp($0) }),
          rate(layer.bound.spectralRadius), rate(layer.bound.largestSingularValue),
          rate(layer.bound.bound),
        ])
      }
    }
    return table
  }

  /// What the table's columns mean.
  package func exponentsLegend(unicode: Bool) -> String {
    let (factor, sigma) = unicode ? ("e^λ", "σ max") : ("e^it", "s max")
    return """
      largest: exponent in ln a step, with its deviation over the sequences; \(factor): the
      factor it predicts, beside the curve's; radius and \(sigma): largest eigenvalue and
      singular value of W_hh; bound: \(sigma) times the activation's largest slope
      """
  }
}

extension LyapunovSpectrum.Estimate {
  fileprivate var fields: [CSVField] { [.number(mean), CSVField(deviation)] }

  fileprivate var point: ExponentsFigure.Estimate { (mean, deviation ?? 0) }
}

extension JSONValue {
  /// The number, null where it is infinite.
  fileprivate init(finite number: Double?) {
    self.init(number.flatMap { $0.isFinite ? $0 : nil })
  }
}
