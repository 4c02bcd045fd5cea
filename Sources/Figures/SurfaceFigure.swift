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
    /// The path's text in the key.
    public var label: String
    /// Its points, from the start.
    public var points: [Point]

    /// A path from the first of `points` to the last.
    public init(label: String, points: [Point]) {
      self.label = label
      self.points = points
    }
  }

  /// The figure's title.
  public var title: String
  /// The line below the title.
  public var subtitle: String
  /// The titles of the axes.
  public var names: (x: String, y: String, height: String)
  /// What the first place of the paths is called.
  public var startName = "start"
  /// Lines of constant x with equally many points, for the view from the side. They span what is
  /// shown. A steep wall needs points close to it on either side.
  public var mesh: [[Point]]
  /// Points of an even grid, row by row, for the view from above.
  public var grid: [Point]
  /// Drawn where they lie over the mesh. An arrow shows where a path leaves for good.
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
    Palette.vermillion, Palette.ink, Palette.green, Palette.purple, Palette.orange, Palette.violet,
  ]

  private var xAxis: Axis { .linear(mesh.joined().map(\.x), tics: 6) }
  private var yAxis: Axis { .linear(mesh.joined().map(\.y), tics: 6) }
  private var heightAxis: Axis { .linear(mesh.joined().map(\.height) + [0], tics: 5) }

  public var drawing: Drawing {
    let bottom = 520
    let key = KeyBelow(paths.map { ($0.label, "") }, below: bottom)
    let visible = paths.map { VisiblePath($0.points, xAxis, yAxis) }
    var drawing = Drawing(width: 900, height: key.canvasHeight)
    drawing.data = blocks(visible)
    drawing.commands = Drawing.style
    drawing.addHeading(title, subtitle)
    drawing.commands += [
      "set multiplot", "unset grid", "unset key", "unset colorbox",
      // Pale valleys and deep plateaus, all of one hue that no path has.
      "set palette defined (0 '#F3F8FC', 0.11 '#D3E4F1', 0.33 '#9CC5E0', 0.67 '#4A96C8', 1 '#0B559F')",
    ]
    drawing.commands += heightAxis.commands("cb")
    addSideView(visible, to: &drawing)
    addMap(bottom: bottom, to: &drawing)
    drawing.commands.append(KeyBelow.command)
    let image = grid.isEmpty ? [] : ["$grid using 1:2:3 with image"]
    drawing.commands += [
      plotCommand(
        grid.isEmpty ? [] : image + plots(visible, point: "1:2", piece: "1:2:4:5") + samples(key)),
      "unset multiplot",
    ]
    return drawing
  }

  /// The surface, then the paths in a plot of their own: gnuplot would hide them in it.
  private func addSideView(_ visible: [VisiblePath], to drawing: inout Drawing) {
    drawing.addText(names.height, label: 5, x: 24, y: 132, size: 12, color: Palette.ink)
    drawing.commands += [
      "set origin -0.035,\(drawing.down(545))",
      "set size 0.69,\(NumberText.digits(485 / Double(drawing.height), 5))",
      "set view 62,148,1.02,1.12", "set xyplane at 0", "set border 127",
      "set pm3d depthorder border lc rgb '#a0ffffff' lw 0.3",
    ]
    drawing.commands += xAxis.commands("x") + yAxis.commands("y") + heightAxis.commands("z")
    drawing.commands += [
      "set xtics offset 0,-0.3", "set ytics offset 0,-0.9",
      "set xlabel \(GnuplotText.plain(names.x))",
      "set ylabel \(GnuplotText.plain(names.y)) offset -1,-0.7",
      mesh.isEmpty ? plotCommand([]) : "splot $mesh using 1:2:3 with pm3d",
      "unset border", "unset tics", "unset xlabel", "unset ylabel", "unset label",
    ]
    let plots = plots(visible, point: "1:2:3", piece: "1:2:3:4:5:6")
    if !plots.isEmpty, !mesh.isEmpty {
      drawing.commands.append("splot " + plots.joined(separator: ", \\\n  "))
    }
  }

  private func addMap(bottom: Int, to drawing: inout Drawing) {
    drawing.commands += ["set origin 0,0", "set size 1,1", "set border 3"]
    drawing.addAxisTitle(text: names.y, x: 556, y: 84)
    drawing.addText(names.height, label: 6, x: 838, y: 84, size: 12, color: Palette.ink)
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
        "set label 4 \(GnuplotText.plain(startName)) at \(NumberText.data(start.x)),\(NumberText.data(start.y)) "
          + "left offset 0.8,0.4 front textcolor rgb '\(Palette.ink)'")
    }
  }

  // MARK: Paths

  private func color(_ place: Int) -> String { Self.colors[place % Self.colors.count] }

  /// Other dashes where the colors repeat.
  private func dash(_ place: Int) -> String {
    Palette.dashes[place / Self.colors.count % Palette.dashes.count]
  }

  /// The paths on a white rim, so that they stand out anywhere, the first on top; arrows where paths
  /// leave for good; larger points where they end. The arguments are gnuplot's columns.
  private func plots(_ visible: [VisiblePath], point: String, piece: String) -> [String] {
    let lines = visible.indices.reversed().filter { !visible[$0].points.isEmpty }.flatMap { place in
      [
        "$path\(place) using \(point) with lines lw 3.6 lc rgb '#FFFFFF'",
        "$path\(place) using \(point) with linespoints pt 7 ps 0.35 lw 1.5 "
          + "dt \(dash(place)) lc rgb '\(color(place))'",
      ]
    }
    let arrows = visible.indices.filter { visible[$0].exit != nil }.map { place in
      "$exit\(place) using \(piece) with vectors head filled size screen 0.018,18 lw 1.5 "
        + "lc rgb '\(color(place))'"
    }
    let ends = visible.indices.filter { visible[$0].end != nil }.flatMap { place in
      [
        "$end\(place) using \(point) with points pt 7 ps 1.5 lc rgb '#FFFFFF'",
        "$end\(place) using \(point) with points pt 7 ps 1.1 lc rgb '\(color(place))'",
      ]
    }
    return lines + arrows + ends
  }

  private func samples(_ key: KeyBelow) -> [String] {
    paths.indices.map { place in
      "NaN with linespoints pt 7 ps 0.6 lw 2 dt \(dash(place)) lc rgb '\(color(place))' "
        + key.title(place)
    }
  }

  /// A long path with each of its pieces once, as far as a picture can tell them apart: a descent
  /// settles, or jumps back and forth, on a few pixels.
  private func thinned(_ path: [Point?]) -> [Point?] {
    guard path.count > DataBlock.mostRows else { return path }
    let fine = distinctPieces(of: path, resolution: 800)
    return fine.count <= 2 * DataBlock.mostRows ? fine : distinctPieces(of: path, resolution: 100)
  }

  private func distinctPieces(of path: [Point?], resolution: Double) -> [Point?] {
    let (x, y) = (xAxis, yAxis)
    func field(_ point: Point) -> [Int] {
      [(point.x, x), (point.y, y)].map { value, axis in
        Int(min(max((value - axis.low) / (axis.high - axis.low), 0), 1) * resolution)
      }
    }
    var seen: Set<[[Int]]> = []
    var kept: [Point?] = []
    var isJoined = false
    for (last, point) in zip([nil] + path, path) {
      guard let point else {
        isJoined = false
        kept.append(nil)
        continue
      }
      guard seen.insert([last.map(field) ?? [], field(point)]).inserted else {
        isJoined = false
        continue
      }
      if !isJoined, let last { kept += [nil, last] }
      kept.append(point)
      isJoined = true
    }
    return kept
  }

  private func blocks(_ visible: [VisiblePath]) -> [DataBlock] {
    func row(_ point: Point) -> [Double] { [point.x, point.y, point.height] }
    func block(_ name: String, _ rows: [[Double]], _ more: String = "") -> DataBlock {
      DataBlock(name: name, columns: "x y height" + more, rows: rows)
    }
    // A blank line separates the lines of the mesh.
    var blocks = [block("mesh", mesh.flatMap { $0.map(row) + [[]] }), block("grid", grid.map(row))]
    for (place, path) in visible.enumerated() {
      blocks.append(block("path\(place)", thinned(path.points).map { $0.map(row) ?? [] }))
      if let end = path.end { blocks.append(block("end\(place)", [row(end)])) }
      if let (from, to) = path.exit {
        let step = [to.x - from.x, to.y - from.y, to.height - from.height]
        blocks.append(block("exit\(place)", [row(from) + step], " dx dy dheight"))
      }
    }
    return blocks
  }
}
