import UnrollText

/// The last part of a series, the predictions one step ahead on what was held out, and a forecast.
public struct ForecastFigure: TerminalFigure {
  /// A value at a location of the series' index.
  public struct Point: Equatable, Sendable {
    /// The index, for example the year.
    public var x: Double
    /// The value, in the series' unit.
    public var y: Double

    /// The value `y` at `x`.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// The series as measured.
  public var observed: [Point]
  /// Each value as predicted from the measured values before it.
  public var predicted: [Point]
  /// What the model expects after the last measured value, fed with its own predictions.
  public var forecast: [Point]
  /// What x is, for example `year`.
  public var xName: String
  /// The column's name, for example `sunspots`.
  public var yName: String
  /// Whether x is a date, in seconds since the start of 1970.
  public var xIsDate = false

  /// A figure of points that are drawn as they are.
  public init(
    title: String, subtitle: String, observed: [Point], predicted: [Point], forecast: [Point],
    xName: String, yName: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.observed = observed
    self.predicted = predicted
    self.forecast = forecast
    self.xName = xName
    self.yName = yName
  }

  /// The last `shown` values of `series`; `predictions` belong to its last values, `forecast` to
  /// the steps after it. `x` (one value an element of `series`) goes on with `forecastX`, without that in
  /// steps of its last difference; without `x`, or where it does not increase to the end, x is the index.
  public init(
    title: String, subtitle: String, series: [Double], x: [Double]? = nil, predictions: [Double],
    forecast: [Double], forecastX: [Double]? = nil, xIsDate: Bool = false, shown: Int,
    xName: String = "index", yName: String
  ) {
    require(
      x.map { $0.count == series.count } ?? true,
      "one x a value: expected \(series.count), got \(x?.count ?? 0)")
    require(
      predictions.count <= series.count,
      "predictions belong to the series: at most \(series.count), got \(predictions.count)")
    let isUsable = x.map { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 < .infinity } }
    let places = isUsable == true ? x : nil
    let last = places?.last ?? Double(series.count - 1)
    let step = places.map { $0.count > 1 ? last - $0[$0.count - 2] : 1 } ?? 1
    let next = places == nil ? nil : forecastX
    let points = series.indices.map { Point(x: places?[$0] ?? Double($0), y: series[$0]) }
    self.init(
      title: title, subtitle: subtitle,
      observed: points.suffix(max(shown, predictions.count, 0)),
      predicted: zip(points.suffix(predictions.count), predictions).map { Point(x: $0.x, y: $1) },
      forecast: forecast.enumerated().map { index, y in
        Point(
          x: next.flatMap { index < $0.count ? $0[index] : nil } ?? last + step * Double(index + 1),
          y: y)
      },
      xName: places == nil && x != nil ? "index" : xName, yName: yName)
    self.xIsDate = xIsDate && places != nil
  }
}

extension ForecastFigure {
  private static let names = ["observed", "predicted", "forecast"]
  private static let titles = ["observed", "one step ahead", "forecast"]

  /// The forecast's line starts at the last measured value.
  private var data: [DataBlock] {
    let joined = forecast.isEmpty ? [] : observed.suffix(1) + forecast
    return zip(Self.names, [observed, predicted, joined]).compactMap { name, points in
      guard !points.isEmpty else { return nil }
      let rows = points.filter { abs($0.x) <= Axis.largest }.map {
        [$0.x, abs($0.y) <= Axis.largest ? $0.y : .nan]
      }
      return rows.isEmpty ? nil : DataBlock(curve: name, columns: "x y", rows: rows)
    }
  }

  private var points: [Point] { observed + predicted + forecast }

  private func xAxis(tics: Int) -> Axis {
    let xs = points.map(\.x).filter { abs($0) <= Axis.largest }
    // A date takes the room of two numbers.
    if xIsDate { return .dates(xs, tics: tics * 5 / 8) }
    return .linear(xs, tics: tics, whole: xs.allSatisfy { $0 == $0.rounded() })
  }

  private func yAxis(tics: Int) -> Axis { .linear(points.map(\.y), tics: tics, margin: 0.06) }

  private var isEmpty: Bool { !points.contains { abs($0.y) <= Axis.largest } }

  private var emptyNote: String { "no finite value" }

  public var drawing: Drawing {
    var drawing = Drawing(width: 900, height: 540)
    drawing.data = data
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.addAxisTitle(text: yName, x: 20, y: 82)
    drawing.placeKey(right: 25, y: 82)
    drawing.placePlot(left: 90, right: 25, top: 100, bottom: 65)
    drawing.commands += xAxis(tics: 10).commands("x") + yAxis(tics: 8).commands("y")
    drawing.commands.append("set xlabel \(GnuplotText.plain(xName))")
    if isEmpty { drawing.addNote(emptyNote) }
    let looks = [
      "linespoints pt 7 ps 0.45 lw 1.2 lc rgb '#555555'",
      "lines lw 2 lc rgb '\(Palette.blue)'",
      "lines lw 2 dt (7,4) lc rgb '\(Palette.vermillion)'",
    ]
    let plots = drawing.data.map { block in
      let kind = Self.names.firstIndex(of: block.name) ?? 0
      return "\(block.source("1:2")) with \(looks[kind]) title '\(Self.titles[kind])'"
    }
    drawing.commands.append(plotCommand(plots))
    return drawing
  }

  public func terminalDrawing(columns: Int, rows: Int) -> Drawing {
    var drawing = Drawing(width: columns, height: rows)
    drawing.data = data
    drawing.commands =
      xAxis(tics: 8).commands("x", plain: true) + yAxis(tics: 6).commands("y", plain: true)
    if isEmpty { drawing.addNote(emptyNote) }
    let plots = drawing.data.map { block in
      let mark = Palette.marks[Self.names.firstIndex(of: block.name) ?? 0]
      return "\(block.source("1:2")) with points pt '\(mark)'"
    }
    drawing.commands.append(plotCommand(plots))
    return drawing
  }

  public var terminalTitle: String { "\(yName) against \(xName)" }

  public var terminalKey: [TerminalKeyEntry] {
    let present = Set(data.map(\.name))
    return zip(Palette.marks, zip(Self.names, Self.titles))
      .filter { present.contains($0.1.0) }
      .map { TerminalKeyEntry(mark: $0.0, name: $0.1.1) }
  }
}
