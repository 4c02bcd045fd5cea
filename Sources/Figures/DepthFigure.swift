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

    /// A panel of `lines`.
    public init(
      title: String, plainTitle: String, across: String, isCounted: Bool = true,
      isLogarithmic: Bool = true, lines: [Line]
    ) {
      self.title = title
      self.plainTitle = plainTitle
      self.across = across
      self.isCounted = isCounted
      self.isLogarithmic = isLogarithmic
      self.lines = lines
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
        name: "panel\(panel)_line\(index)",
        columns: isLogarithmic ? "x log10_y" : "x y",
        rows: line.points.map { [$0.x, shown($0.y)] })
    }
  }

  fileprivate func axis(tics: Int) -> Axis {
    let values = lines.flatMap(\.points).map(\.y)
    if isLogarithmic {
      return Axis.logarithmic(values.filter { abs($0) <= Axis.largest }, tics: tics)
        ?? Axis(low: -1, high: 1, tics: [])
    }
    return .linear(values, tics: tics, margin: 0.05)
  }

  fileprivate func acrossAxis(tics: Int) -> Axis {
    .linear(lines.flatMap(\.points).map(\.x), tics: tics, whole: isCounted)
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
      if index > 0 { drawing.commands += ["unset label"] }
      drawing.addAxisTitle(
        markup: panel.title, x: 20, y: top + Drawing.axisTitle - Drawing.plotTop)
      drawing.placePlot(
        left: 90, right: 25, top: top, bottom: drawing.height - top - plotHeight)
      drawing.commands +=
        panel.acrossAxis(tics: 10).commands("x") + panel.axis(tics: 8).commands("y")
      drawing.commands.append("set xlabel \(GnuplotText.plain(panel.across))")
      if panel.isEmpty { drawing.addNote(emptyNote) }
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
