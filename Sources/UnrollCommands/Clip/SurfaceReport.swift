import Figures
import FileFormats
import Foundation
import GradientFlow
import Optimisation

/// What `unroll clip --surface` found: `surface.csv`, `path.csv`, `summary.json`, the figure and a
/// paragraph.
struct SurfaceReport {
  /// Points a side of the grid that is tabled and seen from above.
  private static let resolution = 121

  let settings: SurfaceSettings
  let surface = SingleUnitError()
  let paths: [(rule: Clipping, path: DescentPath)]
  /// What is shown of the plane.
  let weights: ClosedRange<Double>
  let biases: ClosedRange<Double>

  init(_ settings: SurfaceSettings) {
    self.settings = settings
    let (surface, start) = (surface, settings.start)
    paths = settings.rules.map { rule in
      (
        rule,
        DescentPath(
          on: surface, from: (start.weight, start.bias), rate: settings.rate, clipping: rule,
          updates: settings.updates)
      )
    }
    weights = Self.range(4.2...5.4, holding: start.weight)
    biases = Self.range(-3 ... -2, holding: start.bias)
  }

  /// The part of the plane where the wall is, widened by what holds `value` with a margin.
  private static func range(
    _ range: ClosedRange<Double>, holding value: Double
  ) -> ClosedRange<Double> {
    let lower = min(range.lowerBound, ((value - 0.1) * 10).rounded(.down) / 10)
    return lower...max(range.upperBound, ((value + 0.1) * 10).rounded(.up) / 10)
  }

  private static func places(_ range: ClosedRange<Double>, count: Int) -> [Double] {
    (0..<count).map {
      let share = Double($0) / Double(count - 1)
      return rounded(range.lowerBound * (1 - share) + range.upperBound * share)
    }
  }

  /// To ten decimals, so that files hold 4.21 rather than 4.210000000000001.
  private static func rounded(_ value: Double) -> Double { (value * 1e10).rounded() / 1e10 }

  // MARK: Files

  /// The error and its gradient's norm on an even grid.
  var surfaceTable: CSVWriter {
    var table = CSVWriter(columns: ["w", "b", "error", "gradient_norm"])
    for weight in Self.places(weights, count: Self.resolution) {
      for bias in Self.places(biases, count: Self.resolution) {
        let slope = surface.slope(weight: weight, bias: bias)
        table.append([
          .number(weight), .number(bias), .number(slope.error), .number(slope.norm),
        ])
      }
    }
    return table
  }

  var pathTable: CSVWriter {
    var table = CSVWriter(
      columns: ["threshold", "step", "w", "b", "error", "gradient_norm", "clipped"])
    for (rule, path) in paths {
      for (step, point) in path.points.enumerated() {
        table.append([
          .text(rule.description), .integer(step), .number(point.weight), .number(point.bias),
          .number(point.error), .number(point.gradientNorm), .integer(point.isClipped ? 1 : 0),
        ])
      }
    }
    return table
  }

  var json: JSONValue {
    [
      "steps": .integer(settings.updates), "learning_rate": .number(settings.rate),
      "start": ["w": .number(settings.start.weight), "b": .number(settings.start.bias)],
      "text": .string(text),
      "paths": .array(
        paths.map { rule, path in
          let end = path.points.last
          return [
            "threshold": .string(rule.description), "updates": .integer(path.points.count - 1),
            "largest_norm": .number(path.steepest.norm),
            "largest_norm_step": .integer(path.steepest.update),
            "clipped_fraction": JSONValue(path.clippedFraction),
            "w": .number(end?.weight ?? .nan), "b": .number(end?.bias ?? .nan),
            "error": .number(end?.error ?? .nan), "left_step": JSONValue(leftStep(path)),
          ]
        }),
    ]
  }

  /// The update that took a path out of what is shown for good; nil where it ends inside.
  private func leftStep(_ path: DescentPath) -> Int? {
    let isOutside = path.points.map {
      !weights.contains($0.weight) || !biases.contains($0.bias)
    }
    guard isOutside.last == true else { return nil }
    return (isOutside.lastIndex(of: false) ?? 0) + 1
  }

  // MARK: For people

  private let title = "The error of one recurrent unit, and gradient descent over it"

  private var subtitle: String {
    "xₜ = w·σ(xₜ₋₁) + b,  x₀ = 0.5,  E = (σ(x₅₀) − 0.7)²  ·  learning rate "
      + "\(settings.rate.plainText), \(NumberText.count(settings.updates)) updates"
  }

  /// Three digits, or as many as a whole number has.
  private func short(_ value: Double) -> String {
    abs(value) >= 1e6 || value != 0 && abs(value) < 1e-3
      ? NumberText.scientific(value)
      : abs(value) >= 999.5 ? NumberText.count(Int(value.rounded())) : String(format: "%.3g", value)
  }

  private func name(_ rule: Clipping) -> String {
    rule == .none ? "no clipping" : "clip \(rule)"
  }

  private func end(_ path: DescentPath) -> String {
    guard let last = path.points.last else { return "" }
    return "w \(short(last.weight)), b \(short(last.bias))"
  }

  private func finding(_ path: DescentPath) -> String {
    let error = "error \(short(path.points.last?.error ?? .nan))"
    if let left = leftStep(path) {
      let norm = path.points[max(left - 1, 0)].gradientNorm
      return
        "after \(NumberText.count(left - 1)) updates a gradient of norm \(short(norm)) throws it "
        + "out, it ends at \(end(path)), \(error)"
    }
    return "gradients of up to \(short(path.steepest.norm)), ends at \(end(path)), \(error)"
  }

  /// What is seen, with its numbers.
  var text: String {
    let weight = settings.start.weight
    let factor = surface.standingFactor(weight: weight)
    let slope = surface.standingBias(weight: 0) - surface.standingBias(weight: 1)
    return
      "On the line b = 0.5 - \(short(slope)) w the unit stays "
      + "at x = 0.5. At w = \(short(weight)) a step multiplies a small difference there by "
      + "\(short(factor)), so 50 steps by \(short(pow(factor, 50))): where that is above 1 the error "
      + "has a wall along the line, on which the gradient's norm is \(short(surface.standingNorm(weight: weight))). "
      + paths.map { "\(sentenceStart(name($0.rule))): \(finding($0.path))." }
      .joined(separator: " ")
  }

  private func sentenceStart(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  func print(on terminal: Terminal, folder: String) {
    guard !terminal.isJSON else { return }
    terminal.print(terminal.styled(title, .bold))
    terminal.print("  \(subtitle)\n")
    var table = TextTable(
      "clipping", "largest norm", "after", "clipped", "ends at w", "b", "error")
    for (rule, path) in paths {
      let last = path.points.last
      table.append([
        rule.description, NumberText.significant(path.steepest.norm),
        NumberText.count(path.steepest.update),
        path.clippedFraction.map(NumberText.percent) ?? "-",
        NumberText.significant(last?.weight ?? .nan), NumberText.significant(last?.bias ?? .nan),
        NumberText.significant(last?.error ?? .nan),
      ])
    }
    for line in table.lines(heading: { terminal.styled($0, .bold) }) { terminal.print("  " + line) }
    terminal.print("\n" + DepthReport.wrapped(text))
    terminal.print("files  \(folder)")
  }

  var figure: SurfaceFigure {
    SurfaceFigure(
      title: title, subtitle: subtitle, names: (x: "w", y: "b", height: "E"), mesh: mesh,
      grid: Self.places(weights, count: Self.resolution).flatMap { weight in
        Self.places(biases, count: Self.resolution).map { point(weight, $0) }
      },
      paths: paths.map { rule, path in
        SurfaceFigure.Path(
          label: name(rule), finding: finding(path),
          points: path.points.map { .init(x: $0.weight, y: $0.bias, height: $0.error) })
      })
  }

  /// Lines at one w each, their points close to the wall on either side of it.
  private var mesh: [[SurfaceFigure.Point]] {
    let gap = 0.004 * (biases.upperBound - biases.lowerBound)
    return Self.places(weights, count: 41).map { weight in
      let wall = min(
        max(surface.standingBias(weight: weight), biases.lowerBound + 2 * gap),
        biases.upperBound - 2 * gap)
      let below = Self.places(biases.lowerBound...wall - gap, count: 20)
      let above = Self.places(wall + gap...biases.upperBound, count: 20)
      return (below + above).map { point(weight, $0) }
    }
  }

  private func point(_ weight: Double, _ bias: Double) -> SurfaceFigure.Point {
    SurfaceFigure.Point(
      x: weight, y: bias,
      height: (surface.error(weight: weight, bias: bias) * 1e7).rounded() / 1e7)
  }
}
