import Foundation
import UnrollFigures
import UnrollGradientFlow
import UnrollOptimization
import UnrollReports
import UnrollStudies

extension Lesson {
  /// One recurrent unit whose error has a wall, and gradient descent that meets it with and without clipping.
  public static let clippingCliff = Lesson(
    "clipping-cliff", parameters: [.length(50, in: 2...100), .steps(500, in: 30...10_000)],
    formulas: [
      "x_t = w σ(x_{t−1}) + b, \\quad E = (σ(x_T) − 0.7)^2, \\quad x_0 = 0.5",
      "b = x_0 − w σ(x_0): \\quad \\frac{∂E}{∂b} = 2(σ(x_0) − 0.7) σ′(x_0) \\frac{r^T − 1}{r − 1}, "
        + "\\quad r = w σ′(x_0)",
      "g ← g · min(1, \\frac{τ}{‖g‖}), \\quad τ = 1",
    ]
  ) { settings in
    let cliff = Cliff(length: settings.count("length"), updates: settings.count("steps"))
    let report = cliff.report()
    let (plain, clipped) = (report.descents[0].bundle, report.descents[1].bundle)
    let cut = cliff.cut(at: plain.path)
    let weight = cliff.settings.start.weight
    let factor = cliff.surface.standingFactor(weight: weight)
    let clippedStep = cut.step(clippedTo: Cliff.threshold)
    func end(_ bundle: DescentBundle) -> Double {
      bundle.values { $0.points.last?.error ?? .nan }.median
    }
    let isThrown = cut.step > Cliff.far

    var result = LessonResult()
    // Less than one clipped step in all that is left.
    let moved = cliff.movement(of: plain.path, after: cut.update + 1)
    let rest = cliff.settings.updates - cut.update - 1
    let isStuck = rest > 0 && moved < clippedStep
    let crossings = cut.crossings(of: plain.path)
    result.findings =
      (isThrown && !crossings.isEmpty ? ["finding crossings"] : [])
      + (isThrown
        ? ["finding", isStuck ? "finding stuck" : "finding thrown", "finding ends"]
        : ["finding gentle"])
    result.numbers = [
      "crossings": .count(crossings.count), "first": .count(crossings.first ?? cut.update),
      "factor": .number(factor), "growth": .number(pow(factor, Double(settings.count("length")))),
      "wall": .number(abs(cliff.slope(steps: settings.count("length")))),
      "weight": .name(weight.plainText),
      "update": .count(cut.update), "norm": .number(cut.norm), "step": .number(cut.step),
      "clipped-step": .number(Cliff.threshold * cliff.settings.rate),
      "rate": .name(cliff.settings.rate.plainText),
      "before": .number(cut.error(at: -Cliff.near)), "near": .name(Cliff.near.plainText),
      "rest": .count(rest), "here": .number(cut.error(at: 0)),
      "landing": .number(cut.error(at: cut.step)),
      "landing-norm": .scientific(cut.norm(at: cut.step)),
      "plain-end": .ratio(end(plain)), "clipped-end": .ratio(end(clipped)),
      "plain-moved": .scientific(moved),
      "share": .percent(clipped.values { $0.clippedFraction ?? 0 }.median),
    ]
    // The wall's slope is a difference quotient, over 1e-4 of the wall's width to either side; a step is the
    // difference of two places of size 5, each rounded.
    result.checks = [
      LessonCheck(
        "wall", predicted: cliff.predictedSlope(steps: settings.count("length")),
        measured: cliff.slope(steps: settings.count("length")), .relative(1e-4)),
      LessonCheck(
        "step", predicted: Cliff.threshold * cliff.settings.rate * (1 + 1e-12),
        measured: clipped.values(cliff.longestStep).largest, .atMost),
      LessonCheck("end", predicted: end(plain), measured: end(clipped), .atMost),
    ]
    if isThrown {
      // Where σ(x_T) is 1: (1 − 0.7)². It is short of 1 by little, as the unit is saturated.
      result.checks.append(
        LessonCheck(
          "landing", predicted: 0.09, measured: cut.error(at: cut.step), .relative(0.01)))
    }
    func landing(_ name: String, _ distance: Double) -> LessonLine {
      LessonLine(name, points: [.init(x: distance, y: cut.error(at: distance))], mark: .points)
    }
    let here = landing("here", 0)
    result.panels = [
      LessonPanel(
        name: "near",
        lines: [
          LessonLine("error", points: cut.points(to: Cliff.near)), here,
          landing("clipped", clippedStep),
        ], isLogarithmic: false, isCounted: false),
      LessonPanel(
        name: "far",
        lines: [
          LessonLine("error", points: cut.points(to: max(1.1 * cut.step, Cliff.behind))), here,
          landing("plain", cut.step),
        ], isLogarithmic: false, isCounted: false),
      LessonPanel(
        name: "errors",
        lines: [("plain", plain), ("clipped", clipped)].map { name, bundle in
          LessonLine(
            name, over: ([bundle.path] + bundle.neighbors).map { $0.points.map(\.error) },
            at: bundle.path.points.indices.map(Double.init))
        }, levels: [("saturated", 0.09)]),
    ]
    result.surface = LessonSurface(report: report, paths: ["g", "g · min(1, τ/‖g‖), τ = 1"])
    return result
  }
}

/// The error of `SingleUnitError` around its wall, and descents that meet it.
struct Cliff {
  /// τ.
  static let threshold = 1.0
  /// How far behind the wall the cut's figure begins.
  static let behind = 0.5
  /// How far the close view of the cut goes to either side of the wall, twice as far beyond it.
  static let near = 0.1
  /// A step of this length leaves the neighborhood in which the gradient said something.
  static let far = 1.0

  let surface: SingleUnitError
  let settings: SurfaceSettings

  init(length: Int, updates: Int) {
    var surface = SingleUnitError()
    surface.steps = length
    var settings = SurfaceSettings()
    settings.updates = updates
    settings.rules = [.none, .norm(Self.threshold)]
    (self.surface, self.settings) = (surface, settings)
  }

  /// The descents without and with clipping.
  func report() -> SurfaceReport { SurfaceReport(settings, on: surface) }

  // MARK: The wall

  /// ∂E/∂b on the wall at the start's w, by the formula.
  func predictedSlope(steps: Int) -> Double {
    let factor = surface.standingFactor(weight: settings.start.weight)
    let output = sigmoid(surface.initialState)
    return 2 * (output - surface.target) * output * (1 - output)
      * (pow(factor, Double(steps)) - 1) / (factor - 1)
  }

  /// The same as a central difference of E, over a distance that is small beside the wall's width.
  func slope(steps: Int) -> Double {
    var surface = surface
    surface.steps = steps
    let weight = settings.start.weight
    let bias = surface.standingBias(weight: weight)
    let distance = 1e-4 / max(abs(predictedSlope(steps: steps)), 1)
    func error(_ shift: Double) -> Double { surface.error(weight: weight, bias: bias + shift) }
    return (error(distance) - error(-distance)) / (2 * distance)
  }

  // MARK: The descents

  /// The length of a path's longest step.
  func longestStep(_ path: DescentPath) -> Double {
    zip(path.points, path.points.dropFirst()).map { $0.distance(to: $1) }.max() ?? 0
  }

  /// How far a path still goes after so many updates.
  func movement(of path: DescentPath, after update: Int) -> Double {
    guard let last = path.points.last, path.points.indices.contains(update) else { return 0 }
    return path.points[update].distance(to: last)
  }

  /// The cut through the surface at the place of the path's largest gradient, along that gradient.
  func cut(at path: DescentPath) -> Cut {
    let (update, norm) = path.steepest
    let point = path.points[update]
    return Cut(
      surface: surface, update: update, norm: norm, step: settings.rate * norm,
      weight: point.weight, bias: point.bias,
      slope: surface.slope(weight: point.weight, bias: point.bias))
  }

  /// E at a distance against the gradient from one place.
  struct Cut {
    let surface: SingleUnitError
    /// The updates before that place.
    let update: Int
    /// ‖∇E‖ there.
    let norm: Double
    /// The length of the step without clipping.
    let step: Double
    let weight: Double
    let bias: Double
    let slope: SingleUnitError.Slope

    /// The length of a step whose gradient is clipped.
    func step(clippedTo threshold: Double) -> Double { step * min(1, threshold / norm) }

    private func place(_ distance: Double) -> (weight: Double, bias: Double) {
      (
        weight - distance * slope.byWeight / norm, bias - distance * slope.byBias / norm
      )
    }

    /// The updates up to that place that lead behind the wall: the error passes half of what it is there.
    func crossings(of path: DescentPath) -> [Int] {
      let height = (error(at: 0) + error(at: -Cliff.behind)) / 2
      let errors = path.points.prefix(update + 1).map(\.error)
      return zip(errors, errors.dropFirst()).enumerated().filter { _, pair in
        pair.0 < height && pair.1 > height
      }.map { $0.offset + 1 }
    }

    func error(at distance: Double) -> Double {
      let place = place(distance)
      return surface.error(weight: place.weight, bias: place.bias)
    }

    func norm(at distance: Double) -> Double {
      let place = place(distance)
      return surface.slope(weight: place.weight, bias: place.bias).norm
    }

    /// From behind the wall to a distance beyond it; close to the wall the places are close together.
    func points(to end: Double) -> [Chart.Point] {
      let isNear = end <= Cliff.near
      let start = isNear ? -Cliff.near : -Cliff.behind
      let last = isNear ? 2 * Cliff.near : end
      let coarse = (0...400).map { start + (last - start) * Double($0) / 400 }
      let fine = (-100...100).map { Double($0) / 10_000 }
      return Set(coarse + fine).sorted().map { .init(x: $0, y: error(at: $0)) }
    }
  }
}
