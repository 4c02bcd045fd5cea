import Foundation
import UnrollText

/// Lyapunov exponents beside the decay they predict: the geometric-mean curve with the slope of the
/// largest exponent and the bound that W_hh sets; below it the whole spectrum, and how the largest
/// exponent converges. One color for each cell.
public struct ExponentsFigure: Figure {
  /// An exponent in ln per step, −∞ for a direction that is lost, and its deviation over rows.
  public typealias Estimate = (mean: Double, deviation: Double)

  /// What was measured of one layer of one model.
  public struct Layer: Sendable {
    /// The cell specification, and the layer where there are several; decides the color.
    public var label: String
    /// The geometric mean of the gradient's norm at lag 0, 1, 2, ….
    public var norms: [Double]
    /// The fitted slope of their logarithm.
    public var slope: Double?
    /// The factor that no step exceeds.
    public var bound: Double?
    /// Descending.
    public var exponents: [Estimate]
    /// The largest exponent as it was estimated after so many steps.
    public var running: [(step: Int, estimate: Estimate)]

    /// A layer with its measured decay and its estimated exponents.
    public init(
      label: String, norms: [Double], slope: Double?, bound: Double?, exponents: [Estimate],
      running: [(step: Int, estimate: Estimate)]
    ) {
      self.label = label
      self.norms = norms
      self.slope = slope
      self.bound = bound
      self.exponents = exponents
      self.running = running
    }

    /// Lag and log₁₀ of the norm.
    var curve: [[Double]] {
      norms.enumerated().map { [Double($0), Axis.hasLogarithm($1) ? log10($1) : .nan] }
    }

    /// A line from g(0) with this factor's logarithm a step, over the curve's lags, in log₁₀.
    func line(_ slope: Double) -> [[Double]]? {
      guard let first = norms.first, first > 0, first.isFinite, slope.isFinite else { return nil }
      let last = Double(max(norms.count - 1, 1))
      return [[0, log10(first)], [last, log10(first) + slope * last / log(10)]]
    }
  }

  /// The figure's title.
  public var title = "Lyapunov exponents and the decay they predict"
  /// The line below the title.
  public var subtitle: String
  /// The layers, in the order of the key.
  public var layers: [Layer]

  /// A figure of `layers`.
  public init(subtitle: String, layers: [Layer]) {
    self.subtitle = subtitle
    self.layers = layers
  }
}

extension ExponentsFigure {
  private static let upperBottom = 436
  private static let lowerTop = 536
  private static let lowerBottom = 761

  private func color(_ index: Int) -> String { Palette.series[index % Palette.series.count] }

  private func band(_ index: Int) -> String {
    "fc rgb '\(color(index))' fs transparent solid 0.15 noborder"
  }

  public var drawing: Drawing {
    let key = KeyBelow(
      layers.map { ($0.label, finding(of: $0)) } + keyedLines.map { ($0.meaning ?? "", "") },
      below: Self.lowerBottom)
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.commands.append("set multiplot")
    addDecayPanel(to: &drawing, key)
    drawing.commands += ["unset label", "unset key"]
    addSpectrumPanel(to: &drawing)
    addConvergencePanel(to: &drawing)
    drawing.commands.append("unset multiplot")
    return drawing
  }

  // MARK: The decay

  /// The lines of a layer in the decay's panel: a broad pale one for the gradient, so that the
  /// exponent's dashes show where they lie on it; dots for the bound.
  private enum Line: String, CaseIterable {
    case gradient, exponent, bound

    func look(_ color: String) -> String {
      switch self {
      case .gradient: "lines lw 5 dt solid lc rgb '\(color.replacing("#", with: "#90"))'"
      case .exponent: "lines lw 1.8 dt (7,4) lc rgb '\(color)'"
      case .bound: "lines lw 1.8 dt (2,3) lc rgb '\(color)'"
      }
    }

    /// What the key says of all lines of this kind.
    var meaning: String? {
      switch self {
      case .gradient: nil
      case .exponent: "slope of the largest exponent"
      case .bound: "bound σmax·γ of W_hh"
      }
    }
  }

  private func slope(of line: Line, _ layer: Layer) -> Double? {
    switch line {
    case .gradient: layer.slope
    case .exponent: layer.exponents.first.map(\.mean)
    case .bound: layer.bound.map { log($0) }
    }
  }

  /// For example `0.627/step, e^λ₁ = 0.622, bound 1.15, 3 of 128 directions lost`.
  private func finding(of layer: Layer) -> String {
    func factor(_ slope: Double?) -> String? {
      slope.flatMap { $0.isFinite ? NumberText.shortRate(exp($0)) : nil }
    }
    let lost = layer.exponents.filter { $0.mean == -.infinity }.count
    let parts = [
      factor(layer.slope).map { "\($0)/step" },
      factor(slope(of: .exponent, layer)).map { "e^λ₁ = \($0)" },
      factor(slope(of: .bound, layer)).map { "bound \($0)" },
      lost > 0 ? "\(lost) of \(layer.exponents.count) directions lost" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// The kinds of lines that some layer has, apart from the gradients.
  private var keyedLines: [Line] {
    Line.allCases.filter { line in
      line.meaning != nil && layers.contains { slope(of: line, $0)?.isFinite ?? false }
    }
  }

  private func addDecayPanel(to drawing: inout Drawing, _ key: KeyBelow) {
    var plots: [String] = []
    var shown: [Double] = []
    for (index, layer) in layers.enumerated() {
      for line in Line.allCases {
        let rows = line == .gradient ? layer.curve : slope(of: line, layer).flatMap(layer.line)
        guard let rows else { continue }
        let block = DataBlock(
          curve: "\(line.rawValue)\(index)", columns: "lag log10_norm", rows: rows)
        drawing.data.append(block)
        if line != .bound { shown += rows.map { $0[1] } }
        let title = line == .gradient ? " \(key.title(index))" : ""
        plots.append("\(block.source("1:2")) with \(line.look(color(index)))\(title)")
      }
    }
    plots += keyedLines.enumerated().map { index, line in
      "NaN with \(line.look(Palette.grey)) \(key.title(layers.count + index))"
    }
    let finite = shown.filter(\.isFinite)
    drawing.addAxisTitle(
      markup: "geometric mean of ||∂ℓ/∂s_{T−k}||, with lines from its value at lag 0", x: 20,
      y: Drawing.axisTitle)
    drawing.placePlot(
      left: 90, right: 25, top: Drawing.plotTop, bottom: drawing.height - Self.upperBottom)
    let last = max(1, (layers.map(\.norms.count).max() ?? 0) - 1)
    drawing.commands += Axis.linear([0, Double(last)], tics: 10, whole: true).commands("x")
    drawing.commands += decayAxis(finite).commands("y")
    drawing.commands.append("set xlabel 'lag k: steps before the loss'")
    if finite.isEmpty { drawing.addNote("nothing to draw: every norm is zero or not finite") }
    drawing.commands.append(plotCommand(plots))
  }

  /// It holds curves and exponents, with some room above; a bound may leave it.
  private func decayAxis(_ logs: [Double]) -> Axis {
    guard let low = logs.min(), let high = logs.max() else {
      return .aroundOne(tics: 8)
    }
    let bounds = layers.compactMap { layer in
      slope(of: .bound, layer).flatMap(layer.line)?.map { $0[1] }.max()
    }
    let top = max(high, min(bounds.max() ?? high, high + 0.2 * (high - low)))
    if top - low <= 4, low > -300, top < 300,
      let axis = Axis.logarithmic([low, top].map { pow(10, $0) }, tics: 8)
    {
      return axis
    }
    // In log₁₀, where the numbers themselves may be out of range.
    var axis = Axis.linear([low, top], tics: 8, whole: true)
    axis.tics = axis.tics.map { tic in
      let power = NumberText.fixed(tic.at, decimals: 0)
      return Axis.Tic(
        at: tic.at, label: "10^{\(power.replacing("-", with: "−"))}", plainLabel: "1e\(power)")
    }
    return axis
  }

  // MARK: The spectrum

  private func addSpectrumPanel(to drawing: inout Drawing) {
    var plots: [String] = []
    var shown: [Double] = []
    for (index, layer) in layers.enumerated() {
      let count = Double(max(layer.exponents.count, 1))
      let block = DataBlock(
        curve: "spectrum\(index)", columns: "share exponent low high",
        rows: layer.exponents.indices.lazy.map { place in
          row((Double(place) + 0.5) / count, layer.exponents[place])
        }, values: 1..<4)
      drawing.data.append(block)
      shown += block.rows.flatMap { $0.dropFirst() }
      plots += bandAndLine(
        block, index, points: layers.allSatisfy { $0.exponents.count <= 40 })
    }
    drawing.addAxisTitle(
      markup: "Lyapunov exponents λ_i, ln per step", x: 20, y: Self.lowerTop - 18)
    drawing.placePlot(
      left: 90, right: 480, top: Self.lowerTop, bottom: drawing.height - Self.lowerBottom)
    drawing.commands += Axis.linear([0, 1], tics: 5).commands("x")
    drawing.commands += exponentAxis(shown).commands("y")
    drawing.commands.append("set xlabel 'share of the state’s directions'")
    let lost = layers.flatMap(\.exponents).filter { $0.mean == -.infinity }.count
    if shown.allSatisfy({ !$0.isFinite }) {
      drawing.addNote(lost > 0 ? "every direction is lost" : "nothing to draw")
    }
    drawing.commands.append(plotCommand(plots))
  }

  // MARK: Convergence

  private func addConvergencePanel(to drawing: inout Drawing) {
    var plots: [String] = []
    var shown: [Double] = []
    for (index, layer) in layers.enumerated() {
      let block = DataBlock(
        curve: "running\(index)", columns: "steps exponent low high",
        rows: layer.running.lazy.map { row(Double($0.step), $0.estimate) }, values: 1..<4)
      drawing.data.append(block)
      shown += block.rows.flatMap { $0.dropFirst() }
      plots += bandAndLine(block, index, points: false)
      if let slope = layer.slope, slope.isFinite, abs(slope) <= Axis.largest {
        shown.append(slope)
        plots.append(
          "\(NumberText.data(slope)) with lines lw 1.2 dt (2,3) lc rgb '\(color(index))'")
      }
    }
    drawing.commands.append("unset label")
    drawing.addAxisTitle(
      markup: "λ_1 as more steps count   (dotted: the curve’s slope)", x: 480,
      y: Self.lowerTop - 18)
    drawing.placePlot(
      left: 545, right: 25, top: Self.lowerTop, bottom: drawing.height - Self.lowerBottom)
    let last = Double(layers.flatMap { $0.running.map(\.step) }.max() ?? 1)
    drawing.commands += Axis.linear([0, last], tics: 5, whole: true).commands("x")
    drawing.commands += exponentAxis(shown).commands("y")
    drawing.commands.append("set xlabel 'steps counted'")
    drawing.commands.append(plotCommand(plots))
  }

  /// Wide enough that rounding does not look like a spectrum.
  private func exponentAxis(_ values: [Double]) -> Axis {
    let finite = values.filter { abs($0) <= Axis.largest }
    guard let low = finite.min(), let high = finite.max(), high - low < 1e-6 else {
      return .linear(finite, tics: 6, margin: 0.04)
    }
    let room = max(1e-3, 1e-3 * abs(low))
    return .linear([low - room, high + room], tics: 6)
  }

  /// x, the mean, and one deviation to either side.
  private func row(_ x: Double, _ estimate: Estimate) -> [Double] {
    let mean = abs(estimate.mean) <= Axis.largest ? estimate.mean : .nan
    return [x, mean, mean - estimate.deviation, mean + estimate.deviation]
  }

  private func bandAndLine(_ block: DataBlock, _ index: Int, points: Bool) -> [String] {
    let band = block.source("1:3:4")
    let line = block.source("1:2")
    guard band != "NaN" else { return [] }
    let look = points ? "linespoints pt 7 ps 0.5" : "lines"
    return [
      "\(band) with filledcurves \(self.band(index))",
      "\(line) with \(look) lw 2 lc rgb '\(color(index))'",
    ]
  }
}
