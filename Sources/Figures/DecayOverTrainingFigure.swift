import Foundation
import UnrollText

/// A decay curve while the network learns: a heat map of log ‖∂ℓ/∂·‖ over update and lag, with the
/// loss, and the half-life and horizon, above it on the same axis.
public struct DecayOverTrainingFigure: Figure {
  /// The curve measured after `step` updates.
  public struct Measurement: Sendable {
    /// The number of updates made before the measurement.
    public var step: Int
    /// The mean norm at lag 0, 1, 2, …; zero and what is not finite are gaps.
    public var norms: [Double]
    /// Steps until the norm has halved, for an exponential curve.
    public var halfLife: Double?
    /// The largest lag with at least 1% of the norm at lag 0.
    public var horizon: Int?

    /// A curve measured after `step` updates, with the result of its fit.
    public init(step: Int, norms: [Double], halfLife: Double?, horizon: Int?) {
      self.step = step
      self.norms = norms
      self.halfLife = halfLife
      self.horizon = horizon
    }
  }

  /// The most columns and rows of the heat map; more measurements or lags are thinned.
  static let resolution = 100

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// What the gradient is taken by: `h` or `c`.
  public var path: String
  /// In the order of their steps.
  public var measurements: [Measurement]
  /// The training loss after so many updates, and what it is.
  public var losses: [(step: Int, loss: Double)]
  /// What the loss is, with its unit where it has one.
  public var lossName: String

  /// A figure of `measurements` over the updates of one training run.
  public init(
    title: String, subtitle: String, path: String, measurements: [Measurement],
    losses: [(step: Int, loss: Double)], lossName: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.path = path
    self.measurements = measurements
    self.losses = losses
    self.lossName = lossName
  }
}

extension DecayOverTrainingFigure {
  private var lags: Int { measurements.map(\.norms.count).max() ?? 0 }

  private var stepAxis: Axis {
    .linear((measurements.map(\.step) + losses.map(\.step)).map(Double.init), tics: 10, whole: true)
  }

  /// Boxes of the heat map on an even grid: update, lag, half their sizes, and the norm of the
  /// measurement nearest to the column's update.
  private var heat: [[Double]] {
    guard let first = measurements.first?.step, let last = measurements.last?.step else {
      return []
    }
    let columns = min(measurements.count, Self.resolution)
    let rows = min(lags, Self.resolution)
    let width = columns > 1 ? Double(last - first) / Double(columns - 1) : 1
    let height = rows > 1 ? Double(lags - 1) / Double(rows - 1) : 1
    var place = 0
    return (0..<columns).flatMap { column -> [[Double]] in
      let step = Double(first) + width * Double(column)
      while place + 1 < measurements.count,
        abs(Double(measurements[place + 1].step) - step)
          <= abs(Double(measurements[place].step) - step)
      {
        place += 1
      }
      let norms = measurements[place].norms
      return (0..<rows).map { row in
        let lag = rows > 1 ? row * (lags - 1) / (rows - 1) : 0
        let norm = lag < norms.count ? norms[lag] : .nan
        return [
          // A little larger than its place, or the seams between the boxes show.
          step, height * Double(row), 0.52 * width, 0.52 * height,
          Axis.hasLogarithm(norm) ? norm : .nan,
        ]
      }
    }
  }

  public var drawing: Drawing {
    var drawing = Drawing(width: 900, height: 860)
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.commands.append("set multiplot")
    addLossPanel(to: &drawing)
    addReachPanel(to: &drawing)
    addHeatPanel(to: &drawing)
    drawing.commands.append("unset multiplot")
    return drawing
  }

  private func addLossPanel(to drawing: inout Drawing) {
    let shown = losses.filter { Axis.hasLogarithm($0.loss) }
    let block = DataBlock(
      curve: "loss", columns: "step loss",
      rows: shown.lazy.map { [Double($0.step), $0.loss] })
    drawing.data.append(block)
    drawing.addAxisTitle(text: "\(lossName), training", x: 20, y: 76)
    drawing.placePlot(left: 90, right: 120, top: 98, bottom: 640)
    drawing.commands += stepAxis.commands("x")
    drawing.commands += Axis.logarithmic(shown.map(\.loss), tics: 5)?.commands("y") ?? []
    if shown.isEmpty { drawing.addNote("no loss above zero") }
    drawing.commands.append(
      plotCommand([
        "\(block.source("1:(log10($2))")) with lines lw 1.5 lc rgb '\(Palette.blue)'"
      ]))
  }

  private func addReachPanel(to drawing: inout Drawing) {
    let block = DataBlock(
      curve: "reach", columns: "step half_life horizon",
      rows: measurements.lazy.map {
        [Double($0.step), $0.halfLife ?? .nan, $0.horizon.map(Double.init) ?? .nan]
      }, values: 1..<3)
    drawing.data.append(block)
    drawing.commands.append("unset label")
    drawing.addAxisTitle(text: "steps back", x: 20, y: 254)
    drawing.placeKey(right: 120, y: 254)
    drawing.placePlot(left: 90, right: 120, top: 270, bottom: 468)
    let values = measurements.flatMap { [$0.halfLife, $0.horizon.map(Double.init)] }
    drawing.commands += Axis.linear(values.compactMap(\.self) + [0], tics: 5).commands("y")
    drawing.commands.append(
      plotCommand([
        "\(block.source("1:3", column: 2)) with lines lw 1.5 lc rgb '\(Palette.vermillion)' "
          + "title 'horizon: 1% of lag 0'",
        "\(block.source("1:2")) with points pt 7 ps 0.5 lc rgb '\(Palette.green)' "
          + "title 'half-life, where exponential'",
      ]))
  }

  private func addHeatPanel(to drawing: inout Drawing) {
    let block = DataBlock(name: "heat", columns: "step lag half_width half_height norm", rows: heat)
    drawing.data.append(block)
    let norms = block.rows.map { $0[4] }
    let axis = Axis.logarithmic(norms, tics: 6)
    drawing.commands.append("unset label")
    drawing.addAxisTitle(markup: "lag k,  color: ||∂ℓ/∂\(path)_{T−k}||", x: 20, y: 426)
    drawing.placePlot(left: 90, right: 120, top: 442, bottom: 60)
    drawing.commands += [
      "set xlabel 'step (parameter updates)'", "unset key",
      "set palette defined (0 '#20124d', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725')",
      "set yrange [0:\(max(lags - 1, 1))]", "set ytics autofreq", "unset grid",
    ]
    if let axis {
      drawing.commands += axis.commands("cb")
      drawing.commands.append(
        "set colorbox user origin \(drawing.across(800)),\(drawing.down(800)) "
          + "size \(drawing.across(16)),\(NumberText.digits(358.0 / 860, 5))")
    } else {
      drawing.addNote("every norm is zero or not finite")
    }
    let boxes = block.source("1:2:($1-$3):($1+$3):($2-$4):($2+$4):(log10($5))", column: 4)
    drawing.commands.append(
      plotCommand([
        boxes == "NaN" ? boxes : boxes + " with boxxyerror fs solid 1 fc palette lw 0.4"
      ]))
  }
}
