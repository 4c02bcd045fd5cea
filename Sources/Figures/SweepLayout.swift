/// What a sweep's figure shows where: one option lies on the horizontal axis, and each combination of the
/// others is a line. Where these are too many for one plot, there is a panel for each value of the first of
/// them, or for each combination of the first few.
struct SweepLayout {
  /// More lines in a panel cannot be told apart.
  static let mostLines = 6
  /// More panels are too small.
  static let mostPanels = 24

  /// The option on the axis; nil where none is varied.
  let across: Int?
  /// Its values.
  let axis: SweepAxis
  /// Whether values stand side by side, because no option's are numbers.
  var isCategorical: Bool { axis.isCategorical }
  /// The options that panels differ in.
  let panelOptions: [Int]
  /// The options that the lines of a panel differ in.
  let lineOptions: [Int]

  init(_ groups: [SweepFigureGroup], options: Int) {
    func values(_ place: Int) -> [String] { groups.map { $0.values[place] }.distinct }
    let numeric = Self.across(groups, options: options)
    let across =
      numeric ?? Self.first(of: Array(0..<options), withMost: { values($0).count })
    let texts = across.map(values) ?? ["all runs"]
    self.across = across
    axis = numeric.flatMap { _ in SweepAxis(texts) } ?? SweepAxis(categories: texts)

    let others = (0..<options).filter { $0 != across && values($0).count > 1 }
    let divisions = (0...others.count).map { count in
      let (panels, lines) = (Array(others[..<count]), Array(others[count...]))
      let members = groups.grouped { group in panels.map { group.values[$0] } }
      let most = members.map { panel in
        Set(panel.elements.map { group in lines.map { group.values[$0] } }).count
      }.max()
      return (panels: panels, lines: lines, count: members.count, mostLines: most ?? 0)
    }
    let possible = divisions.filter { $0.count <= Self.mostPanels || $0.panels.isEmpty }
    let division =
      possible.first { $0.mostLines <= Self.mostLines }
      ?? possible.min { $0.mostLines < $1.mostLines }
    panelOptions = division?.panels ?? []
    lineOptions = division?.lines ?? others
  }

  /// The option that lies on a horizontal axis of numbers: of those whose values are numbers that with most
  /// values, of several the first; nil where there is none.
  static func across(_ groups: [SweepFigureGroup], options: Int) -> Int? {
    let values = (0..<options).map { place in groups.map { $0.values[place] }.distinct }
    return first(of: values.indices.filter { SweepAxis(values[$0]) != nil }) { values[$0].count }
  }

  private static func first(of places: [Int], withMost count: (Int) -> Int) -> Int? {
    places.max { (count($0), -$0) < (count($1), -$1) }
  }
}
