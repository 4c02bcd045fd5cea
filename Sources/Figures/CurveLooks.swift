import UnrollText

/// What tells the curves of a figure apart: a color for each label, dashes for each kind of curve,
/// and a mark for each curve. The marks stand apart from one another, so that they show each curve
/// even where one lies on another. Labels beyond the colors take the colors again, with dashes that
/// no kind has.
struct CurveLooks {
  /// A curve as gnuplot reads it.
  struct Curve {
    var label: String
    var kind: String
    var block: DataBlock
    /// The columns that gnuplot reads.
    var using: String
    /// The column of the block that decides whether a point can be drawn.
    var column = 1
    var isDrawable: (Double) -> Bool = \.isFinite
    /// Whether a line joins the points.
    var isJoined = true
    /// Whether some points have a mark.
    var hasMarks = true
  }

  private let labels: [String]
  private let kinds: [String]
  private let names: [[String]]

  /// - Parameter labels: those that colors go round, in their order, the curves' own among them; nil for
  ///   the curves' own alone.
  init(_ curves: [(label: String, kind: String)], among labels: [String]? = nil) {
    self.labels = labels ?? curves.map(\.label).distinct
    kinds = curves.map(\.kind).distinct
    names = curves.map { [$0.label, $0.kind] }.distinct
  }

  func color(_ label: String) -> String { Palette.series[colorPlace(label)] }

  private func colorPlace(_ label: String) -> Int {
    (labels.firstIndex(of: label) ?? 0) % Palette.series.count
  }

  /// The places of a curve's color and dashes in the palette.
  func places(_ label: String, _ kind: String) -> (color: Int, dashes: Int) {
    let round = (labels.firstIndex(of: label) ?? 0) / Palette.series.count
    let place = round * kinds.count + (kinds.firstIndex(of: kind) ?? 0)
    return (colorPlace(label), place % Palette.dashes.count)
  }

  /// The lines of all curves, then their marks, which no line covers.
  func plots(_ curves: [Curve]) -> [String] {
    let lines = curves.filter(\.isJoined).map { curve in
      let source = curve.block.source(
        curve.using, column: curve.column, isDrawable: curve.isDrawable)
      return "\(source) with lines \(line(curve.label, curve.kind))"
    }
    return lines + curves.filter(\.hasMarks).compactMap(marks)
  }

  /// A plot that draws nothing but the sample in the key.
  func sample(label: String, kind: String, title: String, mark: Chart.Mark = .line) -> String {
    let color = "lc rgb '\(color(label))'"
    return switch mark {
    case .bar: "NaN with boxes fs solid 0.6 noborder \(color) \(title)"
    case .points: "NaN with points \(self.mark(label, kind)) \(color) \(title)"
    case .line, .faint:
      "NaN with linespoints \(self.mark(label, kind)) \(line(label, kind)) \(title)"
    }
  }

  private func line(_ label: String, _ kind: String) -> String {
    let dash = Palette.dashes[places(label, kind).dashes]
    return "lw 2 dt \(dash) lc rgb '\(color(label))'"
  }

  private func mark(_ label: String, _ kind: String) -> String {
    "pt \(Palette.pointTypes[place(label, kind) % Palette.pointTypes.count]) ps 1"
  }

  private func place(_ label: String, _ kind: String) -> Int {
    names.firstIndex(of: [label, kind]) ?? 0
  }

  /// Some ten marks on a long curve, one at each point of a short one; nil where a curve has none.
  private func marks(_ curve: Curve) -> String? {
    // An empty row interrupts the line.
    let count = curve.block.rows.count {
      $0.count > curve.column && curve.isDrawable($0[curve.column])
    }
    let step = count <= 12 || !curve.isJoined ? 1 : min(max(names.count, count / 10), count / 4)
    let place = place(curve.label, curve.kind)
    let first = step < names.count ? place % step : place * step / names.count
    let source = curve.block.source(
      curve.using, column: curve.column, every: step, from: first, isDrawable: curve.isDrawable)
    guard source != "NaN" else { return nil }
    return "\(source) with points \(mark(curve.label, curve.kind)) lc rgb '\(color(curve.label))'"
  }
}
