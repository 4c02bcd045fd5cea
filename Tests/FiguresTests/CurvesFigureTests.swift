import Foundation
import Testing

@testable import UnrollFigures

@Suite struct CurvesFigureTests {
  private func figure(_ curves: [CurvesFigure.Curve]) -> CurvesFigure {
    var figure = CurvesFigure(
      title: "Curves", subtitle: "of some kind", horizontal: ("K", .logarithmic),
      vertical: ("y", .logarithmic), curves: curves)
    figure.levels = [("within", 0.1), ("beside it", 0.101), ("outside", 1e9)]
    return figure
  }

  @Test func axesLevelsAndStyles() {
    let script = figure([
      .init(label: "rnn", kind: "a", finding: "found", points: [(1, 1), (10, 0.01), (20, 0)]),
      .init(label: "lstm", kind: "a", points: [(1, 1)]),
      .init(label: "lstm", kind: "b", points: [(1, 1)]),
    ]).script(name: "curves")
    #expect(script.contains("1 1 0 0\n10 0.01 1 -2\n20 0 1.3010299956639813 NaN\n"))
    #expect(script.contains("dt solid lc rgb '#0072B2' title 'rnn a: found' at "))
    #expect(script.contains("dt (7,4) lc rgb '#D55E00' title 'lstm b' at "))
    #expect(script.contains("'within'") && !script.contains("outside"))
    // Its line is there, its name would cover the other's.
    #expect(!script.contains("beside it"))
    #expect(script.components(separatedBy: "set arrow").count == 3)
  }

  @Test(arguments: 0..<8) func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let curves = (0..<seed).map { index in
      CurvesFigure.Curve(
        label: "label \(index / 2)", kind: "kind \(index % 2)",
        points: numbers.awkward(count: 20).map { ($0, numbers.awkward()) })
    }
    var figure = figure(curves)
    if seed % 2 == 0 { (figure.horizontal.scale, figure.vertical.scale) = (.linear, .linear) }
    try withFolder { try figure.write(to: $0, name: "curves", gnuplot: gnuplot) }
  }
}
