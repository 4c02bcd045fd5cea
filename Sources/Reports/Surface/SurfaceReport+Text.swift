import Foundation
import UnrollGradientFlow
import UnrollOptimization
import UnrollStudies
import UnrollText

/// The report in words. Of a path it gives only the digits on which its neighbors agree
/// (`DescentBundle`), or the range of all of them.
extension SurfaceReport {
  var title: String { "The error of one recurrent unit, and gradient descent over it" }

  var subtitle: String {
    "xₜ = w·σ(xₜ₋₁) + b,  x₀ = 0.5,  E = (σ(\(Formula("x_\(surface.steps)").text)) − 0.7)²  ·  learning rate "
      + "\(settings.rate.plainText), \(NumberText.count(settings.updates, "update"))"
  }

  /// A few sentences: where the error has its wall, and where each path goes.
  public var text: String {
    let stories = distinctPaths.map { path in
      "\(path.label.prefix(1).uppercased())\(path.label.dropFirst()): \(story(path.bundle))."
    }
    return ([aboutTheWall] + stories).joined(separator: " ")
  }

  package func print(on page: any TextPage, folder: String) {
    guard !page.isJSON else { return }
    let columns = min(79, page.outputColumns)
    page.printTitle(title)
    page.print(subtitle.wrapped(columns: columns, indent: 2) + "\n")
    page.printTable(table)
    page.print("\n" + text.wrapped(columns: columns))
    page.print(
      ("A range is over this start and \(DescentBundle.directions) others "
        + "\(DescentBundle.shift.plainText) away.").wrapped(columns: columns))
    page.print("files  \(folder.escaped)")
  }

  private var table: TextTable {
    var table = TextTable(
      "clipping", "largest norm", "at update", "clipped", "ends at w", "b", "error")
    for (rule, bundle) in descents {
      let norms = bundle.values(\.steepest.norm)
      let isAgreed = Set(bundle.values { Double($0.steepest.update) }).count == 1
      table.append([
        rule.description, Self.agreed(norms) ?? ">" + Self.powerOfTen(norms.min(), .down),
        isAgreed ? NumberText.count(bundle.path.steepest.update) : "-",
        Self.range(bundle.values { $0.clippedFraction ?? .nan }, NumberText.percent),
        end(bundle, \.weight), end(bundle, \.bias),
        agreedError(bundle) ?? "<" + errorBound(bundle),
      ])
    }
    return table
  }

  private var aboutTheWall: String {
    let weight = settings.start.weight
    let factor = surface.standingFactor(weight: weight)
    let bias = surface.standingBias(weight: weight)
    let slope = surface.standingBias(weight: 0) - surface.standingBias(weight: 1)
    let line =
      "On the line b = 0.5 - \(Self.digits(slope)) w the unit stays at x = 0.5. At w = "
      + "\(Self.digits(weight)) a step multiplies a small difference there by \(Self.digits(factor))"
    guard abs(factor) > 1 else {
      let least = Self.digits(1 / surface.standingFactor(weight: 1))
      return line + ", so the error has no wall there; it has one where w is above \(least)."
    }
    return line + ", and \(NumberText.count(surface.steps, "step")) by "
      + "\(Self.digits(pow(factor, Double(surface.steps)))), so the error has a wall along the line, "
      + "where the gradient's norm is \(Self.digits(surface.slope(weight: weight, bias: bias).norm))."
  }

  // MARK: Paths

  /// The paths, those that visit the same places as one, labeled `no clipping` or
  /// `clip norm:1, clip norm:2`.
  var distinctPaths: [(label: String, bundle: DescentBundle)] {
    var paths: [(label: String, bundle: DescentBundle)] = []
    for (rule, bundle) in descents {
      let label = rule == .none ? "no clipping" : "clip \(rule)"
      if let same = paths.firstIndex(where: { $0.bundle.path.visitsTheSamePlaces(as: bundle.path) })
      {
        paths[same].label += ", \(label)"
      } else {
        paths.append((label, bundle))
      }
    }
    return paths
  }

  /// Where a path goes, for the figure's key.
  func finding(_ bundle: DescentBundle) -> String {
    parting(bundle)
      ?? [exit(bundle)?.text, ending(bundle)].compactMap(\.self).joined(separator: ", ")
  }

  /// Where a path goes, as a sentence.
  private func story(_ bundle: DescentBundle) -> String {
    if let parting = parting(bundle) { return parting }
    guard let (update, text) = exit(bundle) else {
      return "stays in the picture and \(ending(bundle))"
    }
    return
      "after \(NumberText.count(update, "update")) \(text) of the picture; it \(ending(bundle))"
  }

  /// What there is to say where neighbors do not leave the picture at the same update; nil where they
  /// do.
  private func parting(_ bundle: DescentBundle) -> String? {
    let exit = frame.exit(of: bundle.path)
    let others = bundle.neighbors.count { frame.exit(of: $0) != exit }
    return others == 0
      ? nil
      : "of \(bundle.neighbors.count) starts \(DescentBundle.shift.plainText) away \(others) go "
        + "another way"
  }

  /// `a gradient of norm 121 throws it out`, and after how many updates; nil where it stays.
  private func exit(_ bundle: DescentBundle) -> (updates: Int, text: String)? {
    guard let exit = frame.exit(of: bundle.path) else { return nil }
    let norms = bundle.values { $0.points[exit - 1].gradientNorm }
    return (exit - 1, "a gradient of norm \(Self.range(norms)) throws it out")
  }

  /// `ends at w 4.4, b -2.23, error 0.0027`.
  private func ending(_ bundle: DescentBundle) -> String {
    let error = agreedError(bundle) ?? "below \(errorBound(bundle))"
    let isCutShort = bundle.path.points.count <= settings.updates
    return "ends at w \(end(bundle, \.weight)), b \(end(bundle, \.bias)), error \(error)"
      + (isCutShort ? "; the next place is not finite" : "")
  }

  /// A coordinate of where a path and its neighbors end.
  private func end(_ bundle: DescentBundle, _ value: (DescentPath.Point) -> Double) -> String {
    Self.range(bundle.values { $0.points.last.map(value) ?? .nan })
  }

  /// The error at the end; nil where neighbors have another, or all are rounding errors.
  private func agreedError(_ bundle: DescentBundle) -> String? {
    let errors = bundle.values { $0.points.last?.error ?? .nan }
    return errors.allSatisfy { $0 < Self.rounding } ? nil : Self.agreed(errors)
  }

  /// A bound for the errors near the end of a path and its neighbors: a power of ten, but two digits
  /// where that would be 1, which no error reaches.
  private func errorBound(_ bundle: DescentBundle) -> String {
    let largest = max(bundle.values(\.largestLateError).max() ?? 0, Self.rounding)
    return largest > 0.1
      ? Self.digits((largest * 100).rounded(.up) / 100, 2) : Self.powerOfTen(largest, .up)
  }

  // MARK: Numbers

  /// An error below this is a rounding error.
  private static let rounding = 1e-12

  /// Three significant digits, but whole numbers from a thousand to a million in full.
  private static func digits(_ value: Double, _ count: Int = 3) -> String {
    (999.5..<1e6).contains(abs(value))
      ? NumberText.count(Int(value.rounded())) : String(format: "%.\(count)g", value)
  }

  /// The values' common text, of three digits or two; nil where they differ in those. They also have
  /// to agree with values as far apart again, so that a neighbor's neighbors agree too.
  private static func agreed(_ values: [Double]) -> String? {
    let (low, high) = (values.min() ?? .nan, values.max() ?? .nan)
    let wide = values + [low - (high - low), high + (high - low)]
    return [3, 2].lazy.map { count in Set(wide.map { digits($0, count) }) }
      .first { $0.count == 1 }?.first
  }

  /// The values' common text, or `4.39 to 4.45`.
  private static func range(_ values: [Double]) -> String {
    agreed(values) ?? range(values) { digits($0) }
  }

  private static func range(_ values: [Double], _ text: (Double) -> String) -> String {
    let (low, high) = (text(values.min() ?? .nan), text(values.max() ?? .nan))
    return low == high ? low : "\(low) to \(high)"
  }

  /// The next power of ten above or below a positive `value`.
  private static func powerOfTen(_ value: Double?, _ rule: FloatingPointRoundingRule) -> String {
    digits(pow(10, log10(value ?? .nan).rounded(rule)))
  }
}
