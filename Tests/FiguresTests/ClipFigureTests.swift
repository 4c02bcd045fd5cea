import Foundation
import Testing

@testable import UnrollFigures

@Suite struct ClipFigureTests {
  private func group(
    _ cell: String, _ threshold: String, solved: Int, median: Double? = nil,
    clippedFraction: Double? = 0.5
  ) -> ClipFigure.Group {
    .init(
      cell: cell, threshold: threshold, solved: solved, unsolved: 5 - solved, diverged: 0,
      clippedFraction: clippedFraction,
      effectiveStep: clippedFraction.map { $0 / 2 }, medianUpdatesToSolve: median)
  }

  @Test func onePanelACellInTheOrderGiven() {
    let script = ClipFigure(
      title: "t", subtitle: "s",
      groups: [
        group("rnn", "none", solved: 0), group("rnn", "norm:1", solved: 1, median: 12_250),
        group("lstm", "norm:1", solved: 5, median: 5_250, clippedFraction: nil),
      ]
    ).script(name: "clip")
    #expect(
      script.contains(
        "# place solved unsolved diverged clipped_fraction effective_step\n"
          + "0 0 5 0 0.5 0.25\n1 1 4 0 0.5 0.25\nEOD"))
    #expect(
      script.contains("\n0 0 0 0 NaN NaN\n1 5 0 0 NaN NaN\nEOD"), "no run of lstm under none")
    #expect(script.contains("'12,250' at first 1") && script.contains("'5,250' at first 1"))
    #expect(script.components(separatedBy: "set xtics ('none' 0, 'norm:1' 1)").count == 3)
    #expect(script.components(separatedBy: "set xlabel 'clipping threshold'").count == 2)
  }

  @Test(arguments: [0, 1, 2, 3, 4], [1, 2, 8])
  func everyNumberOfPanelsIsDrawn(cells: Int, thresholds: Int) throws {
    let gnuplot = try installedGnuplot()
    let groups = (0..<cells * thresholds).map {
      group(
        "cell \($0 / thresholds)", "norm:\($0 % thresholds)", solved: $0 % 6,
        median: $0 % 2 == 0 ? nil : .nan, clippedFraction: $0 % 3 == 0 ? nil : .infinity)
    }
    let figure = ClipFigure(title: "t", subtitle: "s", groups: groups, comparedName: "window")
    try withFolder { folder in
      try figure.write(to: folder, name: "clip", gnuplot: gnuplot)
      let svg = try text("\(folder)/clip.svg")
      #expect((0..<cells).allSatisfy { svg.contains("cell \($0)<") })
    }
  }
}
