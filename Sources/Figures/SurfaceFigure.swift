import UnrollText

/// A surface over a plane, seen from the side and from above, with paths on it.
public struct SurfaceFigure: Figure {
  /// A point of the surface.
  public struct Point: Sendable, Equatable {
    /// Its location on the plane's first axis.
    public var x: Double
    /// Its location on the plane's second axis.
    public var y: Double
    /// The surface's height there; a gap where it is not finite.
    public var height: Double

    /// The point of the surface at `x` and `y`.
    public init(x: Double, y: Double, height: Double) {
      self.x = x
      self.y = y
      self.height = height
    }
  }

  /// A line over the surface, such as the steps of a descent.
  public struct Path: Sendable {
    /// The path's name in the key; decides the color.
    public var label: String
    /// What became of it, behind the label in the key.
    public var finding: String
    /// Its points, from the start.
    public var points: [Point]

    /// A path from the first of `points` to the last.
    public init(label: String, finding: String, points: [Point]) {
      self.label = label
      self.finding = finding
      self.points = points
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// What the plane's axes and the height are called.
  public var names: (x: String, y: String, height: String)
  /// Lines of equally many points, each at one x, for the view from the side; a steep wall wants
  /// points close to it on either side. They span what is shown.
  public var mesh: [[Point]]
  /// Points of an even grid, row by row, for the view from above.
  public var grid: [Point]
  /// Drawn as far as they stay over the mesh; an arrow shows where one leaves for good.
  public var paths: [Path]

  /// A figure of one surface with paths on it.
  public init(
    title: String, subtitle: String, names: (x: String, y: String, height: String),
    mesh: [[Point]], grid: [Point], paths: [Path]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.names = names
    self.mesh = mesh
    self.grid = grid
    self.paths = paths
  }
}

extension SurfaceFigure {
  private static let colors = [
    Palette.vermillion, Palette.ink, Palette.green, Palette.purple, Palette.orange, Palette.yellow,
  ]

  private var xAxis: Axis { .linear(mesh.joined().map(\.x), tics: 6) }
  private var yAxis: Axis { .linear(mesh.joined().map(\.y), tics: 6) }
  private var heightAxis: Axis { .linear(mesh.joined().map(\.height) + [0], tics: 5) }

  public var drawing: Drawing {
    let key = KeyBelow(paths.map { entry($0) })
    let bottom = 520
    var drawing = Drawing(width: 900, height: bottom + key.height)
    drawing.data = blocks
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.commands += [
      "set multiplot", "unset grid", "unset key", "unset colorbox",
      // Pale valleys and deep plateaus, all of one hue that no path has.
      "set palette defined (0 '#F3F8FC', 0.11 '#D3E4F1', 0.33 '#9CC5E0', 0.67 '#4A96C8', 1 '#0B559F')",
    ]
    drawing.commands += heightAxis.commands("cb")
    addSideView(to: &drawing)
    addMap(bottom: bottom, to: &drawing)
    drawing.place(key, belowPlotAt: bottom)
    drawing.commands += [plotCommand(mapPlots), "unset multiplot"]
    return drawing
  }

  /// The surface, then the paths in a plot of their own: gnuplot would hide them in it.
  private func addSideView(to drawing: inout Drawing) {
    drawing.addText(names.height, label: 5, x: 24, y: 132, size: 12, color: Palette.ink)
    drawing.commands += [
      "set origin -0.035,\(drawing.down(545))",
      "set size 0.69,\(NumberText.digits(485 / Double(drawing.height), 5))",
      "set view 62,148,1.02,1.12", "set xyplane at 0", "set border 127",
      "set pm3d depthorder border lc rgb '#a0ffffff' lw 0.3",
    ]
    drawing.commands += xAxis.commands("x") + yAxis.commands("y") + heightAxis.commands("z")
    drawing.commands += [
      "set xtics offset 0,-0.3", "set ytics offset 0,-0.3",
      "set xlabel \(GnuplotText.plain(names.x))", "set ylabel \(GnuplotText.plain(names.y))",
      mesh.isEmpty ? plotCommand([]) : "splot $mesh using 1:2:3 with pm3d",
      "unset border", "unset tics", "unset xlabel", "unset ylabel", "unset label",
    ]
    let plots = lines("1:2:3") + arrows("1:2:3:4:5:6") + ends("1:2:3")
    if !plots.isEmpty, !mesh.isEmpty {
      drawing.commands.append("splot " + plots.joined(separator: ", \\\n  "))
    }
  }

  private func addMap(bottom: Int, to drawing: inout Drawing) {
    drawing.commands += ["set origin 0,0", "set size 1,1", "set border 3"]
    drawing.addAxisTitle(text: "\(names.y), color: \(names.height)", x: 556, y: 84)
    drawing.placePlot(
      left: 596, right: 74, top: 102, bottom: drawing.height - bottom + 26)
    drawing.commands += ["set xtics nomirror out offset 0,0", "set ytics nomirror out offset 0,0"]
    drawing.commands += xAxis.commands("x") + yAxis.commands("y") + heightAxis.commands("cb")
    drawing.commands += [
      "set xlabel \(GnuplotText.plain(names.x))",
      "set colorbox user origin \(drawing.across(838)),\(drawing.down(bottom - 26)) "
        + "size \(drawing.across(14)),\(NumberText.digits(392 / Double(drawing.height), 5))",
    ]
    if let start = paths.first?.points.first {
      drawing.commands.append(
        "set label 4 'start' at \(NumberText.data(start.x)),\(NumberText.data(start.y)) "
          + "left offset 0.8,0.4 front textcolor rgb '\(Palette.ink)'")
    }
  }

  private var mapPlots: [String] {
    guard !grid.isEmpty else { return [] }
    return ["$grid using 1:2:3 with image"] + lines("1:2") + arrows("1:2:4:5") + ends("1:2")
      + keyLines
  }

  // MARK: Paths

  private func entry(_ path: Path) -> String {
    path.finding.isEmpty ? path.label : "\(path.label): \(path.finding)"
  }

  private func color(_ place: Int) -> String { Self.colors[place % Self.colors.count] }

  /// Dashes, where the colors have run out.
  private func dash(_ place: Int) -> String {
    Palette.dashes[place / Self.colors.count % Palette.dashes.count]
  }

  /// The paths on a white rim, so that they stand out anywhere; the first lies on top.
  private func lines(_ columns: String) -> [String] {
    stretches.indices.reversed().filter { !stretches[$0].inside.isEmpty }.flatMap { place in
      [
        "$path\(place) using \(columns) with lines lw 3.6 lc rgb '#FFFFFF'",
        "$path\(place) using \(columns) with linespoints pt 7 ps 0.35 lw 1.5 "
          + "dt \(dash(place)) lc rgb '\(color(place))'",
      ]
    }
  }

  /// Where paths end, larger.
  private func ends(_ columns: String) -> [String] {
    stretches.indices.filter { stretches[$0].end != nil }.flatMap { place in
      [
        "$end\(place) using \(columns) with points pt 7 ps 1.5 lc rgb '#FFFFFF'",
        "$end\(place) using \(columns) with points pt 7 ps 1.1 lc rgb '\(color(place))'",
      ]
    }
  }

  /// Where paths leave for good.
  private func arrows(_ columns: String) -> [String] {
    stretches.indices.filter { stretches[$0].exit != nil }.map { place in
      "$exit\(place) using \(columns) with vectors head filled size screen 0.018,18 lw 1.5 "
        + "lc rgb '\(color(place))'"
    }
  }

  private var keyLines: [String] {
    paths.indices.map { place in
      "NaN with linespoints pt 7 ps 0.6 lw 2 dt \(dash(place)) lc rgb '\(color(place))' title "
        + GnuplotText.plain(entry(paths[place]), limit: 130)
    }
  }

  private var blocks: [DataBlock] {
    func row(_ point: Point) -> [Double] { [point.x, point.y, point.height] }
    let columns = "x y height"
    var blocks = [
      // A blank line parts the lines of the mesh.
      DataBlock(name: "mesh", columns: columns, rows: mesh.flatMap { $0.map(row) + [[]] }),
      DataBlock(name: "grid", columns: columns, rows: grid.map(row)),
    ]
    for (place, stretch) in stretches.enumerated() {
      blocks.append(
        DataBlock(
          name: "path\(place)", columns: columns,
          rows: stretch.inside.map { $0.map(row) ?? [] }))
      if let end = stretch.end {
        blocks.append(DataBlock(name: "end\(place)", columns: columns, rows: [row(end)]))
      }
      if let (from, to) = stretch.exit {
        blocks.append(
          DataBlock(
            name: "exit\(place)", columns: "x y height dx dy dheight",
            rows: [row(from) + [to.x - from.x, to.y - from.y, to.height - from.height]]))
      }
    }
    return blocks
  }

  /// A path as far as it is over the mesh.
  private struct Stretch {
    /// nil parts what is not joined.
    var inside: [Point?] = []
    /// The path's last point, where it is inside.
    var end: Point?
    /// The piece on which it leaves for good.
    var exit: (from: Point, to: Point)?
  }

  private var stretches: [Stretch] {
    let (x, y) = (xAxis, yAxis)
    func isInside(_ point: Point) -> Bool {
      point.x >= x.low && point.x <= x.high && point.y >= y.low && point.y <= y.high
    }
    /// Where the piece from `inner` to `outer` crosses the edge.
    func crossing(_ inner: Point, _ outer: Point) -> Point {
      func share(_ from: Double, _ to: Double, _ axis: Axis) -> Double {
        to > axis.high
          ? (axis.high - from) / (to - from)
          : to < axis.low ? (axis.low - from) / (to - from) : 1
      }
      let share = min(share(inner.x, outer.x, x), share(inner.y, outer.y, y))
      return Point(
        x: inner.x + share * (outer.x - inner.x), y: inner.y + share * (outer.y - inner.y),
        height: inner.height + share * (outer.height - inner.height))
    }
    return paths.map { path in
      var stretch = Stretch()
      var last: Point?
      for point in path.points {
        switch (last.map(isInside) ?? false, isInside(point)) {
        case (_, true):
          if let last, !isInside(last) { stretch.inside += [nil, crossing(point, last)] }
          stretch.inside.append(point)
          stretch.exit = nil
        case (true, false):
          if let last {
            stretch.inside.append(crossing(last, point))
            stretch.exit = (last, crossing(last, point))
          }
        case (false, false): break
        }
        last = point
      }
      if let last, isInside(last) { stretch.end = last }
      return stretch
    }
  }
}
