/// Colors that people with color-blind eyes tell apart (Okabe & Ito 2008, *Color Universal
/// Design*), ordered so that neighbors differ most; yellow comes last, being faint on white.
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
  static let yellow = "#F0E442"

  static let series = [blue, vermillion, green, purple, orange, sky, ink, yellow]

  /// As gnuplot's dash types: solid, dashed, dotted, dash-dotted; long dashes, with one dot, far
  /// dots, dashes in pairs, long dashes with three dots.
  static let dashes = [
    "solid", "(7,4)", "(2,3)", "(9,3,2,3)", "(24,7)", "(24,6,3,6)", "(3,10)", "(7,3,7,12)",
    "(24,5,3,5,3,5,3,5)",
  ]

  /// Disc, square, triangle, diamond and their outlines, as gnuplot's point types.
  static let pointTypes = [7, 5, 9, 13, 6, 4, 8, 12]

  /// A mark for each series on a terminal: signs, then the letters that look like none of them.
  static let marks =
    ["*", "o", "+", "x", "#", "@", "%", "="] + "ABCDEFGHIJKLMNPQRSTUVWYZ".map(String.init)
}
