import Foundation

/// Lines over layers, updates or inputs, in one panel or several below each other; a label has one
/// colour in all of them.
public struct DepthFigure: TerminalFigure {
  public struct Line: Sendable {
    /// Decides the colour.
    public var label: String
    /// What was found, behind the label in the key; may be empty.
    public var finding: String
    public var points: [(x: Double, y: Double)]

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
    public var lines: [Line]

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

  public var title: String
  public var subtitle: String
  public var panels: [Panel]

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
  private var entries: [(label: String, text: String)] {
    var result: [(label: String, text: String)] = []
    for line in panels.flatMap(\.lines) {
      let text =
        line.finding.isEmpty
        ? line.label : "\(GnuplotText.shortened(line.label, to: 60)): \(line.finding)"
      if let place = result.firstIndex(where: { $0.label == line.label }) {
        if result[place].text == line.label { result[place].text = text }
      } else {
        result.append((line.label, text))
      }
    }
    return result
  }

  private func place(of label: String) -> Int {
    entries.firstIndex { $0.label == label } ?? 0
  }

  private func look(of line: Line) -> String {
    let place = place(of: line.label)
    let colour = Palette.series[place % Palette.series.count]
    let dash = Palette.dashes[place / Palette.series.count % Palette.dashes.count]
    let marks = line.points.count <= 30 ? "linespoints pt 7 ps 0.6" : "lines"
    return "\(marks) lw 2 dt \(dash) lc rgb '\(colour)'"
  }

  public var drawing: Drawing {
    let entries = entries
    let key = KeyBelow(entries.map(\.text))
    let plotHeight = panels.count > 1 ? 270 : 379
    let pitch = plotHeight + 92
    let plotsBottom = 96 + pitch * max(panels.count, 1) - 92
    var drawing = Drawing(width: 900, height: plotsBottom + key.height)
    drawing.commands = Drawing.style + ["set multiplot"]
    drawing.addHeading(title, subtitle)
    for (index, panel) in panels.enumerated() {
      let top = 96 + pitch * index
      let blocks = panel.blocks(index)
      drawing.data += blocks
      if index > 0 { drawing.commands += ["unset label", "unset key", "set key noautotitle"] }
      drawing.addAxisTitle(markup: panel.title, x: 20, y: top - 18)
      drawing.placePlot(
        left: 90, right: 25, top: top, bottom: drawing.height - top - plotHeight)
      drawing.commands +=
        panel.acrossAxis(tics: 10).commands("x") + panel.axis(tics: 8).commands("y")
      drawing.commands.append("set xlabel \(GnuplotText.plain(panel.across))")
      if panel.isEmpty { drawing.addNote(emptyNote) }
      let isLast = index == panels.count - 1
      if isLast { drawing.place(key, belowPlotAt: plotsBottom) }
      var plots = zip(blocks, panel.lines).map { block, line in
        "\(block.source("1:2")) with \(look(of: line))"
      }
      if isLast {
        plots += entries.map { entry in
          let line = panels.flatMap(\.lines).first { $0.label == entry.label }
          return "NaN with \(line.map(look) ?? "lines") title \(GnuplotText.plain(entry.text))"
        }
      }
      drawing.commands.append(plotCommand(plots))
    }
    drawing.commands.append("unset multiplot")
    return drawing
  }

  /// The first panel.
  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    guard let panel = panels.first else { return drawing }
    drawing.data = panel.blocks(0)
    drawing.commands =
      panel.acrossAxis(tics: 8).commands("x", plain: true)
      + panel.axis(tics: 8).commands("y", plain: true)
    if panel.isEmpty { drawing.addNote(emptyNote) }
    let plots = zip(drawing.data, panel.lines).map { block, line in
      let mark = Palette.marks[place(of: line.label) % Palette.marks.count]
      return "\(block.source("1:2")) with points pt '\(mark)'"
    }
    drawing.commands.append(plotCommand(plots))
    return drawing
  }

  public var terminalTitle: String {
    panels.first.map { "\($0.plainTitle) against \($0.across)" } ?? title
  }

  public var terminalKey: [(mark: String, text: String)] {
    entries.enumerated().map { index, entry in
      (Palette.marks[index % Palette.marks.count], GnuplotText.ascii(entry.text, limit: 70))
    }
  }
}
