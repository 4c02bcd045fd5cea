import Foundation
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollStudies
import UnrollText

/// What a person reads of the surface. Of a path only those digits are said that its neighbors have
/// too (`DescentBundle`).
extension SurfaceReport {
  package var title: String { "The error of one recurrent unit, and gradient descent over it" }

  package var subtitle: String {
    "xₜ = w·σ(xₜ₋₁) + b,  x₀ = 0.5,  E = (σ(x₅₀) − 0.7)²  ·  learning rate "
      + "\(settings.rate.plainText), \(NumberText.count(settings.updates)) update\(settings.updates == 1 ? "" : "s")"
  }

  /// What is seen, with its numbers.
  package var text: String {
    ([aboutTheWall] + distinct.map { "\(names($0.rules, atStart: true)): \(story($0.bundle))." })
      .joined(separator: " ")
  }

  package func print(on page: any TextPage, folder: String) {
    guard !page.isJSON else { return }
    page.print(page.styled(title, .bold))
    page.print(subtitle.wrapped(indent: 2) + "\n")
    var table = TextTable(
      "clipping", "largest norm", "after", "clipped", "ends at w", "b", "error")
    for (rule, bundle) in descents {
      let steps = bundle.values { Double($0.steepest.update) }
      table.append([
        rule.description, Self.agreed(bundle.values(\.steepest.norm)) ?? ">" + leastNorm(bundle),
        Set(steps).count == 1 ? NumberText.count(bundle.path.steepest.update) : "-",
        Self.percent(bundle.values { $0.clippedFraction ?? .nan }),
        ends(bundle) { $0.weight }, ends(bundle) { $0.bias },
        agreedError(bundle) ?? "<" + mostError(bundle),
      ])
    }
    for line in table.lines(heading: { page.styled($0, .bold) }) { page.print("  " + line) }
    page.print("\n" + text.wrapped())
    page.print("files  \(folder)")
  }

  // MARK: Paths

  /// The paths, those that go the same way together.
  package var distinct: [(rules: [Clipping], bundle: DescentBundle)] {
    var distinct: [(rules: [Clipping], bundle: DescentBundle)] = []
    for (rule, bundle) in descents {
      if let place = distinct.firstIndex(where: { $0.bundle.path.goesTheSameWay(as: bundle.path) })
      {
        distinct[place].rules.append(rule)
      } else {
        distinct.append(([rule], bundle))
      }
    }
    return distinct
  }

  /// `no clipping`, `clip norm:1`, `no clipping, clip norm:1 and norm:2 alike`.
  package func names(_ rules: [Clipping], atStart: Bool = false) -> String {
    let others = rules.filter { $0 != .none }.map(\.description)
    var names = others.isEmpty ? [] : ["clip " + others[0]] + others.dropFirst()
    if others.count < rules.count { names.insert("no clipping", at: 0) }
    var text = names.removeLast()
    if !names.isEmpty { text = names.joined(separator: ", ") + " and \(text) alike" }
    return atStart ? text.prefix(1).uppercased() + text.dropFirst() : text
  }

  /// What became of a path, in a few words.
  package func summary(_ bundle: DescentBundle) -> String {
    let end = end(bundle, isShort: true)
    guard frame.exit(of: bundle.path) != nil else { return end }
    guard strays(bundle) == 0, let norm = Self.agreed(throwingNorms(bundle)) else {
      return "one gradient throws it out"
    }
    return "a gradient of norm \(norm) throws it out, \(end)"
  }

  private func story(_ bundle: DescentBundle) -> String {
    let path = bundle.path
    let made = path.points.count - 1
    let isCutShort = made < settings.updates
    let ending =
      isCutShort ? "; the place after update \(NumberText.count(made + 1)) is not finite" : ""
    guard let exit = frame.exit(of: path) else {
      return walk(bundle) + others(bundle, "leave the picture") + ending
    }
    let start =
      exit == 1
      ? "the first gradient, of norm "
      : "after \(NumberText.count(exit - 1)) update\(exit == 2 ? "" : "s") a gradient of norm "
    let comma = exit == 1 ? "," : ""
    guard strays(bundle) == 0 else {
      return start
        + "\(Self.short(path.points[exit - 1].gradientNorm))\(comma) throws it out of the picture"
        + others(bundle, "go another way") + ending
    }
    return start
      + "\(Self.spread(throwingNorms(bundle)))\(comma) throws it out of the picture; it \(end(bundle))"
      + ending
  }

  /// The norms that throw a path and its neighbors out, where all leave at the same update.
  private func throwingNorms(_ bundle: DescentBundle) -> [Double] {
    bundle.values { path in
      frame.exit(of: path).map { path.points[$0 - 1].gradientNorm } ?? .nan
    }
  }

  /// A path that stays in the picture.
  private func walk(_ bundle: DescentBundle) -> String {
    let norm =
      Self.agreed(bundle.values(\.steepest.norm))
      ?? "more than \(leastNorm(bundle))"
    let crossings = ([bundle.path] + bundle.neighbors).map { $0.wallCrossings(on: surface) }
    let last = Self.rounded(Double(crossings.compactMap(\.last).max() ?? 0), up: true)
    let settles =
      last < Double(settings.updates) ? ", never after update \(Self.short(last))," : ""
    let bounces =
      crossings.allSatisfy { $0.count > 2 }
      ? "crosses the wall's line more than \(Self.bound(crossings.map(\.count))) times"
        + "\(settles) and " : ""
    return "\(bounces)\(end(bundle)); the largest norm of a gradient is \(norm)"
  }

  /// `ends at w 4.4, b -2.23, error 0.0027`.
  private func end(_ bundle: DescentBundle, isShort: Bool = false) -> String {
    let late = " in the last \(NumberText.count(bundle.path.lateUpdates)) updates"
    let error =
      agreedError(bundle) ?? "below \(mostError(bundle))" + (isShort ? "" : late)
    return "ends at w \(ends(bundle) { $0.weight }), b \(ends(bundle) { $0.bias }), error \(error)"
  }

  /// The error at the end; nil where neighbors have another, or it is but rounding.
  private func agreedError(_ bundle: DescentBundle) -> String? {
    let errors = bundle.values { $0.points.last?.error ?? .nan }
    return errors.allSatisfy { $0 < Self.rounding } ? nil : Self.agreed(errors)
  }

  /// A coordinate of where a path and its neighbors end.
  private func ends(_ bundle: DescentBundle, _ value: (DescentPath.Point) -> Double) -> String {
    Self.spread(bundle.values { $0.points.last.map(value) ?? .nan })
  }

  /// How many neighbors leave the picture at another update, or do where the path does not.
  private func strays(_ bundle: DescentBundle) -> Int {
    let exit = frame.exit(of: bundle.path)
    return bundle.neighbors.count { frame.exit(of: $0) != exit }
  }

  private func others(_ bundle: DescentBundle, _ fate: String) -> String {
    let strays = strays(bundle)
    return strays == 0
      ? ""
      : "; of \(bundle.neighbors.count) starts \(DescentBundle.shift.plainText) away "
        + "\(strays) \(fate)"
  }

  /// The smallest of the largest norms of a path and its neighbors, rounded down.
  private func leastNorm(_ bundle: DescentBundle) -> String {
    Self.short(Self.rounded(bundle.values(\.steepest.norm).min() ?? .nan, up: false))
  }

  /// The largest late error of a path and its neighbors, rounded up, with room for other neighbors.
  private func mostError(_ bundle: DescentBundle) -> String {
    let most = bundle.values(\.largestLateError).max() ?? .nan
    return Self.short(Self.rounded(max(1.5 * most, Self.rounding), up: true))
  }

  // MARK: The wall

  private var aboutTheWall: String {
    let weight = settings.start.weight
    let factor = surface.standingFactor(weight: weight)
    let line =
      "On the line b = 0.5 - \(Self.short(-surface.standingBias(weight: 1) + 0.5)) w the unit stays "
      + "at x = 0.5. At w = \(Self.short(weight)) a step multiplies a small difference there by "
      + "\(Self.short(factor))"
    guard abs(factor) > 1 else {
      return line + ", so that the error has no wall there; it has one where w is above "
        + "\(Self.short(1 / surface.standingFactor(weight: 1)))."
    }
    return line + ", so 50 steps by \(Self.short(pow(factor, 50))): the error has a wall along the "
      + "line, on which the gradient's norm is "
      + "\(Self.short(surface.standingNorm(weight: weight)))."
  }

  // MARK: Numbers

  /// An error below this is none.
  private static let rounding = 1e-12

  /// Three digits, or as many as a whole number has.
  private static func short(_ value: Double) -> String {
    abs(value) >= 1e6 || value != 0 && abs(value) < 1e-3
      ? NumberText.scientific(value)
      : abs(value) >= 999.5 ? NumberText.count(Int(value.rounded())) : String(format: "%.3g", value)
  }

  /// The values' common text, of three digits or two; nil where they differ in those, or would if
  /// they lay on one side as far again apart.
  private static func agreed(_ values: [Double]) -> String? {
    let (low, high) = (values.min() ?? .nan, values.max() ?? .nan)
    let wide = values + (low < high ? [low - (high - low), high + (high - low)] : [])
    return [Set(wide.map(short)), Set(wide.map { String(format: "%.2g", $0) })]
      .first { $0.count == 1 }?.first
  }

  /// The values' common text, or `4.39 to 4.45`.
  private static func spread(_ values: [Double]) -> String {
    agreed(values) ?? "\(short(values.min() ?? .nan)) to \(short(values.max() ?? .nan))"
  }

  private static func bound(_ values: [Int]) -> String {
    short(rounded(Double(values.min() ?? 0), up: false))
  }

  private static func percent(_ shares: [Double]) -> String {
    let low = NumberText.percent(shares.min() ?? .nan)
    let high = NumberText.percent(shares.max() ?? .nan)
    return low == high ? low : "\(low) to \(high)"
  }

  /// To 1, 2 or 5 times a power of ten.
  private static func rounded(_ value: Double, up: Bool) -> Double {
    guard value.isFinite, value > 0 else { return value }
    let power = pow(10, floor(log10(value)))
    let steps = [1.0, 2, 5, 10].map { $0 * power }
    return (up ? steps.first { $0 >= value } : steps.last { $0 <= value }) ?? value
  }
}
