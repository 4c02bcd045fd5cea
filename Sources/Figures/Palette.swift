/// Colors that people with color-blind eyes tell apart (Okabe & Ito 2008, *Color Universal
/// Design*), ordered so that neighbors differ most. A violet takes the place of their yellow, which
/// is faint on white.
enum Palette {
  static let blue = "#0072B2"
  static let vermillion = "#D55E00"
  static let green = "#009E73"
  static let purple = "#CC79A7"
  static let orange = "#E69F00"
  static let sky = "#56B4E9"
  static let ink = "#222222"
  static let grey = "#707070"
  static let silver = "#C4C8CC"
  static let paleBlue = "#A6CBE3"
  static let paleGreen = "#9FD6C5"
  static let violet = "#7F1FE0"

  static let series = [blue, vermillion, green, purple, orange, sky, ink, violet]

  /// The same series on a dark ground, lighter.
  static let seriesOnDark = [
    "#4FA8E0", "#FF8A4D", "#34C79B", "#E6A3C8", "#F2B632", "#86CEF5", "#E4E6E8", "#B98CFF",
  ]

  /// As gnuplot's dash types: solid, dashed, dotted, dash-dotted; long dashes, with one dot, far
  /// dots, dashes in pairs, long dashes with three dots.
  static let dashes = [
    "solid", "(7,4)", "(2,3)", "(9,3,2,3)", "(24,7)", "(24,6,3,6)", "(3,10)", "(7,3,7,12)",
    "(24,5,3,5,3,5,3,5)",
  ]

  /// Discs, squares, triangles and diamonds, filled and in outline, as gnuplot's point types; ordered
  /// so that neighbors differ most.
  static let pointTypes = [7, 4, 9, 12, 5, 6, 11, 8, 13, 10]

  /// A mark for each series on a terminal: signs that no axis is made of, then the letters that
  /// look like none of them.
  static let marks =
    ["*", "o", "x", "#", "@", "%", "&", "$"] + "ABCDEFGHIJKLMNPQRSTUVWYZ".map(String.init)
}
