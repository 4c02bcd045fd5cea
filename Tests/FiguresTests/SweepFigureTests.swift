import Foundation
import Testing

@testable import UnrollFigures

/// Lines, bars and panels of a sweep's figure.
struct SweepFigureTests: SweepGroups {
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

  /// A rule stands in the axis' name only where values lie by their numbers.
  @Test func aRuleIsNamedForNumbers() {
    func name(_ option: String, _ values: [String]) -> String {
      makeFigure([option], values.map { group([$0]) }).axisName
    }
    #expect(name("clip", ["norm:0.1", "norm:1", "none"]) == "clip norm:τ")
    #expect(name("init", ["identity:0.5", "identity:1"]) == "init identity:…")
    #expect(name("init", ["identity:1", "orthogonal"]) == "init")
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

  @Test func thresholdsAreShownInMeanNormsToo() {
    let groups = ["norm:0.1", "norm:1", "norm:10"].map { group([$0]) }
    let script = makeFigure(["clip"], groups, meanNorm: 0.5).script(name: "sweep")
    #expect(script.contains("set x2tics") && script.contains("'1x'"))
    let plain = makeFigure(["clip"], groups).script(name: "sweep")
    #expect(!plain.contains("x2tics"))
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
