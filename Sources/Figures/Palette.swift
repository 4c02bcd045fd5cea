/// Colours that people with colour-blind eyes tell apart (Okabe & Ito 2008, *Color Universal
/// Design*), ordered so that neighbours differ most; yellow comes last, being faint on white.
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

  /// Solid, dashed, dotted, dash-dotted, as gnuplot's dash types.
  static let dashes = ["solid", "(7,4)", "(2,3)", "(9,3,2,3)"]

  /// A mark for each series on a terminal.
  static let marks = ["*", "o", "+", "x", "#", "@", "%", "="]
}
