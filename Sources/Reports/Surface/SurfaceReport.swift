import Foundation
import UnrollDenseMath
import UnrollFigures
import UnrollFileFormats
import UnrollGradientFlow
import UnrollOptimization
import UnrollStudies
import UnrollText

/// The error of one recurrent unit over its two parameters, and where gradient descent goes on it under
/// each clipping rule: why clipping helps (Pascanu, Mikolov & Bengio 2013, *On the difficulty of training
/// recurrent neural networks*, figure 6).
///
/// ```swift
/// let report = SurfaceReport(SurfaceSettings())
/// print(report.text)
/// try report.figure.write(to: ".", name: "clip-surface")
/// ```
public struct SurfaceReport: Sendable {
  /// The number of points along each side of the grid.
  private static let resolution = 121

  /// Where descent begins, and how it goes.
  public let settings: SurfaceSettings
  /// The error over the plane.
  public let surface: SingleUnitError
  /// The paths of each of the settings' rules.
  public let descents: [(rule: Clipping, bundle: DescentBundle)]
  /// The part of the plane that is shown.
  let frame: SurfaceFrame

  /// Follows the paths over `surface`.
  public init(_ settings: SurfaceSettings, on surface: SingleUnitError = SingleUnitError()) {
    self.settings = settings
    self.surface = surface
    let start = settings.start
    descents = settings.rules.map { rule in
      (
        rule,
        DescentBundle(
          on: surface, from: (start.weight, start.bias), rate: settings.rate, clipping: rule,
          updates: settings.updates)
      )
    }
    frame = SurfaceFrame(descents.map(\.bundle.path))
  }

  private static func places(_ range: ClosedRange<Double>, count: Int) -> [Double] {
    (0..<count).map {
      let share = Double($0) / Double(count - 1)
      return rounded(range.lowerBound * (1 - share) + range.upperBound * share)
    }
  }

  /// Rounds to ten decimals, so that files hold 4.21 rather than 4.210000000000001.
  private static func rounded(_ value: Double) -> Double { (value * 1e10).rounded() / 1e10 }

  // MARK: Files

  /// `surface.csv`: the error and its gradient's norm on an even grid.
  public var surfaceTable: CSVWriter {
    var table = CSVWriter(columns: ["w", "b", "error", "gradient_norm"])
    for weight in Self.places(frame.weights, count: Self.resolution) {
      for bias in Self.places(frame.biases, count: Self.resolution) {
        let slope = surface.slope(weight: weight, bias: bias)
        table.append([
          .number(weight), .number(bias), .number(slope.error), .number(slope.norm),
        ])
      }
    }
    return table
  }

  /// `path.csv`: the place, error and gradient norm after every update, under every rule.
  public var pathTable: CSVWriter {
    var table = CSVWriter(
      columns: ["threshold", "step", "w", "b", "error", "gradient_norm", "clipped"])
    for (rule, bundle) in descents {
      for (step, point) in bundle.path.points.enumerated() {
        table.append([
          .text(rule.description), .integer(step), .number(point.weight), .number(point.bias),
          .number(point.error), .number(point.gradientNorm), .integer(point.isClipped ? 1 : 0),
        ])
      }
    }
    return table
  }

  /// `summary.json`: the settings, the text, and the largest gradient and the end of every path.
  public var json: JSONValue {
    [
      "steps": .integer(settings.updates), "learning_rate": .number(settings.rate),
      "start": ["w": .number(settings.start.weight), "b": .number(settings.start.bias)],
      "text": .string(text),
      "paths": .array(
        descents.map { rule, bundle in
          let path = bundle.path
          let end = path.points.last
          return [
            "threshold": .string(rule.description), "updates": .integer(path.points.count - 1),
            "largest_norm": .number(path.steepest.norm),
            "largest_norm_step": .integer(path.steepest.update),
            "clipped_fraction": JSONValue(path.clippedFraction),
            "w": .number(end?.weight ?? .nan), "b": .number(end?.bias ?? .nan),
            "error": .number(end?.error ?? .nan), "left_step": JSONValue(frame.exit(of: path)),
            "nearby_starts": nearby(bundle),
          ]
        }),
    ]
  }

  /// The ranges of the numbers of a path and its neighbors.
  private func nearby(_ bundle: DescentBundle) -> JSONValue {
    func range(_ value: (DescentPath) -> Double) -> JSONValue {
      let values = bundle.values(value)
      return .array([.number(values.min() ?? .nan), .number(values.max() ?? .nan)])
    }
    return [
      "distance": .number(DescentBundle.shift), "count": .integer(bundle.neighbors.count),
      "left": .integer(bundle.neighbors.count { frame.exit(of: $0) != nil }),
      "largest_norm": range { $0.steepest.norm }, "w": range { $0.points.last?.weight ?? .nan },
      "b": range { $0.points.last?.bias ?? .nan }, "error": range { $0.points.last?.error ?? .nan },
      "largest_late_error": range { $0.largestLateError },
      "late_updates": .integer(bundle.path.lateUpdates),
    ]
  }

  // MARK: The figure

  /// The surface from the side and from above, with the paths on it.
  public var figure: SurfaceFigure {
    SurfaceFigure(
      title: title, subtitle: subtitle, names: (x: "w", y: "b", height: "E"), mesh: mesh,
      grid: Self.places(frame.weights, count: Self.resolution).flatMap { weight in
        Self.places(frame.biases, count: Self.resolution).map { point(weight, $0) }
      },
      paths: distinctPaths.map { label, bundle in
        SurfaceFigure.Path(
          label: "\(label.shortened(to: 70)): \(finding(bundle))",
          points: bundle.path.points.map { .init(x: $0.weight, y: $0.bias, height: $0.error) })
      })
  }

  /// Lines of constant w, with points close to the wall on either side of it.
  private var mesh: [[SurfaceFigure.Point]] {
    let gap = 0.004 * (frame.biases.upperBound - frame.biases.lowerBound)
    return Self.places(frame.weights, count: 41).map { weight in
      let wall = min(
        max(surface.standingBias(weight: weight), frame.biases.lowerBound + 2 * gap),
        frame.biases.upperBound - 2 * gap)
      let below = Self.places(frame.biases.lowerBound...wall - gap, count: 20)
      let above = Self.places(wall + gap...frame.biases.upperBound, count: 20)
      return (below + above).map { point(weight, $0) }
    }
  }

  private func point(_ weight: Double, _ bias: Double) -> SurfaceFigure.Point {
    SurfaceFigure.Point(
      x: weight, y: bias,
      height: (surface.error(weight: weight, bias: bias) * 1e7).rounded() / 1e7)
  }
}
