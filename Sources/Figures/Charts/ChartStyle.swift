/// The style sheet of the colors and dashes that ``Chart/svg(id:)`` names by their places.
public enum ChartStyle {
  private static let onLight = Palette.series + [Palette.silver]
  private static let onDark = Palette.seriesOnDark + ["#5C636B"]

  /// The place of a grey that stands back.
  static let silver = onLight.count - 1

  /// A class `k0`, `k1`, … for each color, which sets `--c`, on light and on dark ground; and `d1`, `d2`, …
  /// for each kind of dashes.
  public static var css: String {
    func rules(_ colors: [String]) -> String {
      colors.enumerated().map { ".k\($0){--c:\($1)}" }.joined()
    }
    let dashes = Palette.dashes.enumerated().dropFirst().map { place, dash in
      let lengths = dash.filter { $0 != "(" && $0 != ")" }.replacing(",", with: " ")
      return ".d\(place){stroke-dasharray:\(lengths)}"
    }
    return rules(onLight) + dashes.joined() + "@media screen and (prefers-color-scheme:dark){"
      + rules(onDark) + "}"
  }
}
