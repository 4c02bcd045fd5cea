import Foundation
import UnrollText

/// One plot of a page: curves over one horizontal axis, as plain data. It is drawn as SVG
/// (``svg(id:)``), and a page's script draws it again at another size or scale from ``data``.
public struct Chart: Sendable {
  /// What lies along one side of the plot.
  public struct Side: Sendable {
    /// What the values are, in gnuplot's markup.
    public var title: String
    /// How values become places.
    public var scale: CurvesFigure.Scale
    /// Whether only whole numbers are labeled.
    public var isWhole = false
    /// Values that have places of their own, where these are not numbers alone; nil for an axis of numbers.
    let values: SweepAxis?
    /// Values that the axis holds in any case: 0 and 1 where shares lie along it.
    public var holds: [Double] = []
    /// Where the axis ends although curves go further; nil where it holds all of them.
    public var ceiling: Double?

    /// A side with a title in gnuplot's markup. Where there are `categories`, they stand at 0, 1, 2, … in
    /// place of numbers.
    public init(
      _ title: String, _ scale: CurvesFigure.Scale = .linear, isWhole: Bool = false,
      categories: [String] = [], holds: [Double] = [], ceiling: Double? = nil
    ) {
      self.title = title
      self.scale = scale
      self.isWhole = isWhole
      values = categories.isEmpty ? nil : SweepAxis(categories: categories)
      self.holds = holds
      self.ceiling = ceiling
    }

    /// A side along which values have the places of `values`.
    init(_ title: String, values: SweepAxis) {
      (self.title, scale, self.values) = (title, .linear, values)
    }
  }

  /// A value, and the range around it where there is one. What is not finite is a gap.
  public struct Point: Equatable, Sendable {
    /// Where it stands on the horizontal axis.
    public var x: Double
    /// The value.
    public var y: Double
    /// The ends of a band, or of a bar.
    public var low: Double?
    /// The end beside ``low``.
    public var high: Double?

    /// A value at `x`.
    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }

    /// What keeps a line from joining the point at `x` to the one before it.
    static func gap(at x: Double) -> Point { Point(x: x, y: .nan) }
  }

  /// How the points of a curve are drawn.
  public enum Mark: String, Sendable {
    /// Joined by a line; where they are few, with a dot each.
    case line
    /// The same, thin and pale, behind a curve that sums it up.
    case faint
    /// Dots, which no line joins, each with a bar from its low to its high end where it has one.
    case points
    /// Bars from their low to their high end, on a linear axis.
    case bar
  }

  /// One entry of the key, and what it stands for.
  public struct Curve: Sendable {
    /// Its name in the key.
    public var name: String
    /// What was found, behind the name; may be empty.
    public var finding: String
    /// In the order in which they are joined.
    public var points: [Point]
    /// How they are drawn.
    public var mark: Mark
    /// The place of its color in the palette.
    public var color: Int
    /// The place of its dashes.
    public var dashes: Int
    /// What color and dashes go by; nil where something else decides them.
    var look: (label: String, kind: String)?

    /// A curve of `points`.
    public init(
      name: String, finding: String = "", points: [Point], mark: Mark = .line, color: Int,
      dashes: Int = 0
    ) {
      self.name = name
      self.finding = finding
      self.points = points
      self.mark = mark
      self.color = color
      self.dashes = dashes
    }
  }

  /// The line above the plot.
  public var title: String
  /// The line below the title; may be empty.
  public var subtitle: String
  /// The axis below the plot.
  public var across: Side
  /// The axis at its left.
  public var upright: Side
  /// In the order of the key.
  public var curves: [Curve]
  /// Thin dashed levels with a name each; those beyond the curves are not drawn.
  public var levels: [(name: String, value: Double)]

  /// A plot of `curves`, those that are long thinned as in other figures (`DataBlock`): no spike and no gap
  /// is lost, and what is kept is exact.
  public init(
    title: String, subtitle: String = "", across: Side, upright: Side, curves: [Curve],
    levels: [(name: String, value: Double)] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.across = across
    self.upright = upright
    self.curves = curves.map { curve in
      var curve = curve
      if [.line, .faint].contains(curve.mark) {
        curve.points = Self.thinned(curve.points, across.scale, upright.scale)
      }
      return curve
    }
    self.levels = levels
  }

  private static func thinned(
    _ points: [Point], _ across: CurvesFigure.Scale, _ upright: CurvesFigure.Scale
  ) -> [Point] {
    let hasBand = points.contains { $0.low != nil }
    let kept = DataBlock.places(
      keptOf: points.lazy.map { [across.place($0.x), $0.y, $0.low ?? .nan, $0.high ?? .nan] },
      x: 0, values: hasBand ? 1..<4 : 1..<2,
      isDrawable: { value, _ in upright.place(value).isFinite })
    return kept.map { points[$0] }
  }
}

extension [Chart.Curve] {
  /// Gives the curves colors by their labels and dashes by their kinds, as ``CurveLooks`` does. Labels
  /// beyond the colors take the colors again, with dashes that no kind has.
  package static func looking(
    _ curves: [(label: String, kind: String, finding: String, points: [Chart.Point])]
  ) -> [Chart.Curve] {
    let looks = CurveLooks(curves.map { ($0.label, $0.kind) })
    return curves.map { curve in
      var shown = Chart.Curve(
        name: curve.kind.isEmpty ? curve.label : "\(curve.label) \(curve.kind)",
        finding: curve.finding, points: curve.points, color: 0)
      shown.take(looks, label: curve.label, kind: curve.kind)
      return shown
    }
  }
}

extension Chart.Curve {
  /// Has the color and the dashes that `looks` gives to the label and the kind.
  mutating func take(_ looks: CurveLooks, label: String, kind: String) {
    look = (label, kind)
    (color, dashes) = looks.places(label, kind)
  }
}

extension [Chart] {
  /// The charts with one color a label: those that share a label share their colors, as do those that share
  /// labels with one of these.
  package var withOneColorALabel: [Chart] {
    var palettes: [[String]] = []
    for labels in map(\.labels) where !labels.isEmpty {
      let isShared = { (palette: [String]) in palette.contains(where: labels.contains) }
      let shared = palettes.filter(isShared)
      palettes.removeAll(where: isShared)
      palettes.append((shared.flatMap(\.self) + labels).distinct)
    }
    return map { chart in
      guard let palette = palettes.first(where: { $0.contains(where: chart.labels.contains) })
      else { return chart }
      var chart = chart
      let looks = CurveLooks(chart.curves.compactMap(\.look), among: palette)
      for place in chart.curves.indices {
        guard let (label, kind) = chart.curves[place].look else { continue }
        chart.curves[place].take(looks, label: label, kind: kind)
      }
      return chart
    }
  }
}

extension Chart {
  /// What its curves' colors go by.
  fileprivate var labels: [String] { curves.compactMap { $0.look?.label }.distinct }
}
