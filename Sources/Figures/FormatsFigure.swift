import UnrollText

/// Where number formats run out: the gradient's largest element against the lag, with the formats'
/// ends as levels; below it the share of elements that are subnormal, where there are any.
public struct FormatsFigure: Figure {
  /// One model's gradient with respect to one thing.
  public struct Curve: Sendable {
    /// The cell specification; it decides the line's color.
    public var label: String
    /// What the gradient is taken with respect to; it decides the line's dashes.
    public var path: String
    /// What was found, behind both in the key.
    public var finding: String
    /// The largest element's absolute value at lag 0, 1, 2, ….
    public var largest: [Double]
    /// The share of elements that are subnormal, from 0 to 1.
    public var subnormalShares: [Double]

    /// A curve with a share for each value of `largest`.
    ///
    /// - Precondition: both have one element a lag.
    public init(
      label: String, path: String, finding: String, largest: [Double], subnormalShares: [Double]
    ) {
      require(
        largest.count == subnormalShares.count,
        "expected \(largest.count) shares, got \(subnormalShares.count)")
      self.label = label
      self.path = path
      self.finding = finding
      self.largest = largest
      self.subnormalShares = subnormalShares
    }
  }

  /// The line below the title.
  public var subtitle: String
  /// The curves, in the order of the key.
  public var curves: [Curve]
  /// Thin dashed levels with a name each; drawn where they lie within the axis.
  public var levels: [(name: String, value: Double)]
  /// The format whose subnormal numbers are counted.
  public var countedFormat: String

  /// A figure of `curves` with the ends of number formats as `levels`.
  public init(
    subtitle: String, curves: [Curve], levels: [(name: String, value: Double)],
    countedFormat: String
  ) {
    self.subtitle = subtitle
    self.curves = curves
    self.levels = levels
    self.countedFormat = countedFormat
  }
}

extension FormatsFigure {
  private var hasSubnormals: Bool { curves.contains { $0.subnormalShares.contains { $0 > 0 } } }

  private var lagAxis: Axis {
    let lags = max(1, (curves.map(\.largest.count).max() ?? 0) - 1)
    return .linear([0, Double(lags)], tics: 10, whole: true)
  }

  private var looks: CurveLooks { CurveLooks(curves.map { ($0.label, $0.path) }) }

  public var drawing: Drawing {
    let lowest = hasSubnormals ? 651 : Drawing.plotBottom
    let key = KeyBelow(curves.map { ("\($0.label) \($0.path)", $0.finding) }, below: lowest)
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    drawing.commands = Drawing.style
    drawing.addHeading("Where number formats run out", subtitle)
    drawing.data = curves.enumerated().map { index, curve in
      DataBlock(
        curve: "curve\(index)", columns: "lag largest subnormal_share",
        rows: curve.largest.indices.lazy.map {
          [Double($0), curve.largest[$0], curve.subnormalShares[$0]]
        }, values: 1..<3,
        isDrawable: { value, column in
          column > 1 ? value.isFinite : Axis.hasLogarithm(value)
        })
    }
    drawing.commands.append("set multiplot")
    addLargest(to: &drawing, key)
    if hasSubnormals { addShares(to: &drawing, lowest) }
    drawing.commands.append("unset multiplot")
    return drawing
  }

  private func addLargest(to drawing: inout Drawing, _ key: KeyBelow) {
    let shown = curves.flatMap(\.largest).filter(Axis.hasLogarithm)
    let axis = Axis.logarithmic(shown, tics: 8) ?? .aroundOne(tics: 8)
    drawing.addAxisTitle(text: "largest element of the gradient", x: 20, y: Drawing.axisTitle)
    drawing.placePlot(
      left: 90, right: 25, top: Drawing.plotTop, bottom: drawing.height - Drawing.plotBottom)
    drawing.commands += lagAxis.commands("x") + axis.commands("y")
    if !hasSubnormals { drawing.commands.append("set xlabel \(GnuplotText.literal(Self.lagName))") }
    if shown.isEmpty { drawing.addNote("nothing to draw: every element is zero or not finite") }
    let scale = CurvesFigure.Scale.logarithmic
    drawing.addLevels(
      levels.map { ($0.name, scale.place($0.value)) }, within: axis, across: lagAxis,
      curves: curves.map { $0.largest.enumerated().map { (Double($0), scale.place($1)) } })
    let plots = looks.plots(
      zip(drawing.data, curves).map { block, curve in
        .init(
          label: curve.label, kind: curve.path, block: block,
          using: "1:($2 >= \(Double.leastNormalMagnitude) ? log10($2) : NaN)",
          isDrawable: Axis.hasLogarithm)
      })
    let samples = curves.enumerated().map { index, curve in
      looks.sample(label: curve.label, kind: curve.path, title: key.title(index))
    }
    drawing.commands.append(plotCommand(plots + samples))
  }

  private static let lagName = "lag k: steps before the loss"

  private func addShares(to drawing: inout Drawing, _ bottom: Int) {
    drawing.commands += ["unset label", "unset arrow", "unset key"]
    drawing.addAxisTitle(text: "% subnormal in \(countedFormat)", x: 20, y: 528)
    drawing.placePlot(left: 90, right: 25, top: 546, bottom: drawing.height - bottom)
    drawing.commands += lagAxis.commands("x") + Axis.linear([0, 100], tics: 4).commands("y")
    drawing.commands.append("set xlabel \(GnuplotText.literal(Self.lagName))")
    drawing.commands.append(
      plotCommand(
        looks.plots(
          zip(drawing.data, curves).map { block, curve in
            .init(
              label: curve.label, kind: curve.path, block: block, using: "1:(100*$3)", column: 2)
          })))
  }
}
