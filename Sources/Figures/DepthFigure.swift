import Foundation
import UnrollText

/// Lines over layers, updates or inputs, in one panel or several below each other; a label has one
/// color in all of them.
public struct DepthFigure: TerminalFigure {
  /// One line of a panel.
  public struct Line: Sendable {
    /// Decides the color.
    public var label: String
    /// What was found, behind the label in the key; may be empty.
    public var finding: String
    /// The points, which are joined in order.
    public var points: [(x: Double, y: Double)]

    /// A line through `points`.
    public init(label: String, finding: String = "", points: [(x: Double, y: Double)]) {
      self.label = label
      self.finding = finding
      self.points = points
    }

    /// Values at 1, 2, 3, ….
    public init(label: String, finding: String = "", values: [Double]) {
      self.init(
        label: label, finding: finding,
        points: values.enumerated().map { (Double($0 + 1), $1) })
    }
  }

  /// A plot with its own axes.
  public struct Panel: Sendable {
    /// What the vertical axis shows, in gnuplot's markup.
    public var title: String
    /// The same for a terminal.
    public var plainTitle: String
    /// What the horizontal axis shows.
    public var across: String
    /// Whether only whole numbers stand on the horizontal axis.
    public var isCounted: Bool
    /// Whether the vertical axis is logarithmic; values that are not positive are gaps then.
    public var isLogarithmic: Bool
    /// The lines; those with one label have one color in all panels.
    public var lines: [Line]
    /// Where a picture's vertical axis ends although lines go further; an arrow says how far. Nil
    /// where the axis holds all lines, as it always does in a terminal.
    public var ceiling: Double?

    /// A panel of `lines`.
    public init(
      title: String, plainTitle: String, across: String, isCounted: Bool = true,
      isLogarithmic: Bool = true, lines: [Line], ceiling: Double? = nil
    ) {
      self.title = title
      self.plainTitle = plainTitle
      self.across = across
      self.isCounted = isCounted
      self.isLogarithmic = isLogarithmic
      self.lines = lines
      self.ceiling = ceiling
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// The panels, from the top.
  public var panels: [Panel]

  /// A figure of `panels`, one below the other.
  public init(title: String, subtitle: String, panels: [Panel]) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
  }
}

extension DepthFigure.Panel {
  fileprivate func shown(_ value: Double) -> Double {
    guard abs(value) <= Axis.largest, !(isLogarithmic && value <= 0) else { return .nan }
    return isLogarithmic ? log10(value) : value
  }

  fileprivate func blocks(_ panel: Int) -> [DataBlock] {
    lines.enumerated().map { index, line in
      DataBlock(
        curve: "panel\(panel)_line\(index)",
        columns: isLogarithmic ? "x log10_y" : "x y",
        rows: line.points.lazy.map { [$0.x, shown($0.y)] })
    }
  }

  fileprivate func axis(tics: Int, ceiling: Double? = nil) -> Axis {
    var values = lines.flatMap(\.points).map(\.y)
    if let ceiling { values = values.filter { $0 <= ceiling } + [ceiling] }
    if isLogarithmic {
      return Axis.logarithmic(values.filter { abs($0) <= Axis.largest }, tics: tics)
        ?? Axis(low: -1, high: 1, tics: [])
    }
    return .linear(values, tics: tics, margin: 0.05)
  }

  fileprivate func acrossAxis(tics: Int) -> Axis {
    .linear(lines.flatMap(\.points).map(\.x), tics: tics, whole: isCounted)
  }

  /// A line that goes beyond the top of the axis: where it first does, and how far it goes.
  fileprivate typealias Exit = (line: DepthFigure.Line, x: Double, largest: Double)

  fileprivate func exits(above top: Double) -> [Exit] {
    guard ceiling != nil else { return [] }
    return lines.compactMap { line in
      guard let first = line.points.firstIndex(where: { shown($0.y) > top }) else { return nil }
      let (last, next) = (line.points[max(first - 1, 0)], line.points[first])
      let share = (top - shown(last.y)) / (shown(next.y) - shown(last.y))
      let x = share > 0 ? last.x + share * (next.x - last.x) : next.x
      let largest = line.points.map(\.y).filter { shown($0).isFinite }.max() ?? next.y
      return (line, x, largest)
    }
  }

  fileprivate var isEmpty: Bool {
    !lines.contains { $0.points.contains { shown($0.y).isFinite } }
  }
}

extension DepthFigure {
  private var emptyNote: String { "nothing to draw: every value is zero or not finite" }

  /// Each label once, with what was found where it first says something.
  private var entries: [(label: String, finding: String)] {
    let lines = panels.flatMap(\.lines)
    return lines.map(\.label).distinct.map { label in
      (label, lines.first { $0.label == label && !$0.finding.isEmpty }?.finding ?? "")
    }
  }

  public var drawing: Drawing {
    let lines = panels.flatMap(\.lines)
    let looks = CurveLooks(lines.map { ($0.label, "") })
    let entries = entries
    let plotHeight = panels.count > 1 ? 270 : Drawing.plotBottom - Drawing.plotTop
    let pitch = plotHeight + 92
    let key = KeyBelow(
      entries.map { ($0.label, $0.finding) },
      below: Drawing.plotTop + pitch * max(panels.count, 1) - 92)
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    drawing.commands = Drawing.style + ["set multiplot"]
    drawing.addHeading(title, subtitle)
    for (index, panel) in panels.enumerated() {
      let top = Drawing.plotTop + pitch * index
      let blocks = panel.blocks(index)
      drawing.data += blocks
      if index > 0 { drawing.commands += ["unset label", "unset arrow"] }
      drawing.addAxisTitle(
        markup: panel.title, x: 20, y: top + Drawing.axisTitle - Drawing.plotTop)
      drawing.placePlot(
        left: 90, right: 25, top: top, bottom: drawing.height - top - plotHeight)
      let (across, upright) = (
        panel.acrossAxis(tics: 10), panel.axis(tics: 8, ceiling: panel.ceiling)
      )
      drawing.commands += across.commands("x") + upright.commands("y")
      drawing.commands.append("set xlabel \(GnuplotText.plain(panel.across))")
      if panel.isEmpty { drawing.addNote(emptyNote) }
      for (row, exit) in panel.exits(above: upright.high).enumerated() {
        drawing.addExit(exit, row: row, across: across, color: looks.color(exit.line.label))
      }
      var plots = looks.plots(
        zip(blocks, panel.lines).map { block, line in
          .init(label: line.label, kind: "", block: block, using: "1:2")
        })
      if index == panels.count - 1 {
        plots += entries.enumerated().map { place, entry in
          looks.sample(label: entry.label, kind: "", title: key.title(place))
        }
      }
      drawing.commands.append(plotCommand(plots))
    }
    drawing.commands.append("unset multiplot")
    return drawing
  }

  /// The first panel, with room to the left and below for marks that would lie on an axis.
  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    guard let panel = panels.first else { return drawing }
    drawing.data = panel.blocks(0)
    var (across, upright) = (panel.acrossAxis(tics: 8), panel.axis(tics: 8))
    across.low -= (across.high - across.low) / Double(max(columns - 10, 1))
    upright.low -= (upright.high - upright.low) / Double(max(rows - 6, 1))
    drawing.commands = across.commands("x", plain: true) + upright.commands("y", plain: true)
    if panel.isEmpty { drawing.addNote(emptyNote) }
    let labels = entries.map(\.label)
    drawing.plotMarks(
      "1:2", marks: panel.lines.map { mark(labels.firstIndex(of: $0.label) ?? 0) })
    return drawing
  }

  private func mark(_ place: Int) -> String { Palette.marks[place % Palette.marks.count] }

  public var terminalTitle: String {
    panels.first.map { "\($0.plainTitle) against \($0.across)" } ?? title
  }

  public var terminalKey: [TerminalKeyEntry] {
    entries.enumerated().map { place, entry in
      TerminalKeyEntry(mark: mark(place), name: entry.label, finding: entry.finding)
    }
  }
}

extension Drawing {
  /// An arrow to the plot's top where a line leaves it, with how far it goes; that of the first line
  /// is the highest.
  fileprivate mutating func addExit(
    _ exit: DepthFigure.Panel.Exit, row: Int, across: Axis, color: String
  ) {
    let x = NumberText.data(exit.x)
    let isLeft = exit.x < (across.low + across.high) / 2
    let text = "\(exit.line.label) up to \(NumberText.digits(exit.largest, 2))"
    commands += [
      "set style textbox opaque noborder margins 0.4,0.4",
      "set arrow from first \(x), graph 0.85 to first \(x), graph 1 head filled "
        + "size screen 0.012,20 lw 2 lc rgb '\(color)' front",
      "set label \(10 + row) \(GnuplotText.plain(text.fitted(to: 380), limit: .max)) "
        + "at first \(x), graph \(NumberText.digits(0.93 - 0.08 * Double(row), 3)) "
        + "\(isLeft ? "left offset 1,0" : "right offset -1,0") front boxed textcolor rgb '\(color)'",
    ]
  }
}
