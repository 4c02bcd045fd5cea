import UnrollText

/// What became of the runs under each clipping threshold (or window): one panel a cell.
public struct ClipFigure: Figure {
  /// The runs of one cell under one threshold, over the seeds.
  public struct Group: Sendable {
    /// The cell specification; each has a panel.
    public var cell: String
    /// The threshold's text, for example `norm:1` or `none`. Neighbors that differ in their number
    /// alone, and ascend, are joined by lines.
    public var threshold: String
    /// Runs that met the task's criterion; nil where the task has none.
    public var solved: Int?
    /// Runs that ended without meeting it, or without a criterion.
    public var unsolved: Int
    /// Runs that broke off at a loss or gradient that is not finite.
    public var diverged: Int
    /// The share of updates that were clipped, from 0 to 1; nil where it is unknown.
    public var clippedFraction: Double?
    /// The mean of ‖clipped‖/‖unclipped‖ over updates, from 0 to 1; nil where it is unknown.
    public var effectiveStep: Double?
    /// The median number of updates to the solution; nil when no run solved the task.
    public var medianUpdatesToSolve: Double?

    /// A group with the counts of its runs, which may all be 0.
    public init(
      cell: String, threshold: String, solved: Int?, unsolved: Int, diverged: Int,
      clippedFraction: Double?, effectiveStep: Double? = nil, medianUpdatesToSolve: Double?
    ) {
      self.cell = cell
      self.threshold = threshold
      self.solved = solved
      self.unsolved = unsolved
      self.diverged = diverged
      self.clippedFraction = clippedFraction
      self.effectiveStep = effectiveStep
      self.medianUpdatesToSolve = medianUpdatesToSolve
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title: task, sizes, seeds.
  public var subtitle: String
  /// One group for each cell and threshold, in the order in which they are drawn.
  public var groups: [Group]
  /// What is compared: `clipping threshold`, `window`.
  public var comparedName: String
  /// When a run counts as solved: `validation loss below 0.01`; nil where that is not said.
  public var criterion: String?

  /// A figure with a panel for each cell of `groups`.
  public init(
    title: String, subtitle: String, groups: [Group], comparedName: String = "clipping threshold",
    criterion: String? = nil
  ) {
    self.criterion = criterion
    self.title = title
    self.subtitle = subtitle
    self.groups = groups
    self.comparedName = comparedName
  }
}

extension ClipFigure {
  public var drawing: Drawing {
    let cells = groups.map(\.cell).distinct
    let columns = ClipColumns(
      groups.map(\.threshold).distinct, notes: groups.map(\.note), name: comparedName)
    let plotHeight = cells.count <= 1 ? 300 : cells.count == 2 ? 190 : 140
    let pitch = plotHeight + columns.labelHeight + 50
    let firstTop = 134
    var drawing = Drawing(
      width: columns.width + 2 * Self.margin,
      height: firstTop + pitch * max(cells.count, 1) + 20)
    drawing.commands = Drawing.style
    drawing.commands += [
      "set grid noxtics noytics", "set border 11", "set boxwidth 0.6",
      "set style fill solid 1 noborder", "set multiplot",
    ]
    var notes = [subtitle]
    if hasCriterion {
      notes +=
        ["above each bar: updates by which half had solved"]
        + (criterion.map { ["solved: \($0)"] } ?? [])
    }
    notes.append("effective step: norm after / before clipping")
    drawing.addHeading(title, notes.filter { !$0.isEmpty }.joined(separator: "  ·  "))
    drawing.placeKey(right: Self.margin, y: 82)
    let most = groups.map { Double(($0.solved ?? 0) + $0.unsolved + $0.diverged) }.max()
    for (row, cell) in cells.enumerated() {
      let members = columns.thresholds.map { threshold in
        groups.first { $0.cell == cell && $0.threshold == threshold }
      }
      addPanel(
        cell, members, columns, row: row, isLast: row == cells.count - 1,
        runs: max(most ?? 1, 1),
        top: firstTop + row * pitch, height: plotHeight, to: &drawing)
    }
    if cells.isEmpty {
      drawing.placePlot(left: Self.margin, right: Self.margin, top: firstTop, bottom: 80)
      drawing.addNote("no runs")
      drawing.commands += ["unset tics", "set xrange [0:1]", "set yrange [0:1]", plotCommand([])]
    }
    drawing.commands.append("unset multiplot")
    return drawing
  }

  private static let margin = 75

  /// Whether the task can be solved at all.
  var hasCriterion: Bool { groups.isEmpty || groups.contains { $0.solved != nil } }

  private func addPanel(
    _ cell: String, _ members: [Group?], _ columns: ClipColumns, row: Int, isLast: Bool,
    runs: Double, top: Int, height: Int, to drawing: inout Drawing
  ) {
    let block = DataBlock(
      name: "cell\(row)", columns: "place solved unsolved diverged clipped_fraction effective_step",
      rows: members.enumerated().flatMap { place, group -> [[Double]] in
        let row = [
          Double(place), Double(group?.solved ?? 0), Double(group?.unsolved ?? 0),
          Double(group?.diverged ?? 0), group?.clippedFraction ?? .nan,
          group?.effectiveStep ?? .nan,
        ]
        // A blank line interrupts the lines between points.
        return ClipColumns.isJoinedToLast(place, of: columns.thresholds) ? [row] : [[], row]
      })
    drawing.data.append(block)
    if row > 0 { drawing.commands += ["unset label", "unset key"] }
    drawing.addText(cell, label: 4, x: Self.margin, y: top - 16, size: 13, color: Palette.ink)
    drawing.placePlot(
      left: Self.margin, right: Self.margin, top: top, bottom: drawing.height - top - height)

    // Headroom above the tallest bar, and above a clipped fraction of 1, for the row of medians.
    let headroom = 1 + 34 / Double(height)
    let runAxis = Axis.linear([0, runs], tics: 5, whole: true)
    let fractionTics = [0, 0.5, 1].map {
      Axis.Tic(at: $0, label: NumberText.digits($0, 2), plainLabel: "")
    }
    drawing.commands += Axis(low: 0, high: runs * headroom, tics: runAxis.tics).commands("y")
    drawing.commands += Axis(low: 0, high: headroom, tics: fractionTics).commands("y2")
    drawing.commands += columns.commands
    drawing.commands += ["set ylabel 'runs'", "set y2label 'fraction'"]
    if isLast {
      let y = drawing.down(top + height + columns.labelHeight + 22)
      drawing.commands.append(
        "set label 5 \(GnuplotText.plain(columns.title)) at screen 0.5,\(y) center "
          + "textcolor rgb '\(Palette.ink)'")
    }
    for (place, group) in members.enumerated() {
      guard let group else { continue }
      drawing.commands.append(
        "set label \(100 + place) '\(group.note)' at first \(place), graph 1 center "
          + "offset 0,-0.7 textcolor rgb '\(Palette.ink)'")
    }
    drawing.commands.append(plotCommand(plots(of: block)))
  }

  /// Stacked boxes, then the clipped fraction: its marks are ringed in white to stand out.
  private func plots(of block: DataBlock) -> [String] {
    func box(_ below: String, _ above: String, _ color: String, _ title: String) -> String {
      "$\(block.name) using 1:(\(below)):($1 - 0.3):($1 + 0.3):(\(below)):(\(above)) "
        + "with boxxyerror fc rgb '\(color)' title '\(title)'"
    }
    let fraction = block.source("1:5", column: 4) + " axes x1y2"
    let effect = block.source("1:6", column: 5) + " axes x1y2"
    return (hasCriterion ? [box("0", "$2", Palette.green, "solved")] : []) + [
      box("$2", "$2 + $3", Palette.silver, hasCriterion ? "unsolved" : "finished"),
      box("$2 + $3", "$2 + $3 + $4", Palette.vermillion, "diverged"),
      "\(fraction) with lines lw 3.5 lc rgb '#FFFFFF'",
      "\(fraction) with points pt 7 ps 1.3 lc rgb '#FFFFFF'",
      "\(fraction) with linespoints pt 7 ps 0.8 lw 1.5 lc rgb '\(Palette.ink)' "
        + "title 'clipped fraction'",
      "\(effect) with lines lw 3.5 lc rgb '#FFFFFF'",
      "\(effect) with points pt 5 ps 1.2 lc rgb '#FFFFFF'",
      "\(effect) with linespoints pt 5 ps 0.7 lw 1.5 lc rgb '\(Palette.blue)' "
        + "title 'effective step'",
    ]
  }
}

extension ClipFigure.Group {
  /// What stands above the bar.
  fileprivate var note: String {
    solved == nil ? "" : medianUpdatesToSolve.map { NumberText.count($0) } ?? "–"
  }
}
