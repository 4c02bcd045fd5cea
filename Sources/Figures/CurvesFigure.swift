import Foundation
import UnrollText

/// Curves over one horizontal axis, a color for each label and dashes for each kind of curve.
public struct CurvesFigure: Figure {
  /// One line, drawn through its points in order.
  public struct Curve: Sendable {
    /// It decides the line's color, for example a cell specification.
    public var label: String
    /// It decides the line's dashes, for example `weight_hh`.
    public var kind: String
    /// What was found; it follows label and kind in the key, and may be empty.
    public var finding: String
    /// Values that the axes cannot show are gaps; a 0 on a logarithmic vertical axis is a triangle at its foot.
    public var points: [(x: Double, y: Double)]

    /// - Parameters:
    ///   - label: decides the line's color.
    ///   - kind: decides the line's dashes.
    ///   - finding: what was found; may be empty.
    ///   - points: in the order in which they are joined.
    public init(
      label: String, kind: String, finding: String = "", points: [(x: Double, y: Double)]
    ) {
      self.label = label
      self.kind = kind
      self.finding = finding
      self.points = points
    }
  }

  /// How an axis shows its values. A logarithmic one shows those above 0.
  public enum Scale: Sendable {
    /// Equal distances for equal differences.
    case linear
    /// Equal distances for equal ratios; a vertical one shows 0 as a triangle at its foot.
    case logarithmic
  }

  /// The line above the plot.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// The horizontal axis: its title, which stands below it, in gnuplot's markup, and its scale.
  public var horizontal: (title: String, scale: Scale)
  /// The vertical axis: its title, which stands above it, in gnuplot's markup, and its scale.
  public var vertical: (title: String, scale: Scale)
  /// In the order of the key.
  public var curves: [Curve]
  /// Thin dashed levels with a name each; drawn where they lie within the axis.
  public var levels: [(name: String, value: Double)] = []

  /// - Parameters:
  ///   - title: the line above the plot.
  ///   - subtitle: the line below the title.
  ///   - horizontal: the horizontal axis; its title is in gnuplot's markup.
  ///   - vertical: the vertical axis, likewise.
  ///   - curves: in the order of the key.
  public init(
    title: String, subtitle: String, horizontal: (title: String, scale: Scale),
    vertical: (title: String, scale: Scale), curves: [Curve]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
  }
}

extension CurvesFigure.Scale {
  /// Where `value` stands on the axis, NaN where it cannot.
  func place(_ value: Double) -> Double {
    switch self {
    case .linear: abs(value) <= Axis.largest ? value : .nan
    case .logarithmic: Axis.hasLogarithm(value) ? log10(value) : .nan
    }
  }

  /// The axis that holds `values`; a logarithmic one that can show none of them, a decade around 1.
  func axis(_ values: [Double], tics: Int, whole: Bool = false, margin: Double) -> Axis {
    switch self {
    case .linear: .linear(values, tics: tics, whole: whole, margin: margin)
    case .logarithmic:
      Axis.logarithmic(values, tics: tics) ?? .aroundOne(tics: tics)
    }
  }
}

extension CurvesFigure {
  /// The points that both axes can show.
  private func drawable(_ curve: Curve) -> [(x: Double, y: Double)] {
    curve.points.filter {
      horizontal.scale.place($0.x).isFinite && vertical.scale.place($0.y).isFinite
    }
  }

  public var drawing: Drawing {
    let key = KeyBelow(
      curves.map { ("\($0.label) \($0.kind)", $0.finding) }, below: Drawing.plotBottom)
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    let shown = curves.flatMap(drawable)
    let looks = CurveLooks(curves.map { ($0.label, $0.kind) })
    let across = horizontal.scale.axis(shown.map(\.x), tics: 10, margin: 0)
    let upright = vertical.scale.axis(shown.map(\.y), tics: 8, margin: 0.03)

    drawing.data = curves.enumerated().map { index, curve in
      DataBlock(
        curve: "curve\(index)", columns: "x y x_on_axis y_on_axis",
        rows: curve.points.lazy.map {
          [$0.x, $0.y, horizontal.scale.place($0.x), vertical.scale.place($0.y)]
        }, x: 2, values: 3..<4)
    }
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.addAxisTitle(markup: vertical.title, x: 20, y: Drawing.axisTitle)
    drawing.placePlot(
      left: 90, right: 25, top: Drawing.plotTop, bottom: drawing.height - Drawing.plotBottom)
    drawing.commands += across.commands("x") + upright.commands("y")
    drawing.commands.append("set xlabel \(GnuplotText.literal(horizontal.title))")
    if shown.isEmpty { drawing.addNote("nothing to draw") }
    drawing.addLevels(
      levels.map { ($0.name, vertical.scale.place($0.value)) }, within: upright, across: across,
      curves: drawing.data.map { $0.rows.map { ($0[2], $0[3]) } })
    var plots = looks.plots(
      zip(drawing.data, curves).map { block, curve in
        .init(label: curve.label, kind: curve.kind, block: block, using: "3:4", column: 3)
      })
    if vertical.scale == .logarithmic {
      plots += curves.enumerated().compactMap { index, curve in
        drawing.addZeros(
          "curve\(index)", curve.points.map(\.y),
          at: curve.points.map { horizontal.scale.place($0.x) }, foot: upright.low,
          color: looks.color(curve.label))
      }
    }
    let samples = curves.enumerated().map { index, curve in
      looks.sample(label: curve.label, kind: curve.kind, title: key.title(index))
    }
    drawing.commands.append(plotCommand(plots + samples))
    return drawing
  }
}
