import Foundation

/// Lyapunov exponents beside the decay they predict: the geometric-mean curve with the slope of the
/// largest exponent and the bound that W_hh sets; below it the whole spectrum, and how the largest
/// exponent converges. One colour for each cell.
public struct ExponentsFigure: Figure {
  /// An exponent in ln per step, −∞ for a direction that is lost, and its deviation over rows.
  public typealias Estimate = (mean: Double, deviation: Double)

  public struct Layer: Sendable {
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

    /// A line from g(0) with this factor's logarithm a step, over the curve's lags, in log₁₀.
    func line(_ slope: Double) -> [[Double]]? {
      guard let first = norms.first, first > 0, first.isFinite, slope.isFinite else { return nil }
      let last = Double(max(norms.count - 1, 1))
      return [[0, log10(first)], [last, log10(first) + slope * last / log(10)]]
    }
  }

  public var title = "Lyapunov exponents and the decay they predict"
  public var subtitle: String
  public var layers: [Layer]

  public init(subtitle: String, layers: [Layer]) {
    self.subtitle = subtitle
    self.layers = layers
  }
}

extension ExponentsFigure {
  private static let upperBottom = 430
  private static let lowerTop = 530
  private static let lowerBottom = 755

  private func colour(_ index: Int) -> String { Palette.series[index % Palette.series.count] }

  private func band(_ index: Int) -> String {
    "fc rgb '\(colour(index))' fs transparent solid 0.15 noborder"
  }

  public var drawing: Drawing {
    let entries = layers.flatMap { lines(of: $0).map(\.text) }
    let key = KeyBelow(entries)
    var drawing = Drawing(width: 900, height: Self.lowerBottom + key.height)
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

  /// The lines of a layer in the decay's panel: what the key says, and how they are drawn.
  private func lines(of layer: Layer) -> [(text: String, look: String)] {
    let label = GnuplotText.shortened(layer.label, to: 40)
    var result = [
      (
        "\(label): gradient" + (layer.slope.map { ", \(NumberText.rate(exp($0)))/step" } ?? ""),
        "lines lw 2.5 dt solid"
      )
    ]
    if let largest = layer.exponents.first, largest.mean.isFinite {
      result.append(
        ("\(label): e^λ₁ = \(NumberText.rate(exp(largest.mean)))", "lines lw 2 dt (7,4)"))
    }
    if let bound = layer.bound {
      result.append(("\(label): bound σmax·γ = \(NumberText.rate(bound))", "lines lw 2 dt (2,3)"))
    }
    return result
  }

  private func addDecayPanel(to drawing: inout Drawing, _ key: KeyBelow) {
    var plots: [String] = []
    var shown: [Double] = []
    for (index, layer) in layers.enumerated() {
      let curve = DataBlock(
        name: "gradient\(index)", columns: "lag log10_norm",
        rows: layer.norms.enumerated().map { lag, norm in
          [Double(lag), norm > 0 && norm.isFinite ? log10(norm) : .nan]
        })
      var blocks = [curve]
      if let largest = layer.exponents.first, largest.mean.isFinite {
        let rows = layer.line(largest.mean) ?? []
        blocks.append(
          DataBlock(name: "exponent\(index)", columns: "lag log10_norm", rows: rows))
        shown += rows.map { $0[1] }
      }
      if let bound = layer.bound {
        blocks.append(
          DataBlock(
            name: "bound\(index)", columns: "lag log10_norm", rows: layer.line(log(bound)) ?? []))
      }
      shown += curve.rows.map { $0[1] }
      drawing.data += blocks
      for (block, entry) in zip(blocks, lines(of: layer)) {
        plots.append(
          "\(block.source("1:2")) with \(entry.look) lc rgb '\(colour(index))' "
            + "title \(GnuplotText.plain(entry.text))")
      }
    }
    let finite = shown.filter(\.isFinite)
    drawing.addAxisTitle(
      markup: "geometric mean of ||∂ℓ/∂s_{T−k}||, with lines from its value at lag 0", x: 20, y: 78)
    drawing.placePlot(
      left: 90, right: 25, top: 96, bottom: drawing.height - Self.upperBottom)
    let last = max(1, (layers.map(\.norms.count).max() ?? 0) - 1)
    drawing.commands += Axis.linear([0, Double(last)], tics: 10, whole: true).commands("x")
    drawing.commands += decayAxis(finite).commands("y")
    drawing.commands.append("set xlabel 'lag k: steps before the loss'")
    drawing.place(key, belowPlotAt: Self.lowerBottom)
    if finite.isEmpty { drawing.addNote("nothing to draw: every norm is zero or not finite") }
    drawing.commands.append(plotCommand(plots))
  }

  /// It holds curves and exponents, with some room above; a bound may leave it.
  private func decayAxis(_ logs: [Double]) -> Axis {
    guard let low = logs.min(), let high = logs.max() else {
      return Axis.logarithmic([0.1, 10], tics: 8) ?? Axis(low: -1, high: 1, tics: [])
    }
    let room = layers.contains { $0.bound != nil } ? 0.2 * (high - low) : 0
    // In log₁₀, where the numbers themselves may be out of range.
    return Axis.powers(
      from: Int(low.rounded(.down)), to: Int((high + room).rounded(.up)), count: 8)
  }

  // MARK: The spectrum

  private func addSpectrumPanel(to drawing: inout Drawing) {
    var plots: [String] = []
    var shown: [Double] = []
    for (index, layer) in layers.enumerated() {
      let count = Double(max(layer.exponents.count, 1))
      let block = DataBlock(
        name: "spectrum\(index)", columns: "share exponent low high",
        rows: layer.exponents.enumerated().map { place, estimate in
          row((Double(place) + 0.5) / count, estimate)
        })
      drawing.data.append(block)
      shown += block.rows.flatMap { $0.dropFirst() }
      plots += bandAndLine(block, index, points: layer.exponents.count <= 40)
    }
    drawing.addAxisTitle(
      markup: "Lyapunov exponents λ_i, ln per step", x: 20, y: Self.lowerTop - 18)
    drawing.placePlot(
      left: 90, right: 480, top: Self.lowerTop, bottom: drawing.height - Self.lowerBottom)
    drawing.commands += Axis.linear([0, 1], tics: 5).commands("x")
    drawing.commands += Axis.linear(shown.filter(\.isFinite), tics: 6, margin: 0.04).commands("y")
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
        name: "running\(index)", columns: "steps exponent low high",
        rows: layer.running.map { row(Double($0.step), $0.estimate) })
      drawing.data.append(block)
      shown += block.rows.flatMap { $0.dropFirst() }
      plots += bandAndLine(block, index, points: false)
      if let slope = layer.slope, slope.isFinite, abs(slope) <= Axis.largest {
        shown.append(slope)
        plots.append(
          "\(NumberText.data(slope)) with lines lw 1.2 dt (2,3) lc rgb '\(colour(index))'")
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
    drawing.commands += Axis.linear(shown.filter(\.isFinite), tics: 6, margin: 0.04).commands("y")
    drawing.commands.append("set xlabel 'steps counted'")
    drawing.commands.append(plotCommand(plots))
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
      "\(line) with \(look) lw 2 lc rgb '\(colour(index))'",
    ]
  }
}
