import Foundation
import UnrollText

/// Decay curves: the norm of the gradient k steps before the loss, ‖∂ℓ/∂h_{T−k}‖, on a logarithmic
/// axis against the lag k. There is a line for each label and path.
///
/// `DecayFigure(curves:subtitle:)` takes curves with what a fit found; with UnrollReports, an
/// initializer of the same name takes measured curves and fits them.
public struct DecayFigure: TerminalFigure {
  /// One curve and what a fit said about it.
  public struct Curve: Sendable {
    /// The cell specification, for example `rnn/activation=relu`; it decides the line's color.
    public var label: String
    /// What the loss is differentiated by (`h`, `c`, `state`); it decides the line's dashes.
    public var path: String
    /// The mean norm at lag 0, 1, 2, …. Non-finite values are gaps, zeros are triangles at the foot.
    public var norms: [Double]
    /// The 10th and 90th percentile over the batch at each lag, drawn as a band.
    public var band: (low: [Double], high: [Double])?
    /// `exponential`, `growing`, `flat`, `bent`, `injected`, `too_short`, `zero` or `not_finite`.
    public var verdict: String
    /// The fitted factor per step.
    public var rate: Double?
    /// Steps until the norm has halved, for an exponential curve.
    public var halfLife: Double?
    /// Steps until the norm has doubled, for a growing curve.
    public var doublingTime: Double?

    /// - Precondition: the band's ends have as many values as `norms`.
    public init(
      label: String, path: String, norms: [Double], band: (low: [Double], high: [Double])? = nil,
      verdict: String, rate: Double? = nil, halfLife: Double? = nil, doublingTime: Double? = nil
    ) {
      require(
        band.map { $0.low.count == norms.count && $0.high.count == norms.count } ?? true,
        "a band has one value a lag: expected \(norms.count)")
      self.label = label
      self.path = path
      self.norms = norms
      self.band = band
      self.verdict = verdict
      self.rate = rate
      self.halfLife = halfLife
      self.doublingTime = doublingTime
    }

    /// For example `0.583/step, half-life 1.3`.
    package var finding: String {
      var parts: [String] = []
      if let rate, rate.isFinite { parts.append(NumberText.shortRate(rate) + "/step") }
      if let halfLife, halfLife.isFinite {
        parts.append("half-life " + NumberText.steps(halfLife))
      } else if let doublingTime, doublingTime.isFinite {
        parts.append("doubles in " + NumberText.steps(doublingTime))
      } else {
        parts.append(verdict)
      }
      return parts.joined(separator: ", ")
    }
  }

  /// The line above the plot.
  public var title = "Gradient reaching back through time"
  /// The data's sizes, where the loss is read, and when it was measured.
  public var subtitle: String
  /// In the order of the key.
  public var curves: [Curve]
  /// Thin dashed levels with a name each; drawn where they lie within the axis.
  public var levels: [(name: String, value: Double)]

  /// - Parameters:
  ///   - curves: in the order of the key.
  ///   - subtitle: the line below the title.
  ///   - levels: dashed levels with a name each, drawn where they lie within the axis.
  public init(
    curves: [Curve], subtitle: String, levels: [(name: String, value: Double)] = []
  ) {
    self.curves = curves
    self.subtitle = subtitle
    self.levels = levels
  }
}

extension DecayFigure {
  private func lagAxis(tics: Int) -> Axis {
    let lags = max(1, (curves.map(\.norms.count).max() ?? 0) - 1)
    return .linear([0, Double(lags)], tics: tics, whole: true)
  }

  /// The axis of norms; a decade around 1 when there is nothing to show.
  private func normAxis(withBands: Bool) -> (axis: Axis, isEmpty: Bool) {
    var values = curves.flatMap(\.norms)
    if withBands { values += curves.flatMap { ($0.band?.high ?? []) + ($0.band?.low ?? []) } }
    if curves.contains(where: { $0.norms.contains(where: Axis.hasLogarithm) }),
      let axis = Axis.logarithmic(values, tics: 8)
    {
      return (axis, false)
    }
    return (.aroundOne(tics: 8), true)
  }

  private var emptyNote: String { "nothing to draw: every norm is zero or not finite" }

  /// What a curve's color and dashes go by: its label and its path; where all curves are of one model of
  /// several layers, its layer and the path in it.
  var lookKeys: [(label: String, kind: String)] {
    let parts = curves.map { curve -> (label: String, kind: String)? in
      guard let match = curve.path.wholeMatch(of: /(.+) (l\d+)/) else { return nil }
      return (String(match.2), String(match.1))
    }
    let layers = parts.compactMap(\.self)
    guard Set(curves.map(\.label)).count == 1, layers.count == curves.count,
      Set(layers.map(\.label)).count > 1
    else { return curves.map { ($0.label, $0.path) } }
    return layers
  }

  private var looks: CurveLooks { CurveLooks(lookKeys) }

  var normLabel: String {
    let paths = Set(curves.map(\.path))
    return switch paths {
    case ["h"]: "||∂ℓ/∂h_{T−k}||"
    case ["c"]: "||∂ℓ/∂c_{T−k}||"
    case ["h", "c"]: "||∂ℓ/∂h_{T−k}||  and  ||∂ℓ/∂c_{T−k}||"
    default: "norm of the gradient at step T−k"
    }
  }

  /// Rows of lag, norm and, with a band, its two ends. The band's lower end stops at the plot's.
  private func rows(
    _ curve: Curve, lowest: Double
  ) -> some RandomAccessCollection<[Double]> {
    curve.norms.indices.lazy.map { lag in
      let norm = curve.norms[lag]
      var row = [Double(lag), Axis.hasLogarithm(norm) ? norm : .nan]
      if let band = curve.band {
        let shown = Axis.hasLogarithm(band.high[lag]) && band.low[lag] >= 0
        row += shown ? [max(band.low[lag], lowest), band.high[lag]] : [.nan, .nan]
      }
      return row
    }
  }
}

extension DecayFigure {
  /// Whether the curve of `path` is drawn beside those of its model's other paths: `state` holds h and c, so
  /// that beside h its curve would lie on theirs.
  package static func draws(_ path: String, beside paths: [String]) -> Bool {
    !path.hasPrefix("state") || !paths.contains { $0.hasPrefix("h") }
  }

  public var drawing: Drawing {
    let key = KeyBelow(
      curves.map { ("\($0.label) \($0.path)", $0.finding) }, below: Drawing.plotBottom)
    let looks = looks
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    let (axis, isEmpty) = normAxis(withBands: true)

    drawing.data = curves.enumerated().map { index, curve in
      DataBlock(
        curve: "curve\(index)",
        columns: curve.band == nil ? "lag norm" : "lag norm p10 p90",
        rows: rows(curve, lowest: max(pow(10, axis.low), .leastNonzeroMagnitude)),
        values: curve.band == nil ? 1..<2 : 1..<4)
    }
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.addAxisTitle(markup: normLabel, x: 20, y: Drawing.axisTitle)
    drawing.placePlot(
      left: 90, right: 25, top: Drawing.plotTop, bottom: drawing.height - Drawing.plotBottom)
    drawing.commands += lagAxis(tics: 10).commands("x") + axis.commands("y")
    drawing.commands.append("set xlabel 'lag k: steps before the loss'")
    if isEmpty { drawing.addNote(emptyNote) }
    drawing.addLevels(
      levels.map { ($0.name, log10($0.value)) }, within: axis, across: lagAxis(tics: 10),
      curves: drawing.data.map { $0.rows.map { ($0[0], log10($0[1])) } })

    var plots: [String] = []
    let keys = lookKeys
    for (place, block) in drawing.data.enumerated() where curves[place].band != nil {
      let band = block.source("1:(log10($3)):(log10($4))", column: 3)
      guard band != "NaN" else { continue }
      plots.append(
        "\(band) with filledcurves "
          + "fc rgb '\(looks.color(keys[place].label))' fs transparent solid 0.13 noborder")
    }
    plots += looks.plots(
      zip(drawing.data, keys).map { block, key in
        .init(label: key.label, kind: key.kind, block: block, using: "1:(log10($2))")
      })
    plots += curves.enumerated().compactMap { place, curve in
      drawing.addZeros(
        "curve\(place)", curve.norms, at: curve.norms.indices.map(Double.init), foot: axis.low,
        color: looks.color(keys[place].label))
    }
    plots += keys.enumerated().map { index, look in
      looks.sample(label: look.label, kind: look.kind, title: key.title(index))
    }
    drawing.commands.append(plotCommand(plots))
    return drawing
  }

  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    let (axis, isEmpty) = normAxis(withBands: false)
    drawing.data = curves.enumerated().map { index, curve in
      var curve = curve
      curve.band = nil
      return DataBlock(
        curve: "curve\(index)", columns: "lag norm", rows: self.rows(curve, lowest: 0))
    }
    drawing.commands = lagAxis(tics: 8).commands("x", plain: true) + axis.commands("y", plain: true)
    // Room for a mark at lag 0, which would lie on the axis.
    let last = max(1, Double((curves.map(\.norms.count).max() ?? 0) - 1))
    drawing.commands.append("set xrange [\(-0.02 * last):\(last)]")
    if isEmpty { drawing.addNote(emptyNote) }
    drawing.plotMarks("1:(log10($2))", marks: curves.indices.map(mark))
    return drawing
  }

  private func mark(_ index: Int) -> String { Palette.marks[index % Palette.marks.count] }

  public var terminalTitle: String { "norm of the gradient against lag k" }

  public var terminalKey: [TerminalKeyEntry] {
    curves.enumerated().map { index, curve in
      TerminalKeyEntry(
        mark: mark(index), name: "\(curve.label) \(curve.path)", finding: curve.finding)
    }
  }
}
