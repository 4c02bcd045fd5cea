import Foundation
import Testing

@testable import UnrollFigures

struct ExponentsFigureTests {
  private func layer(_ label: String, bound: Double?) -> ExponentsFigure.Layer {
    ExponentsFigure.Layer(
      label: label, norms: [1, 0.5, 0.25], slope: log(0.5), bound: bound,
      exponents: [(log(0.5), 0.1), (-.infinity, 0)], running: [(1, (-0.6, 0.2)), (2, (-0.7, 0.1))])
  }

  @Test func curvesHaveTheirExponentsSlopeAndTheirBound() {
    let figure = ExponentsFigure(
      subtitle: "sizes", layers: [layer("rnn", bound: 10), layer("lstm", bound: nil)])
    let drawing = figure.drawing
    func rows(_ name: String) -> [[Double]] { drawing.data.first { $0.name == name }?.rows ?? [] }
    #expect(rows("gradient0").map { $0[1] } == [0, log10(0.5), log10(0.25)])
    #expect(rows("exponent0")[0] == [0, 0] && rows("exponent0")[1][0] == 2)
    #expect(abs(rows("exponent0")[1][1] - log10(0.25)) < 1e-15)
    #expect(rows("bound0")[0] == [0, 0] && abs(rows("bound0")[1][1] - 2) < 1e-15)
    #expect(rows("bound1").isEmpty)
    // A lost direction is no point, and is counted in the key.
    #expect(rows("spectrum0").map { $0[1].isFinite } == [true, false])
    #expect(rows("spectrum0")[0].dropFirst(2).map { abs($0 - log(0.5)) }.allSatisfy { $0 < 0.1001 })
    #expect(rows("running0").map { $0[0] } == [1, 2])
    let script = figure.script(name: "exponents")
    #expect(
      script.contains("title 'rnn: 0.500/step, e^λ₁ = 0.500, bound 10.000, 1 of 2 directions lost'")
    )
    #expect(script.components(separatedBy: "title 'bound σmax·γ of W_hh'").count == 2)
    let without = ExponentsFigure(subtitle: "", layers: [layer("lstm", bound: nil)])
    #expect(!without.script(name: "exponents").contains("bound"))
  }

  @Test(arguments: 0..<8) func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let layers = (0..<seed).map { index in
      ExponentsFigure.Layer(
        label: "it's \(index)", norms: numbers.awkward(count: 5 * index),
        slope: index % 3 == 0 ? nil : numbers.awkward(),
        bound: index % 2 == 0 ? nil : numbers.awkward(),
        exponents: numbers.awkward(count: 4 * index).map { ($0, numbers.uniform()) },
        running: numbers.awkward(count: 4).map { (index, ($0, numbers.uniform())) })
    }
    let figure = ExponentsFigure(subtitle: "sizes", layers: layers)
    try withFolder { try figure.write(to: $0, name: "exponents", gnuplot: gnuplot) }
  }
}
