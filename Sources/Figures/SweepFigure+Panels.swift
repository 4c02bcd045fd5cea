import UnrollText

extension SweepFigure {
  /// Where the panels of a figure stand, in pixels.
  private struct Places {
    let columns: Int
    let width: Int
    let plotWidth: Int
    /// The heights of the share's plot, with the gap below it, and of the loss's.
    let (shareHeight, gap, lossHeight): (Int, Int, Int)
    let firstTop: Int
    /// From one row of panels to the next.
    let pitch: Int
    let rows: Int

    static let (left, right, between) = (85, 30, 26)

    init(panels: Int, hasSolved: Bool, axis: SweepAxis) {
      let isSingle = panels <= 1
      columns = isSingle ? 1 : panels == 2 || panels == 4 ? 2 : panels <= 9 ? 3 : 4
      rows = (max(panels, 1) + columns - 1) / columns
      width = columns <= 2 ? 900 : 1200
      plotWidth =
        (width - Self.left - Self.right - (columns - 1) * Self.between) / columns
      (shareHeight, gap) = hasSolved ? isSingle ? (140, 50) : (80, 16) : (0, 0)
      lossHeight = isSingle ? hasSolved ? 260 : 430 : hasSolved ? 150 : 190
      firstTop = isSingle ? hasSolved ? 110 : 130 : 128
      pitch =
        shareHeight + gap + lossHeight + 62 + axis.labelRoom(width: plotWidth)
    }

    func left(_ panel: Int) -> Int { Self.left + panel % columns * (plotWidth + Self.between) }
    func top(_ panel: Int) -> Int { firstTop + panel / columns * pitch }
    var bottom: Int { firstTop + (rows - 1) * pitch + shareHeight + gap + lossHeight }
  }

  /// A panel: the settings that have the same values of the options that panels differ in.
  private struct Panel {
    let number: Int
    let name: String
    /// A block for each of the figure's lines.
    let blocks: [DataBlock]
    let groups: [SweepFigureGroup]
    /// The names of its lines, in their order.
    let lines: [String]
  }

  /// A key with more entries would be larger than the plots.
  private static let mostKeys = 48

  public var drawing: Drawing {
    let names = groups.map(lineName).distinct
    let panels = groups.grouped(by: panelName).enumerated().map { number, members in
      panel(number, members.key, members.elements, names)
    }
    let places = Places(panels: panels.count, hasSolved: hasSolved, axis: layout.axis)
    let labelRoom = layout.axis.labelRoom(width: places.plotWidth)
    let keyed = names.count > 1 ? Array(names.prefix(Self.mostKeys)) : []
    let more = names.count > 1 ? names.count - keyed.count : 0
    let key = KeyBelow(
      (keyed + (more > 0 ? ["and \(NumberText.count(more)) more, in groups.csv"] : [])).map {
        ($0, "")
      }, below: places.bottom + labelRoom + 16, canvasWidth: places.width)
    var drawing = Drawing(
      width: places.width,
      height: keyed.isEmpty ? places.bottom + labelRoom + 60 : key.canvasHeight)
    let looks = CurveLooks(names.map { ($0, "") })
    drawing.data = panels.flatMap(\.blocks)
    drawing.commands = Drawing.style + ["set multiplot", "set bars 0.6"]
    drawing.addHeading(
      title, ([subtitle] + notes).filter { !$0.isEmpty }.joined(separator: "  ·  "))
    for panel in panels {
      if hasSolved { addSolved(panel, places, names, looks, to: &drawing) }
      addLoss(panel, places, names, looks, to: &drawing)
    }
    let samples = keyed.enumerated().map { place, name in
      looks.sample(label: name, kind: "", title: key.title(place))
    }
    addKey(
      samples + (more > 0 ? ["NaN with dots lc rgb '#FFFFFF' \(key.title(keyed.count))"] : []),
      places, labelRoom, to: &drawing)
    drawing.commands.append("unset multiplot")
    return drawing
  }

  private var notes: [String] {
    [
      hasSolved ? "bars: 95% of the share, quartiles of the loss" : "bars: quartiles",
      runCounts.note,
    ].compactMap(\.self)
  }

  // MARK: Data

  /// The room of a line where values stand side by side.
  private func slot(of lines: Int) -> Double { 0.8 / Double(max(lines, 1)) }

  private func panel(
    _ number: Int, _ name: String, _ members: [SweepFigureGroup], _ names: [String]
  ) -> Panel {
    let lines = members.grouped(by: lineName)
    let blocks = names.enumerated().map { line, name in
      // In its panel a line stands where it would without the others' lines.
      let place = lines.firstIndex { $0.key == name }
      return block(
        number == 0 ? "series\(line)" : "panel\(number)_series\(line)",
        place.map { lines[$0].elements } ?? [], shift: shift(place ?? 0, of: lines.count))
    }
    return Panel(
      number: number, name: name, blocks: blocks, groups: members, lines: lines.map(\.key))
  }

  /// Lines stand a little beside one another, so that their bars can be told apart, and the values of all
  /// lines in their order.
  private func shift(_ line: Int, of count: Int) -> Double {
    let axis = layout.axis.axis
    let width = 0.012 * (axis.high - axis.low)
    let most = min(4 * width, 0.6 * layout.axis.leastGap()) / Double(max(count - 1, 1))
    let step = layout.isCategorical ? slot(of: count) : min(width, most)
    return (Double(line) - Double(count - 1) / 2) * step
  }

  /// x solved low high loss low high, with an empty row before a value that stands apart.
  private func block(_ name: String, _ members: [SweepFigureGroup], shift: Double) -> DataBlock {
    let rows =
      members.compactMap { group in layout.axis.place(value(group)).map { (group, $0) } }
      .sorted { $0.1 < $1.1 }
      .flatMap { group, place -> [[Double]] in
        let (solved, loss) = (group.solved, group.loss)
        let row = [
          place + shift, solved?.share ?? .nan, solved?.low ?? .nan, solved?.high ?? .nan,
          shown(loss?.median), shown(loss?.low), shown(loss?.high ?? loss?.median),
        ]
        return layout.axis.isApart(value(group)) ? [[], row] : [row]
      }
    return DataBlock(name: name, columns: "place solved low high loss q1 q3", rows: rows)
  }

  // MARK: Plots

  private func place(
    _ panel: Panel, _ places: Places, top: Int, height: Int, in drawing: inout Drawing
  ) {
    let left = places.left(panel.number)
    drawing.placePlot(
      left: left, right: drawing.width - left - places.plotWidth, top: top,
      bottom: drawing.height - top - height)
  }

  private func isFirstColumn(_ panel: Panel, _ places: Places) -> Bool {
    panel.number % places.columns == 0
  }

  private func addSolved(
    _ panel: Panel, _ places: Places, _ names: [String], _ looks: CurveLooks,
    to drawing: inout Drawing
  ) {
    let top = places.top(panel.number)
    let isLeft = isFirstColumn(panel, places)
    if panel.number > 0 { drawing.commands += ["unset label", "unset arrow"] }
    place(panel, places, top: top, height: places.shareHeight, in: &drawing)
    if panel.name.isEmpty {
      drawing.addText(
        "share of runs that solved the task", label: 3, x: 24, y: top - 26, size: 12,
        color: Palette.ink)
    } else {
      addName(panel, places, y: top - 16, to: &drawing)
      if panel.number == 0 {
        drawing.addText(
          "above: share of runs that solved the task; below: \(lossName)", label: 3, x: 24,
          y: top - 46, size: 12, color: Palette.ink)
      }
    }
    // Slanted labels would reach into the plot below.
    let isLabeled = panel.name.isEmpty && layout.axis.labelRoom(width: places.plotWidth) == 0
    drawing.commands += layout.axis.commands(width: places.plotWidth, isLabeled: isLabeled)
    let shareAxis = Axis(
      low: -0.04, high: 1.04,
      tics: [0, 0.5, 1].map { .init(at: $0, label: NumberText.digits($0, 2), plainLabel: "") }
    )
    drawing.commands += shareAxis.commands("y", isLabeled: isLeft)
    addRunCounts(panel, (places.plotWidth, places.shareHeight), shareAxis, to: &drawing) {
      $0.solved?.share
    }
    var plots = plots(panel, names, looks, value: 2, low: 3, high: 4)
    if layout.isCategorical { plots = boxes(panel, names, looks) + plots }
    drawing.commands.append(plotCommand(plots))
  }

  /// The panel's values, above it.
  private func addName(_ panel: Panel, _ places: Places, y: Int, to drawing: inout Drawing) {
    let name = panel.name.fitted(to: Double(places.plotWidth), size: 12)
    drawing.addText(
      name, label: 4, x: places.left(panel.number), y: y, size: 12, color: Palette.ink)
  }

  private func addLoss(
    _ panel: Panel, _ places: Places, _ names: [String], _ looks: CurveLooks,
    to drawing: inout Drawing
  ) {
    let top = places.top(panel.number) + places.shareHeight + places.gap
    if hasSolved || panel.number > 0 { drawing.commands += ["unset label", "unset arrow"] }
    place(panel, places, top: top, height: places.lossHeight, in: &drawing)
    if panel.name.isEmpty {
      drawing.addText(lossName, label: 3, x: 24, y: top - 26, size: 12, color: Palette.ink)
    } else if !hasSolved {
      addName(panel, places, y: top - 16, to: &drawing)
      if panel.number == 0 {
        drawing.addText(lossName, label: 3, x: 24, y: top - 46, size: 12, color: Palette.ink)
      }
    }
    drawing.commands += layout.axis.commands(width: places.plotWidth)
    let lossAxis = lossAxis(tics: panel.name.isEmpty ? 6 : 5)
    drawing.commands += lossAxis.commands("y", isLabeled: isFirstColumn(panel, places))
    if let baseline, shown(baseline).isFinite {
      // Its name stands where no curve passes.
      let curves = panel.blocks.map { block in
        block.rows.filter { $0.count > 4 && $0[4].isFinite }.map { (x: $0[0], y: $0[4]) }
      }
      drawing.addLevels(
        [(panel.number == 0 ? "baseline" : "", shown(baseline))], within: lossAxis,
        across: layout.axis.axis, curves: curves, plotWidth: places.plotWidth)
    }
    addDiverged(panel, names, looks, plotWidth: places.plotWidth, to: &drawing)
    if !hasSolved {
      addRunCounts(panel, (places.plotWidth, places.lossHeight), lossAxis, to: &drawing) {
        self.shown($0.loss?.median)
      }
    }
    if panel.name.isEmpty {
      drawing.commands.append("set xlabel \(GnuplotText.plain(axisName))")
      if !unitTics.isEmpty {
        drawing.commands += Axis(
          low: layout.axis.axis.low, high: layout.axis.axis.high, tics: unitTics
        ).commands("x2")
      }
    }
    drawing.commands.append(plotCommand(plots(panel, names, looks, value: 5, low: 6, high: 7)))
  }

  /// Says where so many runs diverged that the median has no place: of how many, in the color of their line.
  /// Where values have no room for as many marks, one counts the runs of all these lines.
  private func addDiverged(
    _ panel: Panel, _ names: [String], _ looks: CurveLooks, plotWidth: Int,
    to drawing: inout Drawing
  ) {
    let axis = layout.axis.axis
    let pixel = (axis.high - axis.low) / Double(plotWidth)
    let gap = min(layout.axis.leastGap(of: panel.groups.map(value)), axis.high - axis.low)
    // Of a line that is written upward.
    let height = 14 * pixel
    var label = 200
    func mark(_ runs: (diverged: Int, all: Int), at place: Double, _ color: String) {
      let text = "\(runs.diverged) of \(NumberText.count(runs.all, "run")) diverged"
      drawing.commands.append(
        "set label \(label) '\(text)' at first \(NumberText.data(place)), graph 0.97 "
          + "right rotate by 90 font ',10' textcolor rgb '\(color)'")
      label += 1
    }
    for (value, members) in panel.groups.filter(\.isDiverged).grouped(by: value) {
      guard let place = layout.axis.place(value) else { continue }
      guard Double(members.count) * height <= gap else {
        let counts = (
          members.reduce(0) { $0 + $1.diverged }, members.reduce(0) { $0 + $1.runs }
        )
        mark(counts, at: place, Palette.ink)
        continue
      }
      for (number, group) in members.enumerated() {
        let shift = (Double(number) - Double(members.count - 1) / 2) * height
        mark(
          (group.diverged, group.runs), at: place + shift,
          names.count == 1 ? Palette.ink : looks.color(lineName(group)))
      }
    }
  }

  /// Marks the settings that lack runs that others have.
  private func addRunCounts(
    _ panel: Panel, _ size: (width: Int, height: Int), _ y: Axis, to drawing: inout Drawing,
    height: (SweepFigureGroup) -> Double?
  ) {
    var marks = RunCountMarks(x: layout.axis.axis, y: y, width: size.width, height: size.height)
    for (number, group) in panel.groups.enumerated() {
      guard let mark = runCounts.mark(group), let place = layout.axis.place(value(group)),
        let y = height(group), y.isFinite
      else { continue }
      let line = panel.lines.firstIndex(of: lineName(group)) ?? 0
      let x = place + shift(line, of: panel.lines.count)
      guard let beside = marks.place(mark, x: x, y: y) else { continue }
      drawing.commands.append(
        "set label \(1000 + number) '\(mark)' at first \(NumberText.data(x)),\(NumberText.data(y)) "
          + "\(beside) front font ',10' textcolor rgb '\(Palette.grey)'")
    }
  }

  /// The share as a bar from 0, where values stand side by side.
  private func boxes(_ panel: Panel, _ names: [String], _ looks: CurveLooks) -> [String] {
    let half = 0.42 * slot(of: panel.lines.count)
    return names.indices.map { line in
      let source = panel.blocks[line].source("1:(0):($1-\(half)):($1+\(half)):(0):2")
      return source == "NaN"
        ? "NaN"
        : source + " with boxxyerror fs solid 0.3 noborder lc rgb '\(looks.color(names[line]))'"
    }
  }

  private func plots(
    _ panel: Panel, _ names: [String], _ looks: CurveLooks, value: Int, low: Int, high: Int
  ) -> [String] {
    let bars = names.indices.map { line in
      let source = panel.blocks[line].source("1:\(value):\(low):\(high)", column: value - 1)
      return source == "NaN"
        ? "NaN" : source + " with yerrorbars pt 0 lw 1.2 lc rgb '\(looks.color(names[line]))'"
    }
    let curves = names.indices.map { line in
      CurveLooks.Curve(
        label: names[line], kind: "", block: panel.blocks[line], using: "1:\(value)",
        column: value - 1)
    }
    return bars + looks.plots(curves)
  }

  /// The key below all panels and, below several, the axis' name.
  private func addKey(
    _ samples: [String], _ places: Places, _ labelRoom: Int, to drawing: inout Drawing
  ) {
    drawing.commands += ["unset label", "unset arrow"]
    let isSingle = places.rows * places.columns == 1
    guard !isSingle || !samples.isEmpty else { return }
    if !isSingle {
      drawing.commands.append(
        "set label 5 \(GnuplotText.plain(axisName)) at screen 0.5,"
          + "\(drawing.down(places.bottom + labelRoom + 40)) center "
          + "textcolor rgb '\(Palette.ink)'")
    }
    // An empty plot has the samples.
    drawing.commands += [
      "unset tics", "unset grid", "unset border", "unset xlabel", "set xrange [0:1]",
      "set yrange [0:1]",
      plotCommand(samples),
    ]
  }
}
