/// What tells the curves of a figure apart: a color for each label and dashes for each kind of
/// curve. Kinds beyond the dashes have marks as well; labels beyond the colors take the colors
/// again, with dashes that no kind has.
struct CurveLooks {
  private let labels: [String]
  private let kinds: [String]

  init(_ curves: [(label: String, kind: String)]) {
    labels = curves.map(\.label).distinct
    kinds = curves.map(\.kind).distinct
  }

  func color(_ label: String) -> String {
    Palette.series[(labels.firstIndex(of: label) ?? 0) % Palette.series.count]
  }

  /// How gnuplot draws a curve of `points` points: a short one with a mark at each, a longer one
  /// with some twelve where its dashes do not say enough.
  func style(label: String, kind: String, points: Int) -> String {
    let round = (labels.firstIndex(of: label) ?? 0) / Palette.series.count
    let place = round * kinds.count + (kinds.firstIndex(of: kind) ?? 0)
    let dash = Palette.dashes[place % Palette.dashes.count]
    let markRound = place / Palette.dashes.count
    let mark = Palette.pointTypes[markRound % Palette.pointTypes.count]
    let line =
      points <= 30
      ? "linespoints pt \(mark) ps 0.6"
      : markRound == 0 ? "lines" : "linespoints pt \(mark) ps 0.8 pi \(max(1, points / 12))"
    return "\(line) lw 2 dt \(dash) lc rgb '\(color(label))'"
  }
}

extension [String] {
  /// The different values, in the order in which they first appear.
  var distinct: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
