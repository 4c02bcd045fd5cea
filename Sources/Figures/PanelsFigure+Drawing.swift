import Foundation
import UnrollText

extension PanelsFigure {
  private static let emptyNote = "nothing to draw: no value is finite"

  /// Each label once, with what was found where it first says something.
  private var entries: [(label: String, finding: String)] {
    let lines = panels.flatMap(\.lines)
    return lines.map(\.label).distinct.map { label in
      (label, lines.first { $0.label == label && !$0.finding.isEmpty }?.finding ?? "")
    }
  }

  /// How all lines of a label are drawn, or else those that are joined.
  private func mark(of label: String) -> Chart.Mark {
    let marks = panels.flatMap(\.lines).filter { $0.label == label && $0.name == nil }.map(\.mark)
    return marks.first.flatMap { first in marks.allSatisfy { $0 == first } ? first : nil } ?? .line
  }

  public var drawing: Drawing {
    let looks = CurveLooks(panels.flatMap(\.lines).map { ($0.label, "") })
    let entries = entries
    let plotHeight = panels.count > 1 ? 270 : Drawing.plotBottom - Drawing.plotTop
    let plotWidth = 785
    var tops: [Int] = []
    var bottom = Drawing.plotTop - 92
    for panel in panels {
      tops.append(bottom + 92)
      let names = panel.categories.isEmpty ? nil : SweepAxis(categories: panel.categories)
      bottom += 92 + plotHeight + (names?.labelRoom(width: plotWidth) ?? 0)
    }
    let key = KeyBelow(
      entries.map { ($0.label, $0.finding) }, below: max(bottom, Drawing.plotBottom))
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    drawing.commands = Drawing.style + ["set multiplot"]
    drawing.addHeading(title, subtitle)
    for (index, panel) in panels.enumerated() {
      let top = tops[index]
      let scales = PanelScales(panel, tics: (10, 8), reaching: panel.ceiling)
      let blocks = panel.blocks(scales, named: "panel\(index)")
      drawing.data += blocks.map(\.joined)
      drawing.data += blocks.map(\.apart).filter { $0.rows.contains { $0[1].isFinite } }
      if index > 0 { drawing.commands += ["unset label", "unset arrow"] }
      drawing.addAxisTitle(
        markup: panel.title, x: 20, y: top + Drawing.axisTitle - Drawing.plotTop)
      drawing.placePlot(
        left: 90, right: 25, top: top, bottom: drawing.height - top - plotHeight)
      drawing.commands +=
        scales.names?.commands(width: plotWidth) ?? ["set xtics norotate enhanced"]
      if scales.names == nil { drawing.commands += scales.across.commands("x") }
      drawing.commands += scales.upright.commands("y")
      drawing.commands.append("set xlabel \(GnuplotText.plain(panel.across))")
      if panel.isEmpty { drawing.addNote(Self.emptyNote) }
      drawing.addLevels(
        panel.levels.map { ($0.name, scales.y($0.value)) }, within: scales.upright,
        across: scales.across,
        curves: blocks.map { $0.joined.rows.map { (x: $0[0], y: $0[1]) } })
      for (row, exit) in panel.exits(scales).enumerated() {
        drawing.addExit(exit, row: row, across: scales.across, color: looks.color(exit.line.label))
      }
      var plots = Self.plots(panel, blocks, looks)
      if index == panels.count - 1 {
        plots += entries.enumerated().map { place, entry in
          looks.sample(
            label: entry.label, kind: "", title: key.title(place), mark: mark(of: entry.label))
        }
      }
      drawing.commands.append(plotCommand(plots))
    }
    drawing.commands.append("unset multiplot")
    return drawing
  }

  /// The ranges behind the lines, then the lines and marks.
  private static func plots(
    _ panel: Panel, _ blocks: [Panel.Blocks], _ looks: CurveLooks
  ) -> [String] {
    let lines = Array(zip(panel.lines, blocks))
    let areas = lines.compactMap { line, block -> String? in
      let color = looks.color(line.label)
      switch line.mark {
      case .bar:
        let source = block.joined.source("1:(0):($1-0.3):($1+0.3):(0):2")
        return source == "NaN"
          ? nil : source + " with boxxyerror fs solid 0.6 noborder lc rgb '\(color)'"
      case .points:
        let source = block.joined.source("1:2:3:4", column: 2)
        return source == "NaN" ? nil : source + " with yerrorbars pt 0 lw 1.2 lc rgb '\(color)'"
      case .line, .faint:
        let source = block.joined.source("1:3:4", column: 2)
        return source == "NaN"
          ? nil : source + " with filledcurves fs transparent solid 0.15 noborder fc rgb '\(color)'"
      }
    }
    let faint = lines.filter { $0.0.mark == .faint }.compactMap { line, block -> String? in
      let source = block.joined.source("1:2")
      return source == "NaN"
        ? nil : source + " with lines lw 1.3 lc rgb '#60\(looks.color(line.label).dropFirst())'"
    }
    let strong = lines.filter { [.line, .points].contains($0.0.mark) }.map { line, block in
      CurveLooks.Curve(
        label: line.label, kind: "", block: block.joined, using: "1:2",
        isJoined: line.mark == .line,
        // The marks of companions must be told from those of the lines.
        hasMarks: line.mark != .line
          || !panel.lines.contains { $0.mark == .points && $0.name != nil })
    }
    let zeros = lines.compactMap { line, block -> String? in
      let source = block.apart.source("1:2")
      return source == "NaN" ? nil : ZeroMarks.plot(source, color: looks.color(line.label))
    }
    return areas + faint + looks.plots(strong) + zeros
  }
}

extension PanelsFigure {
  /// Rows of places, those above `top` at it where a neighbor is below, and else gaps: marks have no line that
  /// leaves the plot.
  private static func leaving(at top: Double, _ rows: [[Double]]) -> [[Double]] {
    rows.indices.map { index in
      guard rows[index][1] > top else { return rows[index] }
      let isLeaving = [index - 1, index + 1].contains {
        rows.indices.contains($0) && rows[$0][1] <= top
      }
      return [rows[index][0], isLeaving || rows.count == 1 ? top : .nan]
    }
  }

  /// The first panel, without what would hide other lines: a mark cannot be thin, and companions have the same
  /// mark.
  private var terminalPanel: Panel? {
    guard var panel = panels.first else { return nil }
    panel.lines.removeAll { $0.mark == .faint || $0.name != nil }
    return panel
  }

  /// The first panel, with room to the left and below for marks that would lie on an axis.
  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    guard let panel = terminalPanel else { return drawing }
    let scales = PanelScales(panel, tics: (8, 8), reaching: panel.ceiling)
    drawing.data = panel.blocks(scales, named: "panel0").map { blocks in
      DataBlock(
        name: blocks.joined.name, columns: blocks.joined.columns,
        rows: Self.leaving(
          at: scales.upright.high,
          zip(blocks.joined.rows, blocks.apart.rows).map { $1[1].isFinite ? $1 : $0 }))
    }
    var (across, upright) = (scales.across, scales.upright)
    across.low -= (across.high - across.low) / Double(max(columns - 10, 1))
    upright.low -= (upright.high - upright.low) / Double(max(rows - 6, 1))
    if scales.names != nil {
      let room = max((columns - 12) / max(across.tics.count, 1) - 1, 1)
      across.tics = across.tics.map { tic in
        Axis.Tic(
          at: tic.at, label: tic.label, plainLabel: tic.plainLabel.shortened(to: room, gap: ""))
      }
    }
    drawing.commands = across.commands("x", plain: true) + upright.commands("y", plain: true)
    if panel.isEmpty { drawing.addNote(Self.emptyNote) }
    let labels = entries.map(\.label)
    let hasLines = panel.lines.contains { $0.mark == .line }
    drawing.plotMarks(
      "1:2", marks: panel.lines.map { mark(labels.firstIndex(of: $0.label) ?? 0) },
      // A single place on a line would be lost in it.
      inFront: { hasLines && panel.lines[$0].mark == .points })
    return drawing
  }

  private func mark(_ place: Int) -> String { Palette.marks[place % Palette.marks.count] }

  public var terminalTitle: String {
    panels.first.map { "\($0.terminalTitle ?? $0.plainTitle) \(against) \($0.across)" } ?? title
  }

  public var terminalKey: [TerminalKeyEntry] {
    guard let panel = terminalPanel else { return [] }
    return entries.enumerated().compactMap { place, entry in
      panel.lines.first { $0.label == entry.label }.map { line in
        var line = line
        line.finding = entry.finding
        return TerminalKeyEntry(
          mark: mark(place), name: entry.label,
          finding: panel.keyFinding(line, upTo: upTo))
      }
    }
  }
}

extension PanelsFigure.Panel {
  /// A line's places: those that belong together, and those apart from them.
  typealias Blocks = (joined: DataBlock, apart: DataBlock)

  func blocks(_ scales: PanelScales, named name: String) -> [Blocks] {
    lines.enumerated().map { index, line in
      let columns = isLogarithmic ? "x log10_y log10_low log10_high" : "x y low high"
      let shift = PanelScales.shift(index, in: self)
      func block(_ suffix: String, _ isIncluded: @escaping (Double) -> Bool) -> DataBlock {
        DataBlock(
          curve: "\(name)_line\(index)\(suffix)", columns: columns,
          rows: line.points.lazy.map { point in
            let y = isIncluded(point.y) ? scales.y(point.y) : .nan
            let range = scales.range(of: point)
            return [scales.x(point.x) + shift, y, range.low, range.high]
          })
      }
      return (block("") { !scales.isApart($0) }, block("_zeros", scales.isApart))
    }
  }

  /// A line that goes beyond the top of the axis: where it goes furthest, and how far.
  fileprivate typealias Exit = (line: PanelsFigure.Line, x: Double, largest: Double)

  fileprivate func exits(_ scales: PanelScales) -> [Exit] {
    guard ceiling != nil else { return [] }
    let top = scales.upright.high
    return lines.compactMap { line in
      let places = line.points.map { (x: scales.x($0.x), y: scales.y($0.y), value: $0.y) }
      let finite = places.filter { $0.x.isFinite && $0.y.isFinite }
      guard let furthest = finite.max(by: { $0.y < $1.y }), furthest.y > top else { return nil }
      return (line, furthest.x, furthest.value)
    }
  }

  fileprivate var isEmpty: Bool {
    !lines.contains { $0.points.contains { $0.y.isFinite && !(isLogarithmic && $0.y < 0) } }
  }
}

extension Drawing {
  /// An arrow to the plot's top where a line leaves it, with how far it goes; that of the first line
  /// is the highest.
  fileprivate mutating func addExit(
    _ exit: PanelsFigure.Panel.Exit, row: Int, across: Axis, color: String
  ) {
    let x = NumberText.data(exit.x)
    let isLeft = exit.x < (across.low + across.high) / 2
    let text = "\(exit.line.name ?? exit.line.label) → \(NumberText.digits(exit.largest, 2))"
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
