import Foundation
import Testing

@testable import UnrollFigures

/// A figure holds no more points than a picture can show, and none of what can be seen is lost.
@Suite struct ThinningTests {
  private func block(_ rows: [[Double]], values: Range<Int> = 1..<2) -> [[Double]] {
    DataBlock(curve: "curve", columns: "x y", rows: rows, values: values).rows
  }

  @Test func aShortCurveIsKeptWhole() {
    let rows = (0..<2000).map { [Double($0), sin(Double($0))] }
    #expect(block(rows) == rows)
  }

  @Test func extremesOfEachPartAreKept() {
    var random = SeededNumbers(seed: 5)
    let rows = (0..<100_000).map { [Double($0), random.uniform()] }
    let kept = block(rows)
    #expect(kept.count <= 1602)
    #expect(kept.first == rows.first && kept.last == rows.last)
    #expect(kept.map { $0[0] } == kept.map { $0[0] }.sorted())
    // Exact: every row that is kept is one of the curve's.
    #expect(kept.allSatisfy { rows[Int($0[0])] == $0 })
    for part in 0..<800 {
      func extremes(_ rows: [[Double]]) -> [Double?] {
        let values = rows.filter { Int($0[0] / 99_999 * 800) == part }.map { $0[1] }
        return [values.min(), values.max()]
      }
      #expect(extremes(Array(rows[max(part * 125 - 9, 0)..<(part + 1) * 125])) == extremes(kept))
    }
  }

  /// One point of a hundred thousand that is missing or stands out is there; so is each column's.
  @Test func spikesAndGapsAreKept() {
    var rows = (0..<100_000).map { [Double($0), 1, 1] }
    rows[54_321][1] = 1e9
    rows[77_777][2] = -1
    rows[33_333][1] = .nan
    rows[22_222][0] = .nan
    rows[11_111] = []
    let kept = block(rows, values: 1..<3)
    #expect(kept.contains(rows[54_321]) && kept.contains(rows[77_777]) && kept.contains([]))
    #expect(kept.contains { $0.first == 33_333 && $0[1].isNaN })
    #expect(kept.contains { $0.first?.isNaN == true })
    #expect(kept.count < 2000)
  }

  /// Parts are equal on the axis: of a logarithmic one, so that its first decades keep their points.
  @Test func partsAreThoseOfTheAxis() throws {
    let points = (1...100_000).map { (x: Double($0), y: 1 / Double($0)) }
    let figure = CurvesFigure(
      title: "t", subtitle: "s", horizontal: ("lag", .logarithmic), vertical: ("y", .logarithmic),
      curves: [.init(label: "a", kind: "b", points: points)])
    let rows = figure.drawing.data[0].rows
    #expect(rows.count < 2000)
    #expect(Array(rows.map { $0[0] }.prefix(50)) == (1...50).map(Double.init))
  }

  @Test func oddPlacesDoNotTrap() {
    for x in [Double.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0] {
      let rows = (0..<3000).map { [$0 == 7 ? x : 0, 1] }
      #expect(block(rows).count < 10)
    }
  }

  /// The files of a decay over 100,000 lags: three noisy curves with their bands, which underflow.
  @Test func aLongDecayIsASmallFile() throws {
    let gnuplot = try installedGnuplot()
    var random = SeededNumbers(seed: 1)
    let curves = (0..<3).map { number -> DecayFigure.Curve in
      let norms = (0..<100_000).map { lag in
        lag > 90_000 ? 0 : exp(-Double(lag) / 300) * (0.5 + random.uniform())
      }
      return .init(
        label: "lstm\(number)", path: "h", norms: norms,
        band: (norms.map { $0 * 0.5 }, norms.map { $0 * 2 }), verdict: "exponential", rate: 0.99)
    }
    let figure = decayFigure(curves)
    #expect(figure.drawing.data.allSatisfy { $0.rows.count < 5000 })
    let script = figure.script(name: "decay")
    for curve in curves {
      #expect(script.contains("\n0 \(curve.norms[0]) "))
      #expect(script.contains("\n99999 NaN NaN NaN\n"))
      let least = try #require(curve.norms.filter { $0 > 0 }.min())
      #expect(script.contains(" \(least) "))
    }
    try withFolder { folder in
      let files = try figure.write(to: folder, name: "decay", formats: [.svg], gnuplot: gnuplot)
      for file in files {
        let size = try #require(
          FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
        #expect(size < 1_000_000, "\(file)")
      }
    }
    #expect(try #require(figure.terminalPlot(gnuplot: gnuplot)).count < 3000)
  }

  /// Every figure with a curve that can get long, of 100,000 points.
  @Test func allFiguresAreThinned() {
    let count = 100_000
    let values = (0..<count).map { 1 + sin(Double($0)) * 0.5 }
    let points = values.enumerated().map { (x: Double($0), y: $1) }
    let estimates = values.map { (mean: $0, deviation: 0.1) }
    // A descent that settles.
    let path = (0..<count).map { step in
      let reach = 0.4 * exp(-Double(step) / 1000)
      return SurfaceFigure.Point(
        x: 0.5 + reach * cos(Double(step)), y: 1 + reach * sin(Double(step)), height: 1)
    }
    let corners = [0.0, 1].map { x in [0.0, 2].map { SurfaceFigure.Point(x: x, y: $0, height: 1) } }
    let figures: [any Figure] = [
      CurvesFigure(
        title: "t", subtitle: "s", horizontal: ("x", .linear), vertical: ("y", .linear),
        curves: [.init(label: "a", kind: "b", points: points)]),
      PanelsFigure(
        title: "t", subtitle: "s",
        panels: [
          .init(
            title: "t", plainTitle: "t", across: "update",
            lines: [.init(label: "a", points: points)])
        ]),
      ExponentsFigure(
        subtitle: "s",
        layers: [
          .init(
            label: "a", norms: values, slope: nil, bound: nil, exponents: estimates,
            running: estimates.enumerated().map { (step: $0, estimate: $1) })
        ]),
      FormatsFigure(
        subtitle: "s",
        curves: [
          .init(label: "a", path: "h", finding: "", largest: values, subnormalShares: values)
        ], levels: [], countedFormat: "float"),
      ForecastFigure(
        title: "t", subtitle: "s", series: values, predictions: values, forecast: values,
        shown: count, yName: "y"),
      LossFigure(
        title: "t", subtitle: "s", steps: Array(1...count), losses: values, gradientNorms: values,
        validations: values.enumerated().map { .init(step: $0, loss: $1) }),
      DecayOverTrainingFigure(
        title: "t", subtitle: "s", path: "h",
        measurements: (0..<count).map {
          .init(step: $0, norms: [1, 0.5], halfLife: 1, horizon: 1)
        },
        losses: values.enumerated().map { (step: $0, loss: $1) }, lossName: "loss"),
      SurfaceFigure(
        title: "t", subtitle: "s", names: ("x", "y", "height"), mesh: corners,
        grid: corners.flatMap { $0 }, paths: [.init(label: "a", points: path)]),
    ]
    for figure in figures {
      for block in figure.drawing.data where block.name != "heat" {
        #expect(block.rows.count < 5000, "\(type(of: figure)) \(block.name)")
      }
    }
  }

  /// A heat map shows 100 of many lags, from the first to the last.
  @Test func aHeatMapOfLongCurvesIsSmall() throws {
    let norms = (0..<100_000).map { exp(-Double($0) / 1000) }
    let figure = DecayOverTrainingFigure(
      title: "t", subtitle: "s", path: "h",
      measurements: (0..<20).map { .init(step: $0, norms: norms, halfLife: nil, horizon: nil) },
      losses: [], lossName: "loss")
    let rows = try #require(figure.drawing.data.first { $0.name == "heat" }).rows
    #expect(rows.count == 2000)
    #expect(rows.first?[4] == 1 && rows.last?[4] == norms.last)
  }
}
