import Foundation
import Testing

@testable import UnrollFigures

struct SweepFigureTests {
  private func group(_ values: [String], solved: Double? = 0.5, loss: Double = 0.1)
    -> SweepFigureGroup
  {
    SweepFigureGroup(
      values: values, solved: solved.map { ($0, $0 / 2, 1) }, loss: (loss, loss / 2, loss * 2))
  }

  private func makeFigure(
    _ options: [String], _ groups: [SweepFigureGroup], meanNorm: Double? = nil
  )
    -> SweepFigure?
  {
    SweepFigure(
      title: "t", subtitle: "s", options: options, groups: groups, lossName: "test loss",
      baseline: 0.2, meanNorm: meanNorm)
  }

  /// Thresholds lie on the logarithm of τ, and none apart at the right.
  @Test func numbersLieOnANumericAxis() throws {
    let axis = try #require(SweepAxis(["none", "norm:0.1", "norm:1", "norm:10"]))
    #expect(axis.isLogarithmic)
    #expect(["norm:0.1", "norm:1", "norm:10"].map(axis.place) == [-1, 0, 1])
    let none = try #require(axis.place("none"))
    #expect(none > 1 && axis.isApart("none") && !axis.isApart("norm:10"))
    #expect(axis.axis.tics.map(\.label) == ["0.1", "1", "10", "none"])
    let even = try #require(SweepAxis(["1", "2", "3"]))
    #expect(!even.isLogarithmic && even.place("3") == 3)
  }

  @Test(arguments: [
    ["rnn", "lstm"], ["norm:1", "value:2"], ["norm:1", "norm:2x"], ["5"], ["5:10", "5:20", "10"],
    ["1", "2", "a"],
  ])
  func otherValuesDoNot(values: [String]) { #expect(SweepAxis(values) == nil) }

  @Test func theOptionWithMostNumbersIsAcross() throws {
    let groups = ["4", "8"].flatMap { hidden in
      ["0.1", "1", "10"].map { group([hidden, $0, "rnn"]) }
    }
    let figure = try #require(makeFigure(["hidden", "learning-rate", "cell"], groups))
    let script = figure.script(name: "sweep")
    #expect(script.contains("set xlabel 'learning-rate'"))
    // A line for each of the others that vary.
    #expect(script.contains("title 'hidden 4'") && script.contains("title 'hidden 8'"))
    #expect(!script.contains("cell rnn"))
  }

  @Test func aValueApartIsNotJoined() throws {
    let groups = ["none", "norm:0.1", "norm:1"].map { group([$0]) }
    let data = try #require(makeFigure(["clip"], groups)).drawing.data[0].rows
    #expect(data.map(\.count) == [7, 7, 0, 7])
  }

  @Test func withoutACriterionThereIsNoShare() throws {
    let groups = ["1", "2"].map { group([$0], solved: nil) }
    let script = try #require(makeFigure(["hidden"], groups)).script(name: "sweep")
    #expect(!script.contains("solved the task"))
    #expect(makeFigure(["cell"], [group(["rnn"]), group(["lstm"])]) == nil)
  }

  @Test func thresholdsAreShownInMeanNormsToo() throws {
    let groups = ["norm:0.1", "norm:1", "norm:10"].map { group([$0]) }
    let script = try #require(makeFigure(["clip"], groups, meanNorm: 0.5)).script(name: "sweep")
    #expect(script.contains("set x2tics") && script.contains("'1x'"))
    let plain = try #require(makeFigure(["clip"], groups)).script(name: "sweep")
    #expect(!plain.contains("x2tics"))
  }

  @Test func aMapHasAFieldForEachSetting() {
    let groups = ["1", "2"].flatMap { x in ["3", "4"].map { group([x, $0]) } }
    var diverged = groups
    diverged[3].loss = (.infinity, .infinity, .infinity)
    let script = SweepMapFigure(
      title: "t", subtitle: "s", options: ("batch", "hidden"), groups: diverged,
      lossName: "test loss"
    ).script(name: "sweep")
    #expect(script.components(separatedBy: "'50%'").count == 5)
    #expect(script.contains("'diverged' noenhanced at first 1,1"))
    #expect(script.contains("set xlabel 'batch'") && script.contains("set ylabel 'hidden'"))
    #expect(script.contains("set label 1 't'"))
  }

  /// A loss of exactly 0 is no divergence.
  @Test func aLossOfZeroIsShown() {
    var groups = ["1", "2"].flatMap { x in ["3", "4"].map { group([x, $0]) } }
    groups[0].loss = (0, 0, 0)
    let script = SweepMapFigure(
      title: "t", subtitle: "s", options: ("batch", "hidden"), groups: groups,
      lossName: "test loss"
    ).script(name: "sweep")
    #expect(!script.contains("diverged") && script.contains("'0.000' noenhanced at first 0,0"))
  }

  /// Values of an option may hold what gnuplot takes for markup or formats.
  @Test func categoriesAreShownAsTheyAre() throws {
    let groups = ["a_1%.txt", "b^2.txt"].map { group([$0], solved: nil) }
    let figure = try #require(
      SweepFigure(
        title: "t", subtitle: "s", options: ["file"], groups: groups, lossName: "test loss",
        baseline: nil, isCategorical: true))
    let script = figure.script(name: "sweep")
    #expect(script.contains("set xtics ('a_1%%.txt' 0 0, 'b^2.txt' 1 0) noenhanced"))
  }
}
