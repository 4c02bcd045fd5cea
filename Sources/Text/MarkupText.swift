extension String {
  /// The text as it stands in HTML, SVG or MathML, between tags or in a quoted attribute: what has a meaning
  /// there is written as a reference, and control characters as in ``escaped``.
  package var markupEscaped: String {
    var result = ""
    for scalar in escaped.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
