import Foundation
import UnrollText

extension Chart {
  /// Curves with no more points than this have a dot at each.
  static let mostDots = 12

  /// The plot as an SVG element of its own, which shows everything without a script. Its colors are those
  /// of ``ChartStyle``.
  ///
  /// - Parameter id: distinguishes it from others of the same page: letters, digits, `-`.
  public func svg(id: String) -> String {
    let geometry = ChartGeometry(self)
    let names = curves.map(\.name).joined(separator: ", ")
    let plain = FigureMarkup.plain(upright.title)
    // The heading above the plot says it already.
    let isHeading = plain == self.title
    let (width, height) = (Int(ChartGeometry.width), Int(ChartGeometry.height))
    var lines = [
      "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
        + "aria-label=\"\((isHeading ? plain : "\(self.title): \(plain)").markupEscaped)"
        + " of \(names.markupEscaped)\">"
    ]
    lines.append(
      "<clipPath id=\"\(id)-clip\"><rect x=\"\(Self.text(ChartGeometry.left))\" "
        + "y=\"\(Self.text(ChartGeometry.top - 4))\" "
        + "width=\"\(Self.text(ChartGeometry.right - ChartGeometry.left + 4))\" "
        + "height=\"\(Self.text(ChartGeometry.bottom - ChartGeometry.top + 6))\"/></clipPath>")
    lines.append(grid(geometry))
    lines.append(
      (isHeading
        ? "" : "<text class=\"title\" x=\"4\" y=\"14\">\(FigureMarkup.svg(upright.title))</text>")
        + "<text class=\"title across\" x=\"\(Self.text(ChartGeometry.right))\" "
        + "y=\"\(height - 6)\">\(FigureMarkup.svg(across.title))</text>")
    lines.append("<g class=\"curves\" clip-path=\"url(#\(id)-clip)\">")
    lines += curves.map { group($0, geometry) }
    lines.append("</g>")
    lines.append(levelLines(geometry))
    if !curves.contains(where: { curve in
      curve.points.contains { geometry.x($0.x) != nil && geometry.y($0.y) != nil }
    }) {
      lines.append(
        "<text class=\"empty\" x=\"\(width / 2)\" y=\"\(height / 2)\">nothing to draw: no value is "
          + "\(upright.scale == .logarithmic ? "positive and " : "")finite</text>")
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  private func grid(_ geometry: ChartGeometry) -> String {
    var (path, labels) = ("", "")
    let (left, right) = (Self.text(ChartGeometry.left), Self.text(ChartGeometry.right))
    let (top, bottom) = (Self.text(ChartGeometry.top), Self.text(ChartGeometry.bottom))
    let width = ChartGeometry.right - ChartGeometry.left
    let (values, tics) = (across.values, geometry.across.tics)
    let isCategorical = values?.isCategorical ?? false
    let room = width / Double(max(tics.count, 1))
    for tic in geometry.upright.tics {
      let y = geometry.y(at: tic.at)
      path += "M\(left) \(Self.text(y))H\(right)"
      labels +=
        "<text class=\"upright\" x=\"\(Self.text(ChartGeometry.left - 7))\" y=\"\(Self.text(y + 4))\">"
        + "\(FigureMarkup.svg(tic.label))</text>"
    }
    // Labels of values that have no room are cut where the values stand side by side, else left out.
    let labeled = isCategorical ? tics : values?.clear(geometry.across, Int(width)).tics ?? tics
    for tic in labeled {
      let x = geometry.x(at: tic.at)
      let label =
        values == nil
        ? FigureMarkup.svg(tic.label)
        : (isCategorical ? tic.label.fitted(to: room - 4) : tic.label).markupEscaped
      if !isCategorical { path += "M\(Self.text(x)) \(top)V\(bottom)" }
      if label.isEmpty { continue }
      labels +=
        "<text x=\"\(Self.text(x))\" y=\"\(Self.text(ChartGeometry.bottom + 17))\">\(label)</text>"
    }
    return "<g class=\"grid\"><path d=\"\(path)\"/>"
      + "<path class=\"frame\" d=\"M\(left) \(top)V\(bottom)H\(right)\"/>\(labels)</g>"
  }

  private func group(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    let open = "<g class=\"curve \(curve.mark.rawValue) k\(curve.color)\">"
    if curve.mark == .bar {
      return open + "<path class=\"area\" d=\"\(bars(curve, geometry))\"/></g>"
    }
    let band = curve.points.contains { $0.low != nil } ? bandPath(curve, geometry) : ""
    let count = curve.points.count { $0.y.isFinite }
    let dots = count <= Self.mostDots || curve.mark == .points ? dotsPath(curve, geometry) : ""
    let zeros = zerosPath(curve, geometry)
    return open + (band.isEmpty ? "" : "<path class=\"area\" d=\"\(band)\"/>")
      + "<path class=\"stroke d\(curve.dashes)\" d=\"\(linePath(curve, geometry))\"/>"
      + (dots.isEmpty ? "" : "<path class=\"dots\" d=\"\(dots)\"/>")
      + (zeros.isEmpty ? "" : "<path class=\"zeros\" d=\"\(zeros)\"/>") + "</g>"
  }

  private func linePath(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    var (path, isJoined) = ("", false)
    for point in curve.points {
      guard let x = geometry.x(point.x), let y = geometry.y(point.y) else {
        isJoined = false
        continue
      }
      path += "\(isJoined ? "L" : "M")\(Self.text(x)) \(Self.text(y))"
      isJoined = curve.mark != .points
    }
    return path
  }

  private func dotsPath(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    curve.points.compactMap { point in
      guard let x = geometry.x(point.x), let y = geometry.y(point.y) else { return nil }
      return "M\(Self.text(x)) \(Self.text(y))h0"
    }.joined()
  }

  /// A triangle at the lower edge for each 0 that a logarithmic axis cannot show.
  private func zerosPath(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    guard upright.scale == .logarithmic else { return "" }
    return curve.points.compactMap { point in
      guard point.y == 0, let x = geometry.x(point.x) else { return nil }
      return "M\(Self.text(x - 5)) \(Self.text(ChartGeometry.bottom - 9))h10l-5 8z"
    }.joined()
  }

  /// A polygon for each stretch without a gap, a narrow bar for a point alone. An end that a logarithmic axis
  /// cannot show lies at the plot's edge.
  private func bandPath(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    var stretches: [[(x: Double, low: Double, high: Double)]] = [[]]
    for point in curve.points {
      guard let x = geometry.x(point.x), let low = point.low,
        let high = point.high.flatMap(geometry.y)
      else {
        if stretches.last?.isEmpty == false { stretches.append([]) }
        continue
      }
      if curve.mark == .points { stretches.append([]) }
      stretches[stretches.count - 1].append((x, geometry.y(low) ?? ChartGeometry.bottom, high))
    }
    return stretches.filter { !$0.isEmpty }.map { stretch in
      let stretch =
        stretch.count > 1
        ? stretch
        : [-2, 2].map { side in
          (stretch[0].x + side, stretch[0].low, stretch[0].high)
        }
      let upper = stretch.map { "\(Self.text($0.x)) \(Self.text($0.high))" }
      let lower = stretch.reversed().map { "\(Self.text($0.x)) \(Self.text($0.low))" }
      return "M" + (upper + lower).joined(separator: "L") + "Z"
    }.joined()
  }

  private func bars(_ curve: Curve, _ geometry: ChartGeometry) -> String {
    curve.points.compactMap { point in
      guard let left = geometry.x(point.x - 0.3), let right = geometry.x(point.x + 0.3),
        let low = point.low.flatMap(geometry.y), let high = point.high.flatMap(geometry.y),
        low > high
      else { return nil }
      return "M\(Self.text(left)) \(Self.text(low))V\(Self.text(high))H\(Self.text(right))"
        + "V\(Self.text(low))Z"
    }.joined()
  }

  private func levelLines(_ geometry: ChartGeometry) -> String {
    let shown = levels.compactMap { level -> String? in
      guard let y = geometry.y(level.value), y >= ChartGeometry.top, y <= ChartGeometry.bottom
      else { return nil }
      return "<path d=\"M\(Self.text(ChartGeometry.left)) \(Self.text(y))"
        + "H\(Self.text(ChartGeometry.right))\"/><text x=\"\(Self.text(ChartGeometry.right - 4))\" "
        + "y=\"\(Self.text(y - 4))\">\(level.name.markupEscaped)</text>"
    }
    return "<g class=\"levels\">\(shown.joined())</g>"
  }

  /// A place in pixels, to a tenth of one.
  static func text(_ place: Double) -> String {
    // Far beyond the canvas, where lines to what a scale cannot hold lead.
    let tenths = Int((min(max(place, -1e6), 1e6) * 10).rounded())
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
  }
}
