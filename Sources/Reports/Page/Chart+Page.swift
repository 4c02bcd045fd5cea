import UnrollFigures
import UnrollFileFormats
import UnrollText

extension Chart {
  /// The plot with its title and its key, as an element of a page.
  ///
  /// - Parameter id: distinguishes it from others of the same page: letters, digits, `-`.
  package func pageFigure(id: String) -> String {
    let key = curves.map { curve in
      let sample =
        curve.mark == .bar
        ? "<path class=\"area\" d=\"M2 2H26V12H2Z\"/>"
        : curve.mark == .points
          ? "<path class=\"dots\" d=\"M14 7h0\"/>"
          : "<path class=\"stroke d\(curve.dashes)\" d=\"M1 7H27\"/>"
      return "<li><button type=\"button\" class=\"\(curve.mark.rawValue) k\(curve.color)\" "
        + "aria-pressed=\"true\"><svg viewBox=\"0 0 28 14\" aria-hidden=\"true\">\(sample)</svg>"
        + "<b>\(curve.name.markupEscaped)</b>"
        + (curve.finding.isEmpty ? "" : " <span>\(curve.finding.markupEscaped)</span>")
        + "</button></li>"
    }
    let subtitle = subtitle.isEmpty ? "" : "<small>\(subtitle.markupEscaped)</small>"
    return """
      <figure class="chart" id="\(id)">
      <figcaption>\(title.markupEscaped) \(subtitle)</figcaption>
      <div class="plot">\(svg(id: id))</div>
      <ul class="key">\(key.joined())</ul>
      <script type="application/json">\(Self.inScript(data))</script>
      </figure>
      """
  }

  /// JSON that can not end the element it stands in, nor begin another.
  private static func inScript(_ value: JSONValue) -> String {
    var text = ""
    for scalar in value.encoded().unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        text += "\\u" + scalar.value.zeroPadded(to: 4, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
