import Foundation
import Testing

@testable import UnrollFigures

@Suite struct FormatsFigureTests {
  private func figure(_ curves: [FormatsFigure.Curve]) -> FormatsFigure {
    FormatsFigure(
      subtitle: "of some kind", curves: curves, levels: [("smallest", 0.01), ("least", 1e-9)],
      countedFormat: "float32")
  }

  @Test func theSecondPanelIsThereForSubnormalsAlone() {
    func script(_ shares: [Double]) -> String {
      figure([
        .init(
          label: "rnn", path: "h", finding: "found", largest: [1, 0.1, 1e-3],
          subnormalShares: shares)
      ]).script(name: "formats")
    }
    let without = script([0, 0, 0])
    #expect(without.contains("'rnn h: found'") && without.contains("'smallest'"))
    #expect(!without.contains("'least'") && !without.contains("% subnormal"))
    #expect(script([0, 0, 0.25]).contains("% subnormal in float32"))
    #expect(script([0, 0, 0.25]).contains("2 0.001 0.25"))
  }

  /// A gradient that has faded to subnormal numbers, which stay where they are by rounding, is not drawn on.
  @Test func aFadedCurveEnds() throws {
    let faded = figure([
      .init(
        label: "rnn", path: "h", finding: "found",
        largest: [1, 1e-200, Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude],
        subnormalShares: [0, 0, 0, 0])
    ])
    let script = faded.script(name: "formats")
    #expect(script.contains("$2 >= 2.2250738585072014e-308 ? log10($2) : NaN"))
    // The axis ends where the curve does.
    #expect(script.contains("yrange [-2"), "\(script)")
  }

  @Test(arguments: 0..<8) func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let curves = (0..<seed).map { index in
      FormatsFigure.Curve(
        label: "label \(index / 2)", path: "path \(index % 2)", finding: "finding",
        largest: numbers.awkward(count: 20), subnormalShares: numbers.awkward(count: 20))
    }
    try withFolder { try figure(curves).write(to: $0, name: "formats", gnuplot: gnuplot) }
  }
}
