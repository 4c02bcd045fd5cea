import UnrollText

/// A picture as gnuplot draws it: the canvas, the data and the commands.
public struct Drawing: Sendable {
  /// The canvas' width in pixels, or in characters on a terminal.
  public let width: Int
  /// The canvas' height, in the unit of ``width``.
  public let height: Int
  /// The tables that the commands plot.
  public var data: [DataBlock] = []
  /// gnuplot commands, a line each, that may plot `data`. Text from users goes through
  /// `GnuplotText`.
  public var commands: [String] = []

  /// An empty canvas.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Fixes the plot's four edges, given in pixels from the canvas' edges.
  mutating func placePlot(left: Int, right: Int, top: Int, bottom: Int) {
    commands += [
      "set lmargin at screen \(across(left))", "set rmargin at screen \(across(width - right))",
      "set tmargin at screen \(down(top))", "set bmargin at screen \(down(height - bottom))",
    ]
  }

  /// The title and, below it, the subtitle in one or two lines, from the left edge.
  mutating func addHeading(_ title: String, _ subtitle: String) {
    let lines = TextWidth.lines(of: subtitle, width: Double(width - 40))
    let (top, gap) = lines.count == 1 ? (24, 23) : (15, 20)
    addText(title, label: 1, x: 20, y: top, size: 16, color: Palette.ink)
    for (row, line) in lines.enumerated() {
      addText(line, label: 97 + row, x: 20, y: top + gap + 14 * row, size: 12, color: Palette.grey)
    }
  }

  /// A line of text that starts `x` pixels from the left, its middle `y` pixels from the top. It
  /// loses its middle where it would not end 20 pixels before the right edge.
  mutating func addText(
    _ text: String, label: Int, x: Int, y: Int, size: Int, color: String
  ) {
    let shown = text.fitted(to: Double(width - 20 - x), size: size)
    commands.append(
      "set label \(label) \(GnuplotText.plain(shown, limit: .max)) "
        + "at screen \(across(x)),\(down(y)) left font ',\(size)' textcolor rgb '\(color)'")
  }

  /// What the vertical axis shows, upright above its top end, where it reads best.
  mutating func addAxisTitle(text: String, x: Int, y: Int) {
    addText(
      text.shortened(to: 34), label: 3, x: x, y: y, size: 12, color: Palette.ink)
  }

  /// The same in gnuplot's markup, for our own text only.
  mutating func addAxisTitle(markup: String, x: Int, y: Int) {
    commands.append(
      "set label 3 \(GnuplotText.literal(markup)) at screen \(across(x)),\(down(y)) left "
        + "textcolor rgb '\(Palette.ink)'")
  }

  /// The key in as many rows: it ends `right` pixels from the right edge, its middle `y` pixels
  /// from the top.
  mutating func placeKey(right: Int, y: Int, rows: Int = 1) {
    commands.append(
      "set key at screen \(across(width - right)),\(down(y)) right center "
        + "\(rows == 1 ? "horizontal" : "vertical") Left reverse samplen 2.5 maxrows \(rows)")
  }

  /// A short text in the middle of an empty plot.
  mutating func addNote(_ text: String) {
    commands.append(
      "set label 99 \(GnuplotText.plain(text)) at graph 0.5,0.62 center front "
        + "textcolor rgb '\(Palette.grey)'")
  }

  /// A horizontal pixel position as a share of the canvas.
  func across(_ x: Int) -> String { NumberText.digits(Double(x) / Double(width), 5) }

  /// A pixel position counted from the top as a share of the canvas counted from the bottom.
  func down(_ y: Int) -> String { NumberText.digits(1 - Double(y) / Double(height), 5) }

  /// The look all figures share: a frame of two thin lines, a light grid, grey labels.
  static let style = [
    "set border 3 lc rgb '\(Palette.grey)' lw 1",
    "set tics nomirror out scale 0.6 textcolor rgb '\(Palette.ink)'",
    "set grid xtics ytics lt 1 lc rgb '#DFE2E5' lw 1 dt solid",
    KeyBelow.command,
  ]

  /// Where the plot of a figure with one plot, or the first of several, begins and ends.
  static let (plotTop, plotBottom) = (102, 481)
  /// Where the title of its vertical axis stands, clear of the label of a tic at the plot's top.
  static let axisTitle = 77
}

/// One gnuplot `plot` command with a line for each of `plots`; an empty frame when there are none.
func plotCommand(_ plots: [String]) -> String {
  "plot " + (plots.isEmpty ? ["NaN"] : plots).joined(separator: ", \\\n  ")
}
