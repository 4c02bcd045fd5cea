import Foundation
import Testing

@testable import UnrollFigures

struct SweepFigureTests {
  private func group(
    _ values: [String], runs: Int = 5, from seed: Int = 1, diverged: Int = 0,
    solved: Double? = 0.5, loss: Double = 0.1
  ) -> SweepFigureGroup {
    SweepFigureGroup(
      values: values, seeds: seed..<seed + runs, diverged: diverged,
      solved: solved.map { ($0, $0 / 2, 1) },
      loss: (loss, loss / 2, loss * 2))
  }

  private func makeFigure(
    _ options: [String], _ groups: [SweepFigureGroup], meanNorm: Double? = nil
  ) -> SweepFigure {
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

  @Test func theOptionWithMostNumbersIsAcross() {
    let groups = ["4", "8"].flatMap { hidden in
      ["0.1", "1", "10"].map { group([hidden, $0, "rnn"]) }
    }
    let figure = makeFigure(["hidden", "learning-rate", "cell"], groups)
    let script = figure.script(name: "sweep")
    #expect(script.contains("set xlabel 'learning-rate'"))
    // A line for each of the others that vary.
    #expect(script.contains("title 'hidden 4'") && script.contains("title 'hidden 8'"))
    #expect(!script.contains("cell rnn"))
  }

  /// However many lines stand beside one another, values stay in their order.
  @Test func linesBesideOneAnotherKeepTheOrderOfValues() {
    let rates = ["0.025", "10", "1", "0.1", "0.02"]
    let groups = rates.enumerated().map { group([$1, "cell\($0)"]) }
    let rows = makeFigure(["learning-rate", "cell"], groups).drawing.data.flatMap(\.rows)
    let places = Dictionary(zip(rates, rows.map { $0[0] })) { first, _ in first }
    #expect(rows.count == rates.count)
    let sorted = rates.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }.compactMap { places[$0] }
    #expect(sorted == sorted.sorted())
  }

  @Test func aValueApartIsNotJoined() {
    let groups = ["none", "norm:0.1", "norm:1"].map { group([$0]) }
    let data = makeFigure(["clip"], groups).drawing.data[0].rows
    #expect(data.map(\.count) == [7, 7, 0, 7])
  }

  @Test func withoutACriterionThereIsNoShare() {
    let groups = ["1", "2"].map { group([$0], solved: nil) }
    let script = makeFigure(["hidden"], groups).script(name: "sweep")
    #expect(!script.contains("solved the task"))
  }

  /// Thresholds of several rules have no common axis: they stand side by side, with the share as bars
  /// and the loss below, as in other figures.
  @Test func valuesOfSeveralKindsStandSideBySide() {
    let groups = ["norm:1", "norm:2x", "none"].map { group([$0]) }
    let figure = makeFigure(["clip"], groups)
    #expect(figure.layout.isCategorical)
    let script = figure.script(name: "sweep")
    #expect(script.contains("set xtics ('norm:1' 0 0, 'norm:2x' 1 0, 'none' 2 0) noenhanced"))
    #expect(script.contains("boxxyerror") && script.contains("'test loss'"))
    #expect(script.contains("set xlabel 'clip'"))
    // Rows of values side by side are not joined: place, share, interval, loss, quartiles.
    #expect(
      figure.drawing.data[0].rows
        == [0, 1, 2].flatMap { [[], [$0, 0.5, 0.25, 1, 0.1, 0.05, 0.2]] })
  }

  /// Slanted labels stand below the lower plot alone: they would reach into it from above.
  @Test func longValuesStandBelow() {
    func labels(_ values: [String]) -> Int {
      makeFigure(["cell"], values.map { group([$0]) }).script(name: "sweep")
        .components(separatedBy: "'\(values[0])' 0 0").count - 1
    }
    #expect(labels(["rnn", "lstm"]) == 2)
    #expect(labels((0..<12).map { "lstm/forget-bias=\($0)" }) == 1)
  }

  /// The level of one panel's loss is gone before the next panel's share is drawn.
  @Test func everyPanelHasOneBaseline() {
    let figure = makeFigure(
      ["cell", "clip", "layers", "learning-rate"],
      combinations([["rnn", "lstm"], ["none", "a"], ["x", "y", "z", "w"], ["0.1", "1"]]))
    let commands = figure.drawing.commands
    var (arrows, shown) = (0, [Int]())
    for command in commands {
      if command.hasPrefix("set arrow") { arrows += 1 }
      if command.contains("unset arrow") { arrows = 0 }
      if command.hasPrefix("plot ") { shown.append(arrows) }
    }
    // A share and a loss each.
    #expect(shown.count >= 4 && zip(shown.indices, shown).allSatisfy { $0 % 2 == $1 }, "\(shown)")
  }

  /// What diverged has no color, and does not take the scale from what did not.
  @Test func divergedFieldsHaveNoColor() throws {
    let numbers = ["1", "2", "3"]
    var groups = combinations([numbers, numbers])
    groups[4].loss = (.infinity, 0.1, .infinity)
    groups[8].loss = (.infinity, .infinity, .infinity)
    let drawing = SweepMapFigure(
      title: "t", subtitle: "s", options: ("a", "b"), groups: groups, lossName: "test loss"
    ).drawing
    let losses = try #require(drawing.data.last)
    #expect(losses.rows.count == 7)
    let script = drawing.commands.joined(separator: "\n")
    #expect(script.components(separatedBy: "set label 'diverged'").count - 1 == 2)
    // All others have a loss of 0.1.
    #expect(script.contains("set cbrange [1:1.000000001]"), "\(script)")
  }

  /// On the linear axis that a loss of 0 makes, it has a place.
  @Test func aLossOfZeroIsOnTheAxis() {
    let axis = makeFigure(["hidden"], [group(["1"], loss: 0), group(["2"], loss: 0.5)])
      .lossAxis(tics: 6)
    #expect(axis.low <= 0 && axis.high >= 0.5)
  }

  /// A blank in a grid has a name, as in the key.
  @Test func aBlankIsNamed() {
    let script = makeFigure(["optimizer"], [group([""]), group(["adam"])]).script(name: "sweep")
    #expect(script.contains("'default' 0 0") && script.contains("'adam' 1 0"))
  }

  @Test func aSweepOverSeedsAloneIsDrawn() {
    let script = makeFigure([], [group([])]).script(name: "sweep")
    #expect(script.contains("'all runs' 0 0"))
  }

  /// Whatever the order in which options are given, that with most numbers is on the axis; of equals
  /// the first; where none has numbers, that with most values.
  @Test(arguments: [
    (["hidden", "learning-rate"], ["4,8", "0.1,1,10"], 1),
    (["learning-rate", "hidden"], ["0.1,1,10", "4,8"], 0),
    (["layers", "hidden"], ["1,2", "4,8"], 0), (["hidden", "layers"], ["4,8", "1,2"], 0),
    (["cell", "layers"], ["rnn,lstm,gru", "1,2"], 1),
    (["cell", "optimizer"], ["rnn,lstm", "sgd,adam,adamw"], 1),
  ])
  func theAxisDoesNotDependOnTheOrder(options: [String], values: [String], across: Int) {
    let lists = values.map { $0.components(separatedBy: ",") }
    let groups = lists[0].flatMap { first in lists[1].map { group([first, $0]) } }
    #expect(makeFigure(options, groups).layout.across == across)
  }

  private func combinations(_ lists: [[String]]) -> [SweepFigureGroup] {
    lists.reduce([[]]) { settings, list in settings.flatMap { last in list.map { last + [$0] } } }
      .map { group($0) }
  }

  /// Up to six lines share a plot. More are parted by the first option that is not on the axis, then by
  /// the first two, as long as there are at most 24 panels.
  @Test func manyLinesArePartedIntoPanels() {
    let rates = ["0.1", "1", "10"]
    func layout(_ lists: [[String]]) -> SweepLayout {
      SweepLayout(combinations(lists), options: lists.count)
    }
    let cells = ["rnn", "lstm", "gru"]
    let six = layout([cells, ["1", "2"], rates])
    #expect(six.across == 2 && six.panelOptions == [] && six.lineOptions == [0, 1])
    let eighteen = layout([cells, ["sgd", "adam", "rmsprop"], ["1", "2"], rates])
    #expect(
      eighteen.across == 3 && eighteen.panelOptions == [0] && eighteen.lineOptions == [1, 2])
    let many = layout([cells, ["1", "2"], ["a", "b", "c", "d"], ["e", "f"], rates])
    #expect(many.panelOptions == [0, 1, 2] && many.lineOptions == [3])
    // Too many for panels: as many panels as fit.
    let values = (0..<30).map { "v\($0)" }
    let tooMany = layout([cells, values, rates])
    #expect(tooMany.panelOptions == [0] && tooMany.lineOptions == [1])
  }

  /// Panels have the same axes, and a line the same color in all of them, with one key.
  @Test func panelsShareAxesAndKey() throws {
    let groups = combinations([
      ["rnn", "lstm", "gru"], ["sgd", "adam", "rmsprop"], ["1", "2"], ["0.1", "1", "10"],
    ])
    let figure = makeFigure(["cell", "optimizer", "layers", "learning-rate"], groups)
    let drawing = figure.drawing
    // Six lines in each of three panels.
    #expect(drawing.data.filter { !$0.rows.isEmpty }.count == 18)
    let script = figure.script(name: "sweep")
    for cell in ["rnn", "lstm", "gru"] { #expect(script.contains("'cell \(cell)'")) }
    #expect(script.components(separatedBy: "title 'optimizer sgd, layers 1'").count == 2)
    let ranges = drawing.commands.filter { $0.hasPrefix("set yrange") && $0 != "set yrange [0:1]" }
    #expect(ranges.count == 6 && Set(ranges).count == 2)
    #expect(script.components(separatedBy: "'baseline'").count == 2)
    try withFolder { folder in
      _ = try figure.write(to: folder, name: "sweep", gnuplot: installedGnuplot())
    }
  }

  /// A key with hundreds of entries would be larger than the plots.
  @Test func aLongKeyEnds() {
    let groups = (0..<200).flatMap { place in ["1", "2"].map { group(["v\(place)", $0]) } }
    let script = makeFigure(["file", "hidden"], groups).script(name: "sweep")
    #expect(script.contains("title 'file v47'") && !script.contains("title 'file v48'"))
    #expect(script.contains("title 'and 152 more, in groups.csv'"))
  }

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

  /// Labels on a narrow axis do not touch, and long texts side by side are slanted.
  @Test func labelsLeaveRoomForOneAnother() throws {
    let axis = try #require(SweepAxis(["1", "2", "3", "4", "5", "6", "7", "8", "none"]))
    func labels(_ width: Int) -> Int {
      axis.commands(width: width)[1].components(separatedBy: " 0,").count
        + (axis.commands(width: width)[1].contains("'none'") ? 0 : 100)
    }
    #expect(labels(785) == 9 && labels(120) < 9)
    let texts = SweepAxis(categories: (0..<8).map { "a-long-category-\($0)" })
    #expect(texts.commands(width: 400)[1].hasSuffix("rotate by 40 right"))
    #expect(texts.labelRoom(width: 400) > 50 && texts.labelRoom(width: 2000) == 0)
  }

  @Test func thresholdsAreShownInMeanNormsToo() {
    let groups = ["norm:0.1", "norm:1", "norm:10"].map { group([$0]) }
    let script = makeFigure(["clip"], groups, meanNorm: 0.5).script(name: "sweep")
    #expect(script.contains("set x2tics") && script.contains("'1x'"))
    let plain = makeFigure(["clip"], groups).script(name: "sweep")
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

  /// Fields too small for numbers have none, and say what their colors mean.
  @Test func aLargeMapHasNoNumbers() {
    func script(_ count: Int) -> String {
      let values = (1...count).map(String.init)
      return SweepMapFigure(
        title: "t", subtitle: "s", options: ("batch", "hidden"),
        groups: values.flatMap { x in values.map { group([x, $0]) } }, lossName: "test loss"
      ).script(name: "sweep")
    }
    #expect(script(18).contains("'50%'") && !script(18).contains("darker"))
    #expect(!script(40).contains("'50%'") && script(40).contains("darker is better"))
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
  @Test func categoriesAreShownAsTheyAre() {
    let groups = ["a_1%.txt", "b^2.txt"].map { group([$0], solved: nil) }
    let figure = SweepFigure(
      title: "t", subtitle: "s", options: ["file"], groups: groups, lossName: "test loss",
      baseline: nil)
    let script = figure.script(name: "sweep")
    #expect(script.contains("set xtics ('a_1%%.txt' 0 0, 'b^2.txt' 1 0) noenhanced"))
  }
}

extension SweepFigureTests {
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
