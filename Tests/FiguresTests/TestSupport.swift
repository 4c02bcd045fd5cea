import Foundation
import Testing
import UnrollFigures

/// The program all drawing tests need.
func installedGnuplot() throws -> Gnuplot { try #require(Gnuplot()) }

/// A new, empty folder, removed after `body`.
@discardableResult
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "/figures-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// Everything in `folder`, hidden files too.
func contents(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// Knuth's MMIX generator: the same numbers on every run.
struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 0x1p53
  }

  /// Now and then what breaks plots: zero, NaN, ±∞ and the ends of Double's range.
  mutating func awkward() -> Double {
    let kinds: [Double] = [
      0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 1e308, -1e308, 1e-60, -1, 1,
    ]
    return uniform() < 0.5 ? uniform() : kinds[Int(uniform() * Double(kinds.count))]
  }

  mutating func awkward(count: Int) -> [Double] { (0..<count).map { _ in awkward() } }
}

/// A decay curve of `rate` a step that says so.
func exponentialCurve(
  _ label: String, _ path: String, rate: Double, lags: Int = 100
) -> DecayFigure.Curve {
  DecayFigure.Curve(
    label: label, path: path, norms: (0..<lags).map { pow(rate, Double($0)) },
    verdict: rate < 1 ? "exponential" : "growing", rate: rate,
    halfLife: rate < 1 ? log(2) / -log(rate) : nil,
    doublingTime: rate > 1 ? log(2) / log(rate) : nil)
}

func decayFigure(_ curves: [DecayFigure.Curve]) -> DecayFigure {
  DecayFigure(
    curves: curves,
    subtitle: "adding, T = 100, H = 128, B = 20   ·   loss at: last step   ·   at initialization")
}

/// Every figure with `label` in all places where users' text can stand.
func allFigures(label: String) -> [(name: String, figure: any Figure)] {
  let decay = DecayFigure(
    curves: [exponentialCurve(label, label, rate: 0.5), exponentialCurve("b", "h", rate: 0.9)],
    subtitle: label)
  let loss = LossFigure(
    title: label, subtitle: label, steps: [1, 2, 3], losses: [3, 2, 1], gradientNorms: [1, 2, 3],
    validations: [.init(step: 2, loss: 1)], baseline: .init(value: 2, name: label),
    clipThreshold: 1,
    lossName: label)
  let clip = ClipFigure(
    title: label, subtitle: label,
    groups: [
      .init(
        cell: label, threshold: label, solved: 1, unsolved: 1, diverged: 1, clippedFraction: 0.5,
        medianUpdatesToSolve: 1250)
    ], comparedName: label)
  let forecast = ForecastFigure(
    title: label, subtitle: label, series: [1, 2, 3], x: [1700, 1701, 1702], predictions: [3],
    forecast: [4], shown: 3, xName: label, yName: label)
  return [("decay", decay), ("loss", loss), ("clip", clip), ("forecast", forecast)]
}
