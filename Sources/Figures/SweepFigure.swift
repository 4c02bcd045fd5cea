import Foundation
import UnrollText

/// What became of a sweep's runs over the values of one option with numbers: the solved share with its
/// interval above, the median loss with its quartiles below, a line for each combination of the other
/// options.
public struct SweepFigure: Figure {
  /// The figure's title.
  public var title: String
  /// The line below the title: task, sizes, seeds.
  public var subtitle: String
  /// The options that are varied.
  public let options: [String]
  /// The settings.
  public let groups: [SweepFigureGroup]
  /// What the loss is: `test loss (squared error)`.
  public var lossName: String
  /// The loss of a model that has learned nothing; nil where settings differ in it.
  public let baseline: Double?
  /// Which of the options lies on the horizontal axis.
  let across: Int
  private let axis: SweepAxis
  /// The options with several values that are not on the axis.
  private let others: [Int]
  /// Whether losses span so much that their logarithms are shown.
  private let isLogarithmic: Bool
  /// The mean norm that thresholds can be told in; nil without the second axis.
  public var meanNorm: Double?

  /// The figure of `groups`; nil where no option's values are numbers.
  ///
  /// - Parameter isCategorical: whether an option's values may be shown side by side where none has
  ///   numbers.
  public init?(
    title: String, subtitle: String, options: [String], groups: [SweepFigureGroup],
    lossName: String, baseline: Double?, isCategorical: Bool = false, meanNorm: Double? = nil
  ) {
    var candidates = options.indices.compactMap { place -> (Int, SweepAxis, Int)? in
      let values = groups.map { $0.values[place] }.distinct
      return SweepAxis(values).map { (place, $0, values.count) }
    }
    if candidates.isEmpty, isCategorical {
      candidates = options.indices.map { place in
        let values = groups.map { $0.values[place] }.distinct
        return (place, SweepAxis(categories: values), values.count)
      }
    }
    guard let best = candidates.max(by: { ($0.2, -$0.0) < ($1.2, -$1.0) }) else { return nil }
    let across = best.0
    (self.across, axis) = (across, best.1)
    others = options.indices.filter { place in
      place != across && Set(groups.map { $0.values[place] }).count > 1
    }
    isLogarithmic = Self.areLogarithmic(
      groups.compactMap { $0.loss?.median }.filter(\.isFinite) + (baseline.map { [$0] } ?? []))
    self.title = title
    self.subtitle = subtitle
    self.options = options
    self.groups = groups
    self.lossName = lossName
    self.baseline = baseline
    self.meanNorm = meanNorm
  }

  /// What a line is of.
  private func name(_ group: SweepFigureGroup) -> String {
    others.map { "\(options[$0]) \(group.values[$0].isEmpty ? "as given" : group.values[$0])" }
      .joined(separator: ", ")
  }

  public var drawing: Drawing {
    let series = groups.grouped(by: name)
    let names = series.map(\.key)
    let hasSolved = groups.contains { $0.solved != nil }
    let (lossTop, bottom) = (hasSolved ? 300 : 130, 560)
    let key = KeyBelow(names.count > 1 ? names.map { ($0, "") } : [], below: bottom + 16)
    var drawing = Drawing(width: 900, height: names.count > 1 ? key.canvasHeight : bottom + 60)
    let looks = CurveLooks(names.map { ($0, "") })
    for (place, members) in series.enumerated() {
      drawing.data.append(block(place, of: series.count, members.elements))
    }
    drawing.commands = Drawing.style + ["set multiplot", "set bars 0.6"]
    let note = hasSolved ? "bars: 95% of the share, quartiles of the loss" : "bars: quartiles"
    drawing.addHeading(title, subtitle.isEmpty ? note : "\(subtitle)  ·  \(note)")
    if hasSolved { addSolved(names, looks, to: &drawing) }
    addLoss(names, looks, top: lossTop, bottom: bottom, key: key, to: &drawing)
    drawing.commands.append("unset multiplot")
    return drawing
  }

  /// x solved low high loss low high, with an empty row before a value that stands apart. Series stand
  /// a little beside one another, so that their bars can be told apart.
  private func block(_ series: Int, of count: Int, _ members: [SweepFigureGroup]) -> DataBlock {
    let width = 0.012 * (axis.axis.high - axis.axis.low)
    let shift = (Double(series) - Double(count - 1) / 2) * min(width, 4 * width / Double(count))
    let rows =
      members.compactMap { group in axis.place(group.values[across]).map { (group, $0) } }
      .sorted { $0.1 < $1.1 }
      .flatMap { group, place -> [[Double]] in
        let (solved, loss) = (group.solved, group.loss)
        let row = [
          place + shift, solved?.share ?? .nan, solved?.low ?? .nan, solved?.high ?? .nan,
          shown(loss?.median), shown(loss?.low), shown(loss?.high ?? loss?.median),
        ]
        return axis.isApart(group.values[across]) ? [[], row] : [row]
      }
    return DataBlock(
      name: "series\(series)", columns: "place solved low high loss q1 q3", rows: rows)
  }

  private func addSolved(
    _ names: [String], _ looks: CurveLooks, to drawing: inout Drawing
  ) {
    drawing.placePlot(left: 85, right: 30, top: 110, bottom: drawing.height - 250)
    drawing.addText(
      "share of runs that solved the task", label: 3, x: 24, y: 84, size: 12, color: Palette.ink)
    drawing.commands += axis.commands
    drawing.commands += Axis(
      low: -0.04, high: 1.04,
      tics: [0, 0.5, 1].map { .init(at: $0, label: NumberText.digits($0, 2), plainLabel: "") }
    ).commands("y")
    drawing.commands += ["set format x ''", "set xtics format ''"]
    drawing.commands.append(
      plotCommand(plots(names, looks, value: 2, low: 3, high: 4, key: nil, in: drawing)))
  }

  private func addLoss(
    _ names: [String], _ looks: CurveLooks, top: Int, bottom: Int, key: KeyBelow,
    to drawing: inout Drawing
  ) {
    let losses = groups.flatMap { [$0.loss?.median, $0.loss?.low, $0.loss?.high] }
      .compactMap(\.self).filter { $0.isFinite && $0 > 0 }
    if groups.contains(where: { $0.solved != nil }) { drawing.commands.append("unset label") }
    drawing.placePlot(left: 85, right: 30, top: top, bottom: drawing.height - bottom)
    drawing.addText(lossName, label: 3, x: 24, y: top - 26, size: 12, color: Palette.ink)
    drawing.commands += axis.commands
    var lossAxis =
      isLogarithmic
      ? Axis.logarithmic(losses + levels, tics: 6) ?? .linear(losses, tics: 5)
      : .linear(losses + levels, tics: 5, margin: 0.06)
    let room = 0.05 * (lossAxis.high - lossAxis.low)
    lossAxis.low -= room
    lossAxis.high += room
    drawing.commands += lossAxis.commands("y")
    // The baseline's name stands where no curve passes.
    let curves = drawing.data.map { block in
      block.rows.filter { $0.count > 4 && $0[4].isFinite }.map { (x: $0[0], y: $0[4]) }
    }
    drawing.addLevels(
      levels.map { ("baseline", shown($0)) }.filter(\.1.isFinite), within: lossAxis,
      across: axis.axis, curves: curves)
    addDiverged(to: &drawing)
    drawing.commands.append("set xlabel \(GnuplotText.plain(axisName))")
    if !unitTics.isEmpty {
      drawing.commands += Axis(low: axis.axis.low, high: axis.axis.high, tics: unitTics)
        .commands("x2")
    }
    drawing.commands.append(
      plotCommand(
        plots(
          names, looks, value: 5, low: 6, high: 7, key: names.count > 1 ? key : nil, in: drawing)))
  }

  private var levels: [Double] { baseline.map { [$0] } ?? [] }

  /// Says where more than half of the runs diverged, so that the median has no place.
  private func addDiverged(to drawing: inout Drawing) {
    let values = groups.filter { $0.loss?.median.isFinite == false }.map { $0.values[across] }
    for (number, value) in values.distinct.enumerated() {
      guard let place = axis.place(value) else { continue }
      drawing.commands.append(
        "set label \(200 + number) 'diverged' at first \(NumberText.data(place)), graph 0.97 "
          + "right rotate by 90 font ',10' textcolor rgb '\(Palette.vermillion)'")
    }
  }

  /// The axis' name, with the unit in which thresholds are multiples.
  private var axisName: String {
    let texts = groups.map { $0.values[across] }
    let rule = texts.map { ClipColumns.Threshold($0) }.first { $0.number != nil }?.rule
    var name = options[across]
    if let rule, !rule.prefix.isEmpty { name += " \(rule.prefix)τ" }
    if rule?.unit == "x" { name += ", in mean norms" }
    if let meanNorm, !unitTics.isEmpty {
      name +=
        " (above: in units of the mean norm without clipping, \(NumberText.significant(meanNorm)))"
    }
    return name
  }

  /// A second axis for thresholds, in units of the mean norm, where that is known.
  private var unitTics: [Axis.Tic] {
    let texts = groups.map { $0.values[across] }
    guard let meanNorm, meanNorm > 0, axis.isLogarithmic,
      texts.contains(where: { $0.hasPrefix("norm:") }),
      !texts.contains(where: { $0.hasSuffix("x") })
    else { return [] }
    return [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000].compactMap { factor in
      let place = log10(factor * meanNorm)
      guard place >= axis.axis.low, place <= axis.lastNumber else { return nil }
      let label = "\(NumberText.digits(factor, 3))x"
      return Axis.Tic(at: place, label: label, plainLabel: label)
    }
  }

  private func plots(
    _ names: [String], _ looks: CurveLooks, value: Int, low: Int, high: Int, key: KeyBelow?,
    in drawing: Drawing
  ) -> [String] {
    let blocks = drawing.data
    let bars = names.indices.map { place in
      let source = blocks[place].source("1:\(value):\(low):\(high)", column: value - 1)
      return source == "NaN"
        ? "NaN" : source + " with yerrorbars pt 0 lw 1.2 lc rgb '\(looks.color(names[place]))'"
    }
    let curves = names.indices.map { place in
      CurveLooks.Curve(
        label: names[place], kind: "", block: blocks[place], using: "1:\(value)", column: value - 1)
    }
    let samples = key.map { key in
      names.indices.map { looks.sample(label: names[$0], kind: "", title: key.title($0)) }
    }
    return bars + looks.plots(curves) + (samples ?? [])
  }

  // MARK: The loss axis

  private static func areLogarithmic(_ losses: [Double]) -> Bool {
    guard let least = losses.min(), let most = losses.max(), least > 0 else { return false }
    return most / least >= 5
  }

  private func shown(_ loss: Double?) -> Double {
    guard let loss, loss.isFinite else { return .nan }
    return isLogarithmic ? (loss > 0 ? log10(loss) : .nan) : loss
  }
}

extension SweepFigure {
  /// Whether at least two of `values` are numbers that lie on an axis.
  package static func isNumeric(_ values: [String]) -> Bool { SweepAxis(values) != nil }
}
