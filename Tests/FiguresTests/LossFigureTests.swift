import Foundation
import Testing

@testable import UnrollFigures

@Suite struct LossFigureTests {
  private func figure(losses: [Double]) -> LossFigure {
    LossFigure(
      title: "rnn on adding", subtitle: "T = 100", steps: Array(1..<losses.count + 1),
      losses: losses, baseline: .init(value: 1.0 / 6, name: "predicting 1"))
  }

  @Test func logarithmicBeyondAFactorOf20() {
    #expect(figure(losses: [0.17, 0.001]).script(name: "loss").contains("log10($2)"))
    #expect(!figure(losses: [0.17, 0.01]).script(name: "loss").contains("log10($2)"))
    #expect(!figure(losses: [0.17, 0.001, -1]).script(name: "loss").contains("log10($2)"))
  }

  /// What an axis cannot show is not drawn, nor counted as shown: numbers that have no digits left or whose
  /// sums overflow.
  @Test func shownIsWhatTheAxisHas() {
    let (figure, faded) = (figure(losses: [1]), Double.leastNormalMagnitude / 2)
    #expect(figure.isShown(1e-300, true) && !figure.isShown(faded, true))
    #expect(figure.isShown(faded, false) && figure.isShown(-1, false) && !figure.isShown(-1, true))
    #expect(figure.isShown(1e300, true) && !figure.isShown(1e300, false))
  }

  @Test func showsBaselineValidationAndThreshold() throws {
    var figure = figure(losses: [0.17, 0.16])
    figure.validations = [.init(step: 2, loss: 0.15)]
    figure.gradientNorms = [0.5, 2]
    figure.clipThreshold = 1
    let script = figure.script(name: "loss")
    #expect(script.contains("title 'baseline 0.1667: predicting 1'"))
    #expect(script.contains("$validation << EOD\n# step validation_loss\n2 0.15\nEOD"))
    #expect(script.contains("title 'clipped above 1'"))
    let plot = try #require(figure.terminalPlot(gnuplot: installedGnuplot()))
    #expect(
      plot.contains("=  baseline 0.1667: predicting 1") && plot.contains("o  validation loss"))
  }

  @Test(arguments: [[], [0.3], [.nan], [0, 0], [.nan, .infinity, -.infinity]])
  func fewOrNoLosses(_ losses: [Double]) throws {
    let gnuplot = try installedGnuplot()
    var figure = figure(losses: losses)
    figure.baseline = nil
    figure.gradientNorms = losses
    try withFolder { folder in
      try figure.write(to: folder, name: "loss", gnuplot: gnuplot)
      let isEmpty = !losses.contains { $0.isFinite }
      #expect(try text("\(folder)/loss.svg").contains("no finite loss") == isEmpty)
    }
    #expect(figure.terminalPlot(gnuplot: gnuplot) != nil)
  }

  @Test(arguments: 0..<12)
  func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let count = seed % 3 == 0 ? 2_500 : 1 + seed * 9
    let figure = LossFigure(
      title: "t", subtitle: "s", steps: (0..<count).map { $0 * 7 },
      losses: numbers.awkward(count: count).map { seed % 2 == 0 ? abs($0) : $0 },
      gradientNorms: numbers.awkward(count: count),
      validations: (0..<seed).map { .init(step: $0 * 10, loss: numbers.awkward()) },
      baseline: .init(value: numbers.awkward(), name: "b"), clipThreshold: numbers.awkward())
    try withFolder { try figure.write(to: $0, name: "loss", gnuplot: gnuplot) }
    #expect(figure.terminalPlot(gnuplot: gnuplot) != nil)
  }
}
