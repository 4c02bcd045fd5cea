/// Lines, dots or bars over layers, updates, inputs or names, in one panel or several below each other; a
/// label has one color in all of them.
public struct PanelsFigure: TerminalFigure {
  /// One entry of the key, and what it stands for in a panel.
  public struct Line: Sendable {
    /// Decides the color.
    public var label: String
    /// What a page calls a companion, a line with the label and the color of another one of its panel; nil
    /// for the label. A terminal leaves companions out, since both would have the same mark.
    public var name: String?
    /// What was found, behind the label in the key; may be empty.
    public var finding: String
    /// The points in the order in which a line joins them, each with its range where it has one.
    public var points: [Chart.Point]
    /// How the points are drawn.
    public var mark: Chart.Mark

    /// A line through `points`.
    public init(
      label: String, finding: String = "", points: [Chart.Point], mark: Chart.Mark = .line
    ) {
      self.label = label
      self.finding = finding
      self.points = points
      self.mark = mark
    }

    /// A line through points without ranges.
    public init(label: String, finding: String = "", points: [(x: Double, y: Double)]) {
      self.init(
        label: label, finding: finding, points: points.map { Chart.Point(x: $0.x, y: $0.y) })
    }

    /// Values at 1, 2, 3, ….
    public init(label: String, finding: String = "", values: [Double]) {
      self.init(
        label: label, finding: finding,
        points: values.enumerated().map { Chart.Point(x: Double($0 + 1), y: $1) })
    }
  }

  /// A plot with its own axes.
  public struct Panel: Sendable {
    /// What the vertical axis shows, in gnuplot's markup.
    public var title: String
    /// The same without markup.
    public var plainTitle: String
    /// The same for a terminal's plot, which leaves companions out; nil for `plainTitle`.
    public var terminalTitle: String?
    /// What the horizontal axis shows.
    public var across: String
    /// Whether only whole numbers stand on the horizontal axis.
    public var isCounted: Bool
    /// Whether the vertical axis is logarithmic; a 0 then stands below all other values, what is negative is
    /// a gap.
    public var isLogarithmic: Bool
    /// Whether the horizontal axis is logarithmic.
    public var isLogarithmicAcross = false
    /// Names at 0, 1, 2, … of the horizontal axis, instead of numbers.
    public var categories: [String] = []
    /// Thin dashed levels with a name each, such as the loss of a guess; the vertical axis holds them.
    public var levels: [(name: String, value: Double)] = []
    /// The lines; those with one label have one color in all panels.
    public var lines: [Line]
    /// Where the vertical axis ends although lines go further; an arrow says how far. Nil where the axis holds
    /// all lines.
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
  /// What stands between the names of the two axes above a terminal's plot.
  public var against = "against"
  /// What stands before the largest value of a line that goes beyond the ceiling.
  public var upTo = "up to"

  /// A figure of `panels`, one below the other.
  public init(title: String, subtitle: String, panels: [Panel]) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
  }
}
