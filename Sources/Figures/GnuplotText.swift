import Foundation
import UnrollText

/// Writes text that comes from users (labels, cell specifications, column names) into a gnuplot
/// script as what it is: text. In gnuplot's single-quoted strings neither backquotes, backslashes,
/// `$` nor `@` mean anything, so no text can run a command. An apostrophe becomes the typographic
/// one, because gnuplot 5.4 takes a doubled one at a string's start for the string's end.
public enum GnuplotText {
  /// `text` as a single-quoted string of one line, at most `limit` characters long.
  public static func literal(_ text: String, limit: Int = 110) -> String {
    "'" + oneLine(text).shortened(to: limit).replacingOccurrences(of: "'", with: "’") + "'"
  }

  /// `text` as a string followed by the keyword that keeps `_`, `^` and `{}` from being markup.
  public static func plain(_ text: String, limit: Int = 110) -> String {
    literal(text, limit: limit) + " noenhanced"
  }

  /// `text` as an entry of `set xtics (…)`, where gnuplot takes `%` for a number format.
  public static func tic(_ text: String, limit: Int = 24) -> String {
    literal(
      oneLine(text).shortened(to: limit).replacingOccurrences(of: "%", with: "%%"), limit: .max)
  }

  /// Control characters and line breaks become spaces, runs of spaces one. "]]>" is parted, since
  /// gnuplot's SVG leaves ">" as it is and XML forbids that sequence.
  static func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse,
        .unassigned, .surrogate:
        if let last = scalars.last, last != " " { scalars.append(" ") }
      default: scalars.append(scalar)
      }
    }
    if scalars.last == " " { scalars.removeLast() }
    return String(scalars).replacingOccurrences(of: "]]>", with: "]] >")
  }
}
