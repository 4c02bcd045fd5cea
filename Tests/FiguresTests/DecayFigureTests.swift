import Foundation
import Testing

@testable import UnrollFigures

@Suite struct DecayFigureTests {
  @Test func keySaysRateAndHalfLife() {
    let curves = [
      exponentialCurve("rnn", "h", rate: 0.583), exponentialCurve("rnn", "h", rate: 1.5),
      DecayFigure.Curve(label: "a", path: "h", norms: [1, 1], verdict: "flat", rate: 0.998),
      DecayFigure.Curve(label: "a", path: "h", norms: [1, 1], verdict: "bent"),
      DecayFigure.Curve(label: "a", path: "h", norms: [0, 0], verdict: "zero"),
      DecayFigure.Curve(label: "a", path: "h", norms: [.nan, 0], verdict: "not_finite"),
    ]
    #expect(
      curves.map(\.finding) == [
        "0.583/step, half-life 1.3", "1.500/step, doubles in 1.7", "0.998/step, flat", "bent",
        "zero", "not_finite",
      ])
  }

  @Test func pathsOfALabelShareItsColor() throws {
    let script = decayFigure([
      exponentialCurve("rnn", "h", rate: 0.5), exponentialCurve("lstm", "h", rate: 0.8),
      exponentialCurve("lstm", "c", rate: 0.9),
    ]).script(name: "decay")
    #expect(script.contains("lw 2 dt solid lc rgb '#0072B2' title 'rnn h"))
    #expect(script.contains("lw 2 dt solid lc rgb '#D55E00' title 'lstm h"))
    #expect(script.contains("lw 2 dt (7,4) lc rgb '#D55E00' title 'lstm c"))
    #expect(script.contains("adding, T = 100, H = 128, B = 20 · loss at: last step"))
  }

  /// Of one model the layers are told apart by colors, the paths by dashes, in a picture as on a page.
  @Test func layersOfOneModelHaveColorsOfTheirOwn() {
    let figure = decayFigure([
      exponentialCurve("lstm", "h l0", rate: 0.5), exponentialCurve("lstm", "c l0", rate: 0.8),
      exponentialCurve("lstm", "h l1", rate: 0.9), exponentialCurve("lstm", "c l1", rate: 0.95),
    ])
    let script = figure.script(name: "decay")
    #expect(script.contains("lw 2 dt solid lc rgb '#0072B2' title 'lstm h l0"))
    #expect(script.contains("lw 2 dt (7,4) lc rgb '#0072B2' title 'lstm c l0"))
    #expect(script.contains("lw 2 dt solid lc rgb '#D55E00' title 'lstm h l1"))
    #expect(figure.chart.curves.map(\.color) == [0, 0, 1, 1])
    #expect(figure.chart.curves.map(\.dashes) == [0, 1, 0, 1])
    #expect(
      figure.chart.curves.map(\.name) == ["lstm h l0", "lstm c l0", "lstm h l1", "lstm c l1"])
  }

  /// A subnormal number is a gap as well: it stays where it is, by rounding, however far the gradient fades.
  @Test func dataAreExactAndZeroIsAGap() {
    let third = 1.0 / 3
    let script = decayFigure([
      .init(
        label: "rnn", path: "h",
        norms: [third, 0, .leastNormalMagnitude, .infinity, .leastNonzeroMagnitude],
        verdict: "bent")
    ]).script(name: "decay")
    #expect(
      script.contains("# lag norm\n0 \(third)\n1 NaN\n2 2.2250738585072014e-308\n3 NaN\n4 NaN\nEOD")
    )
  }

  @Test func nothingToDrawIsSaid() throws {
    let gnuplot = try installedGnuplot()
    for curves in [
      [], [DecayFigure.Curve(label: "rnn", path: "h", norms: [0, 0, 0], verdict: "zero")],
      [DecayFigure.Curve(label: "rnn", path: "h", norms: [], verdict: "zero")],
    ] {
      let figure = decayFigure(curves)
      try withFolder { folder in
        try figure.write(to: folder, name: "decay", gnuplot: gnuplot)
        #expect(try text("\(folder)/decay.svg").contains("nothing to draw"))
      }
      #expect(try #require(figure.terminalPlot(gnuplot: gnuplot)).contains("nothing to draw"))
    }
  }

  @Test func terminalPlotFits() throws {
    let gnuplot = try installedGnuplot()
    let label = "rnn/activation=relu/init=identity:1/" + String(repeating: "x", count: 60)
    let figure = decayFigure([
      exponentialCurve("rnn", "h", rate: 0.583), exponentialCurve(label, "h", rate: 0.9),
    ])
    let plot = try #require(figure.terminalPlot(columns: 79, rows: 20, gnuplot: gnuplot))
    let lines = plot.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.allSatisfy { $0.count <= 79 && $0.last != " " })
    #expect(lines.count <= 23)
    #expect(
      plot.contains(
        "*  rnn h: 0.583/step, half-life 1.3"))
    #expect(plot.contains(" h: 0.900/step, half-life 6.6\n"))
    #expect(plot.contains("****") && plot.contains("oooo"))
  }

  /// Three curves on one another, and one apart: each shows in the plot.
  @Test func curvesOnOneAnotherTakeTurns() throws {
    let curves = ["a", "b", "c"].map { exponentialCurve($0, "h", rate: 0.9) }
    let figure = decayFigure(curves + [exponentialCurve("d", "h", rate: 0.8)])
    let plot = try #require(
      figure.terminalPlot(showsKey: false, gnuplot: try installedGnuplot()))
    for mark in ["*", "o", "x", "#"] {
      #expect(plot.components(separatedBy: mark).count > 8, "\(mark)")
    }
    #expect(figure.terminalKey.map(\.mark) == ["*", "o", "x", "#"])
  }

  @Test(arguments: 0..<12)
  func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let curves = (0..<1 + seed % 9).map { index in
      let lags = Int(numbers.uniform() * 40)
      return DecayFigure.Curve(
        label: "label \(index / 2)", path: index % 2 == 0 ? "h" : "c",
        norms: numbers.awkward(count: lags),
        band: seed % 2 == 0 ? (numbers.awkward(count: lags), numbers.awkward(count: lags)) : nil,
        verdict: "bent", rate: numbers.awkward(), halfLife: numbers.awkward())
    }
    let figure = decayFigure(curves)
    try withFolder { try figure.write(to: $0, name: "decay", gnuplot: gnuplot) }
    #expect(figure.terminalPlot(gnuplot: gnuplot) != nil)
  }
}
