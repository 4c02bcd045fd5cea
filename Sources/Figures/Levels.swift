import UnrollText

extension Drawing {
  /// Dashed horizontal lines with their names above them, those within `axis`, in its unit. A name
  /// stands where none of `curves` passes, as far to the left as it can; where they pass everywhere,
  /// at the left on a white ground. One that would lie on the name below it is left out.
  ///
  /// The plot is some 379 pixels high, as in most figures with levels, and as wide as `plotWidth`.
  mutating func addLevels(
    _ levels: [(name: String, place: Double)], within axis: Axis, across: Axis,
    curves: [[(x: Double, y: Double)]], plotWidth: Int = 785
  ) {
    let height = axis.high - axis.low
    let paths = curves.map { curve in
      Self.densely(
        curve.map { ($0.x - across.low) / (across.high - across.low) },
        curve.map { ($0.y - axis.low) / height })
    }
    var named = -Double.infinity
    commands.append("set style textbox opaque noborder margins 0.4,0.4")
    for level in levels.sorted(by: { $0.place < $1.place })
    where level.place > axis.low && level.place < axis.high {
      let place = NumberText.data(level.place)
      commands.append(
        "set arrow from graph 0, first \(place) to graph 1, first \(place) nohead "
          + "lw 1 dt '- ' lc rgb '\(Palette.grey)'")
      guard !level.name.isEmpty, level.place - named > 0.035 * height else { continue }
      named = level.place
      let share = (level.place - axis.low) / height
      let name = Self.placeOfName(
        width: 0.0085 * Double(level.name.count) * 785 / Double(plotWidth), at: share, paths: paths)
      // A box keeps the grid out of the name, and would hide what it stands on.
      commands.append(
        "set label \(GnuplotText.plain(level.name)) at graph \(NumberText.digits(name.left, 3)), "
          + "first \(place) left offset 0,\(name.isAbove ? 0.55 : -0.65) font ',10' front "
          + (name.isFree ? "boxed " : "") + "textcolor rgb '\(Palette.grey)'")
    }
  }

  /// Points of a curve at most 0.01 apart, in shares of the plot.
  private static func densely(_ x: [Double], _ y: [Double]) -> [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = []
    for index in x.indices where x[index].isFinite && y[index].isFinite {
      if index > 0, x[index - 1].isFinite, y[index - 1].isFinite {
        let (dx, dy) = (x[index] - x[index - 1], y[index] - y[index - 1])
        let pieces = min(max(abs(dx), abs(dy)) * 100, 1000).rounded(.up)
        points += stride(from: 1, to: pieces, by: 1).map { piece in
          (x[index - 1] + dx * piece / pieces, y[index - 1] + dy * piece / pieces)
        }
      }
      points.append((x[index], y[index]))
    }
    return points
  }

  /// Where a name as wide as this starts, above or below its level, so that it crosses the curves least; all in
  /// shares of the plot.
  private static func placeOfName(
    width: Double, at level: Double, paths: [[(x: Double, y: Double)]]
  ) -> (left: Double, isAbove: Bool, isFree: Bool) {
    let leftmost = 0.005
    let columns = min(Int((width * 100).rounded(.up)) + 1, 100)
    var best = (left: leftmost, isAbove: true, crossed: Int.max)
    for isAbove in [true, false] where isAbove || level > 0.08 {
      let band = isAbove ? level - 0.005...level + 0.055 : level - 0.06...level + 0.005
      var crossings = Array(repeating: 0, count: 100)
      for point in paths.joined() where (0..<1).contains(point.x) && band.contains(point.y) {
        crossings[Int(point.x * 100)] += 1
      }
      for first in 0...100 - columns {
        let crossed = crossings[first..<first + columns].reduce(0, +)
        if crossed < best.crossed { best = (Double(first) / 100 + leftmost, isAbove, crossed) }
      }
    }
    return (best.left, best.isAbove, best.crossed == 0)
  }
}
