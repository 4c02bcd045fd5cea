import Foundation
import UnrollText

/// What became of a sweep's runs over the values of two options: a field for each setting, colored by
/// the solved share at the left and by the median loss at the right.
public struct SweepMapFigure: Figure {
  /// The figure's title.
  public var title: String
  /// The line below the title: task, sizes, seeds.
  public var subtitle: String
  /// The two options, of the horizontal and of the vertical axis.
  public var options: (x: String, y: String)
  /// The settings, whose values are those of the two options.
  public var groups: [SweepFigureGroup]
  /// What the loss is: `test loss (squared error)`.
  public var lossName: String

  /// A figure of `groups`.
  public init(
    title: String, subtitle: String, options: (x: String, y: String), groups: [SweepFigureGroup],
    lossName: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.options = options
    self.groups = groups
    self.lossName = lossName
  }

  /// The values of an option in the order of its axis.
  private func values(_ place: Int) -> [String] {
    let values = groups.map { $0.values[place] }.distinct
    guard let axis = SweepAxis(values) else { return values }
    return values.sorted { (axis.place($0) ?? 0) < (axis.place($1) ?? 0) }
  }

  public var drawing: Drawing {
    let hasSolved = groups.contains { $0.solved != nil }
    let (columns, rows) = (values(0), values(1))
    let height = max(180, min(46 * rows.count, 560))
    // As wide as the fields' numbers need.
    let width = max(400, min(50 * columns.count, 900))
    var drawing = Drawing(
      width: hasSolved ? 300 + 2 * width : 240 + width, height: 130 + height + 84)
    drawing.commands =
      Drawing.style + [
        "set multiplot", "unset grid", "unset key", "set border 0",
        "set style fill solid 1 noborder",
      ]
    let counts = SweepRunCounts(groups)
    drawing.addHeading(
      title, [subtitle, counts.note].compactMap(\.self).joined(separator: "  ·  "))
    let losses = groups.compactMap { $0.loss?.median }.filter { $0.isFinite && $0 > 0 }
    if hasSolved {
      let shares = groups.map { $0.solved?.share ?? .nan }
      addMap(
        "share of runs that solved the task", left: 110, width: width, height, columns, rows,
        shares, labels: shares.map { NumberText.percent($0) }, range: 0...1, name: "solved",
        to: &drawing)
    }
    let logs = losses.map { log10($0) }
    let (low, high) = (logs.min() ?? 0, logs.max() ?? 1)
    addMap(
      "median \(lossName)", left: hasSolved ? 240 + width : 110, width: width, height, columns,
      rows,
      // A loss of 0 is the best there is.
      groups.map { min(-log10($0.loss?.median ?? .nan), -low) },
      labels: groups.map { group in
        guard let loss = group.loss?.median, loss.isFinite else { return "diverged" }
        return NumberText.significant(loss)
      },
      range: -high...max(-low, -high + 1e-9), name: "loss", to: &drawing)
    drawing.commands.append("unset multiplot")
    return drawing
  }

  private func addMap(
    _ name: String, left: Int, width: Int, _ height: Int, _ columns: [String], _ rows: [String],
    _ values: [Double], labels: [String], range: ClosedRange<Double>, name block: String,
    to drawing: inout Drawing
  ) {
    let top = 130
    if left > 110 { drawing.commands.append("unset label") }
    drawing.commands += [
      "unset colorbox",
      "set palette defined (0 '#F3F8FC', 0.33 '#9CC5E0', 0.67 '#4A96C8', 1 '#0B559F')",
      "set cbrange [\(NumberText.data(range.lowerBound)):\(NumberText.data(range.upperBound))]",
    ]
    drawing.placePlot(
      left: left, right: drawing.width - left - width, top: top,
      bottom: drawing.height - top - height)
    let isNumbered = width / max(columns.count, 1) >= 44 && height / max(rows.count, 1) >= 15
    drawing.addText(
      name + (isNumbered ? "" : "; darker is better, groups.csv has the numbers"), label: 3,
      x: left,
      y: top - 22, size: 12, color: Palette.ink)
    func tics(_ texts: [String]) -> String {
      texts.enumerated().map { "\(GnuplotText.tic($1, limit: 14)) \($0)" }.joined(separator: ", ")
    }
    drawing.commands += [
      "set xrange [-0.5:\(Double(columns.count) - 0.5)]",
      "set yrange [-0.5:\(Double(rows.count) - 0.5)]",
      "set xtics (\(tics(columns))) scale 0 noenhanced"
        + (columns.count > 6 ? " rotate by 40 right" : ""),
      "set ytics (\(tics(rows))) scale 0 noenhanced",
      "set xlabel \(GnuplotText.plain(options.x))", "set ylabel \(GnuplotText.plain(options.y))",
    ]
    let counts = SweepRunCounts(groups)
    var points: [[Double]] = []
    for ((group, label), value) in zip(zip(groups, labels), values) {
      guard let x = columns.firstIndex(of: group.values[0]),
        let y = rows.firstIndex(of: group.values[1])
      else { continue }
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      if value.isFinite { points.append([Double(x), Double(y), value]) }
      guard isNumbered else { continue }
      let color = value.isFinite && share > 0.55 ? "#FFFFFF" : Palette.ink
      drawing.commands.append(
        "set label \(GnuplotText.plain(label)) at first \(x),\(y) center front font ',11' "
          + "textcolor rgb '\(color)'")
      if let mark = counts.mark(group) {
        drawing.commands.append(
          "set label '\(mark)' at first \(x),\(y) center offset 0,-0.85 front font ',9' "
            + "textcolor rgb '\(color)'")
      }
    }
    let data = DataBlock(name: block, columns: "x y value", rows: points)
    drawing.data.append(data)
    let source = data.source("1:2:($1-0.48):($1+0.48):($2-0.46):($2+0.46):3", column: 2)
    drawing.commands.append(
      plotCommand(source == "NaN" ? [] : [source + " with boxxyerror lc palette"]))
  }
}
