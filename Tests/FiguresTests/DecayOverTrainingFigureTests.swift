import Foundation
import Testing

@testable import UnrollFigures

@Suite struct DecayOverTrainingFigureTests {
  private func figure(_ measurements: [DecayOverTrainingFigure.Measurement])
    -> DecayOverTrainingFigure
  {
    DecayOverTrainingFigure(
      title: "t", subtitle: "s", path: "c", measurements: measurements,
      losses: (1...50).map { ($0, 1 / Double($0)) }, lossName: "squared error")
  }

  private func measurement(_ step: Int, lags: Int) -> DecayOverTrainingFigure.Measurement {
    .init(
      step: step, norms: (0..<lags).map { pow(0.9, Double($0)) }, halfLife: 6.58, horizon: lags - 1)
  }

  @Test func drawsEveryMeasurementAndLag() throws {
    let script = figure([measurement(0, lags: 3), measurement(10, lags: 3)]).script(name: "d")
    // Update, lag, half sizes, norm.
    #expect(script.contains("\n10 2 5.2 0.52 0.81\n"))
    #expect(script.contains("$reach << EOD\n# step half_life horizon\n0 6.58 2\n10 6.58 2\nEOD"))
  }

  /// Norms and losses that have faded to subnormal numbers are left out.
  @Test func fadedNumbersAreLeftOut() throws {
    let faded = Double.leastNormalMagnitude / 2
    let drawing = DecayOverTrainingFigure(
      title: "t", subtitle: "s", path: "c",
      measurements: [.init(step: 0, norms: [1, faded], halfLife: nil, horizon: nil)],
      losses: [(1, 0.5), (2, faded)], lossName: "squared error"
    ).drawing
    let heat = try #require(drawing.data.first { $0.name == "heat" })
    #expect(heat.rows[0][4] == 1 && heat.rows[1][4].isNaN)
    #expect(drawing.data.first { $0.name == "loss" }?.rows == [[1, 0.5]])
  }

  /// However many there are, the heat map has at most 100 by 100 boxes.
  @Test func thinsWhatIsTooFine() throws {
    let drawing = figure((0..<250).map { measurement($0 * 4, lags: 333) }).drawing
    let heat = try #require(drawing.data.first { $0.name == "heat" })
    #expect(heat.rows.count == 100 * 100)
    #expect(heat.rows.first?[0] == 0 && heat.rows.last?[0] == 996 && heat.rows.last?[1] == 332)
  }

  @Test(arguments: 0..<5) func fewOrNoNumbersAreDrawn(_ number: Int) throws {
    let cases: [[DecayOverTrainingFigure.Measurement]] = [
      [], [measurement(0, lags: 1)], [measurement(0, lags: 5)],
      [.init(step: 0, norms: [0, 0], halfLife: nil, horizon: nil)],
      [
        measurement(0, lags: 4),
        .init(step: 7, norms: [.nan, .infinity], halfLife: nil, horizon: nil),
      ],
    ]
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      try figure(cases[number]).write(to: folder, name: "decay-over-training", gnuplot: gnuplot)
    }
  }
}
