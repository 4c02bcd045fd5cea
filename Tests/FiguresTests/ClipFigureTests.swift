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
          + "0 0 5 0 0.5 0.25\n\n1 1 4 0 0.5 0.25\nEOD"))
    #expect(
      script.contains("\n0 0 0 0 NaN NaN\n\n1 5 0 0 NaN NaN\nEOD"), "no run of lstm under none")
    #expect(script.contains("'12,250' at first 1") && script.contains("'5,250' at first 1"))
    #expect(script.components(separatedBy: "set xtics ('none' 0, 'norm:1' 1)").count == 3)
    #expect(script.components(separatedBy: "set label 5 'clipping threshold'").count == 2)
  }

  /// Where nothing can be solved, nothing is said of it.
  @Test func withoutACriterionRunsHaveFinished() {
    var groups = [group("rnn", "none", solved: 0), group("rnn", "norm:1", solved: 0)]
    for index in groups.indices { groups[index].solved = nil }
    let script = ClipFigure(title: "t", subtitle: "s", groups: groups).script(name: "clip")
    #expect(script.contains("title 'finished'") && script.contains("title 'diverged'"))
    #expect(!script.contains("title 'solved'") && !script.contains("unsolved'"))
    #expect(!script.contains("median updates") && !script.contains("–"))
    let solvable = ClipFigure(title: "t", subtitle: "s", groups: [group("rnn", "none", solved: 0)])
    #expect(solvable.script(name: "clip").contains("title 'solved'"))
  }

  /// Neighbors of one rule, in ascending order of its number: a blank line parts all others.
  @Test(arguments: [
    (["none", "norm:0.1", "norm:1", "value:0.1", "value:1"], [[0], [1, 2], [3, 4]]),
    (["norm:1", "norm:0.1", "norm:0.5x", "norm:2x"], [[0], [1], [2, 3]]),
    (["full", "5", "20", "5:20", "5:30"], [[0], [1, 2], [3, 4]]),
  ])
  func linesJoinNeighborsOfOneRule(thresholds: [String], joined: [[Double]]) {
    let figure = ClipFigure(
      title: "t", subtitle: "s", groups: thresholds.map { group("rnn", $0, solved: 1) })
    let pieces = figure.drawing.data[0].rows.split(whereSeparator: \.isEmpty)
    #expect(pieces.map { $0.map { $0[0] } } == joined)
  }

  /// The labels below the bars, and what stands above them, have room: slanted text needs that of a
  /// line.
  @Test(arguments: [3, 10, 12, 18, 30], [true, false])
  func labelsHaveRoom(count: Int, isMixed: Bool) {
    let rules = isMixed ? ["norm", "value", "tensor", "agc"] : ["norm"]
    let thresholds = (0..<count).map { "\(rules[$0 % rules.count]):0.0\($0)" }
    let columns = ClipColumns(thresholds, notes: ["12,250", "–"], name: "clipping threshold")
    let slot = Double(columns.width / count)
    #expect(slot > TextWidth.pixels("12,250"))
    let commands = columns.commands.joined(separator: "\n")
    let labels = commands.matches(of: /'([^']*)' \d+/).map { String($0.output.1) }
    #expect(labels.count == count && Set(labels).count == count && !commands.contains("…"))
    let isSlanted = commands.contains("rotate by 40 right")
    #expect(labels.allSatisfy { TextWidth.pixels($0) * (isSlanted ? 0.2 : 1) < slot })
    // A prefix that all share is left out where they would touch, and said below.
    #expect((labels[0] == "0.00") == columns.title.hasSuffix("(a bare number is norm:)"))
    #expect((labels[0] == "0.00") == (count > 10 && !isMixed))
    #expect(isSlanted ? slot * sin(40 * .pi / 180) > 12 : count <= 12 || !isMixed)
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
