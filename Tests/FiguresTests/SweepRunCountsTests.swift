import Foundation
import Testing

@testable import UnrollFigures

/// The marks of settings that lack runs, have other seeds, or runs that diverged.
struct SweepRunCountsTests: SweepGroups {
  /// A setting with fewer runs than others says so.
  @Test func fewerRunsAreMarked() {
    let groups = [group(["1"]), group(["2"], runs: 3), group(["4"])]
    let script = makeFigure(["hidden"], groups).script(name: "sweep")
    #expect(script.contains("'n 3' at first 2,0.5") && !script.contains("'n 5'"))
    #expect(script.contains("n: runs, where not of all 5 seeds"))
    #expect(!makeFigure(["hidden"], [groups[0], groups[2]]).script(name: "s").contains("n: runs"))
    let map = SweepMapFigure(
      title: "t", subtitle: "s", options: ("batch", "hidden"),
      groups: [group(["1", "3"]), group(["1", "4"], runs: 2)], lossName: "test loss"
    ).script(name: "sweep")
    #expect(map.contains("'n 2' at first 0,1") && map.contains("n: runs, where not of all 5 seeds"))
  }

  /// Equally many runs of other seeds are marked as fewer runs are.
  @Test func otherSeedsAreMarked() {
    let script = makeFigure(["hidden"], [group(["1"]), group(["2"], from: 6)]).script(name: "s")
    #expect(script.contains("'n 5' at first 1,0.5") && script.contains("'n 5' at first 2,0.5"))
    #expect(script.contains("n: runs, where not of all 10 seeds"))
  }

  /// Where so many runs diverged that there is no median, how many is said in the color of their line.
  @Test func divergedRunsAreCounted() {
    let groups = ["rnn", "lstm"].flatMap { cell in
      ["1", "2"].map { value in
        let isBad = value == "1" || cell == "lstm"
        return group(
          [cell, value], diverged: isBad ? cell == "rnn" ? 3 : 4 : 0, loss: isBad ? .infinity : 0.1)
      }
    }
    let script = makeFigure(["cell", "hidden"], groups).script(name: "sweep")
    let marks = script.split(separator: "\n").filter { $0.contains("diverged'") }
    #expect(marks.count == 3)
    for (mark, (count, place, color)) in zip(
      marks,
      [
        (3, "0.99", Palette.series[0]), (4, "1.009", Palette.series[1]),
        (4, "2,", Palette.series[1]),
      ])
    {
      #expect(mark.contains("'\(count) of 5 runs diverged' at first \(place)"), "\(mark)")
      #expect(mark.contains("textcolor rgb '\(color)'"), "\(mark)")
    }
  }

  /// Where there is no room for a mark of each line, one counts the runs of all.
  @Test func divergedRunsOfManyLinesAreCountedTogether() {
    let groups = (1...6).flatMap { line in
      (1...20).map { group(["c\(line)", "\($0)"], diverged: 4, loss: .infinity) }
    }
    let script = makeFigure(["cell", "hidden"], groups).script(name: "sweep")
    #expect(script.components(separatedBy: "'24 of 30 runs diverged'").count == 21)
  }

  /// The marks of runs with the left end and the middle of each, in pixels of the plot of shares.
  private func marks(_ figure: SweepFigure) -> [(text: String, x: Double, y: Double)] {
    let axis = figure.layout.axis.axis
    return figure.script(name: "sweep").matches(
      of: /'(n \d+)' at first ([-\d.e]+),([-\d.e]+) (left|right) offset ([-\d.]+),([-\d.]+)/
    ).map { match in
      let (x, y) = (Double(match.2) ?? .nan, Double(match.3) ?? .nan)
      let (across, up) = (Double(match.5) ?? .nan, Double(match.6) ?? .nan)
      return (
        text: String(match.1),
        x: (x - axis.low) / (axis.high - axis.low) * 785 + across * 7
          - (match.4 == "right" ? 18 : 0),
        y: y / 1.08 * 140 + up * 14
      )
    }
  }

  /// Lines that meet have marks beside one another: none is drawn over another, and equal ones stand once.
  @Test func marksOfRunsDoNotCover() {
    func figure(_ runs: [Int]) -> SweepFigure {
      let groups = ["1", "2", "4"].flatMap { x in
        zip(["a", "b", "c"], runs).map { group([$0, x], runs: x == "2" ? $1 : 9) }
      }
      return makeFigure(["file", "hidden"], groups)
    }
    #expect(marks(figure([6, 6, 6])).map(\.text) == ["n 6"])
    let found = marks(figure([6, 7, 8]))
    #expect(found.map(\.text) == ["n 6", "n 7", "n 8"])
    for (place, one) in found.enumerated() {
      for other in found[..<place] {
        let isApart = abs(one.y - other.y) >= 10 || abs(one.x - other.x) >= 18
        #expect(isApart, "\(one) \(other)")
      }
    }
  }

  /// At an edge of the plot a mark stands on the side that has room.
  @Test func marksOfRunsStayInThePlot() {
    let axis = Axis(low: 0, high: 1, tics: [])
    var marks = RunCountMarks(x: axis, y: axis, width: 100, height: 100)
    #expect(marks.place("n 3", x: 0.5, y: 0.5) == "left offset 0.6,0.5")
    #expect(marks.place("n 3", x: 0.5, y: 1) == "left offset 0.6,-0.5")
    #expect(marks.place("n 3", x: 0.5, y: 0) == "left offset 0.6,0.5")
    // Near an equal one nothing more is said, and another goes elsewhere.
    #expect(marks.place("n 3", x: 0.5, y: 0.51) == nil)
    #expect(marks.place("n 4", x: 0.5, y: 0.51) == "left offset 0.6,-0.5")
    #expect(marks.place("n 5", x: 0.5, y: 0.51) == "right offset -0.6,0.5")
    #expect(marks.place("n 6", x: 1, y: 0.2) == "right offset -0.6,0.5")
  }
}
