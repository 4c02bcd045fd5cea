import Foundation
import Testing

@testable import UnrollFigures

struct PanelsFigureTests {
  private let figure = PanelsFigure(
    title: "title", subtitle: "subtitle",
    panels: [
      .init(
        title: "a", plainTitle: "a", across: "layer",
        lines: [
          .init(label: "one", finding: "found", values: [1, 0.1, 0, -1, .nan, .infinity]),
          .init(label: "two", values: [0, 0]),
        ]),
      .init(
        title: "b", plainTitle: "b", across: "x", isCounted: false, isLogarithmic: false,
        lines: [.init(label: "one", points: [(-1, -2), (1, 3)])]),
    ])

  @Test func aLogarithmicPanelLeavesOutWhatItCannotShow() {
    let rows = figure.drawing.data[0].rows
    #expect(rows.map { $0[0] } == [1, 2, 3, 4, 5, 6])
    #expect(rows[0][1] == 0 && abs(rows[1][1] + 1) < 1e-15)
    #expect(rows[2...].allSatisfy { $0[1].isNaN })
    #expect(figure.drawing.data[4].rows.map { Array($0[..<2]) } == [[-1, -2], [1, 3]])
    // A 0 stands apart, below all others.
    let zeros = figure.drawing.data[2].rows
    #expect(zeros.filter { $0[1].isFinite }.map { $0[0] } == [3])
    #expect(zeros[2][1] < -1)
  }

  @Test func eachLabelStandsOnceInTheKey() {
    #expect(
      figure.terminalKey == [
        .init(mark: "*", name: "one", finding: "found"), .init(mark: "o", name: "two"),
      ])
    let titles = figure.drawing.commands.joined(separator: "\n").components(separatedBy: " title ")
    #expect(titles.count == 3)
  }

  /// 0.5 is the lower end of the axis, whose logarithm need not be that of the point to the last digit.
  @Test func aPointAtTheEndOfAnAxisIsDrawn() throws {
    let panel = PanelsFigure.Panel(
      title: "a", plainTitle: "a", across: "layer",
      lines: [.init(label: "one", values: [4, 2, 1, 0.5])])
    let drawing = PanelsFigure(title: "t", subtitle: "s", panels: [panel]).drawing
    let range = try #require(drawing.commands.first { $0.hasPrefix("set yrange") })
    let match = try #require(range.firstMatch(of: /\[(.*):/))
    #expect(try #require(Double(match.output.1)) < drawing.data[0].rows[3][1])
  }

  /// A companion shares a label's color and its entry of the key; a page names it. A terminal would draw it with
  /// the mark of the line that it belongs to.
  @Test(arguments: [Chart.Mark.faint, .points])
  func aTerminalLeavesCompanionsOut(mark: Chart.Mark) {
    var figure = figure
    var companion = PanelsFigure.Line(
      label: "one", points: [.init(x: 1, y: 0.5), .init(x: 2, y: 0.4)], mark: mark)
    companion.name = "f of one"
    figure.panels[0].lines.insert(companion, at: 0)
    figure.panels[0].terminalTitle = "lines alone"
    #expect(figure.terminalTitle == "lines alone against layer")
    #expect(figure.terminalKey == self.figure.terminalKey)
    #expect(
      figure.terminalDrawing(columns: 70, rows: 20).data.count
        == self.figure.terminalDrawing(columns: 70, rows: 20).data.count)
    let curves = figure.charts[0].curves
    #expect(curves[0].name == "f of one" && curves[0].color == curves[1].color)
  }

  /// A line that goes beyond the ceiling does not decide the axis; an arrow says how far it goes.
  @Test func aCeilingLeavesRoomForTheOthers() throws {
    func figure(ceiling: Double?) -> PanelsFigure {
      PanelsFigure(
        title: "t", subtitle: "s",
        panels: [
          .init(
            title: "loss", plainTitle: "loss", across: "update",
            lines: [
              .init(label: "calm", values: [0.7, 0.6, 0.65]),
              .init(label: "wild", values: [0.7, 1e30, .infinity]),
            ], ceiling: ceiling)
        ])
    }
    func high(_ figure: PanelsFigure) throws -> Double {
      let range = figure.drawing.commands.first { $0.hasPrefix("set yrange") } ?? ""
      let match = try #require(range.firstMatch(of: /:(.*)\]/))
      return try #require(Double(match.output.1))
    }
    let capped = figure(ceiling: 0.8)
    #expect(try abs(high(figure(ceiling: nil)) - 30) < 1e-6 && high(capped) < 1)
    let commands = capped.drawing.commands
    #expect(commands.contains { $0.contains("'wild → 1e+30'") })
    #expect(commands.count { $0.hasPrefix("set arrow") } == 1)
    #expect(!figure(ceiling: nil).drawing.commands.contains { $0.hasPrefix("set arrow") })
    // On a page the line leaves the plot there, and the key says how far it goes.
    let chart = try #require(capped.charts.first)
    let curves = chart.curves
    #expect(chart.upright.ceiling == 0.8 && curves[1].points[1].y == 1e30)
    #expect(curves[1].finding == "up to 1e+30" && curves[0].finding.isEmpty)
    #expect(figure(ceiling: nil).charts[0].curves[1].points[1].y == 1e30)
    // On a terminal its mark stands at the top, and the key says the same.
    let plain = capped.terminalDrawing(columns: 70, rows: 20)
    let places = plain.data[1].rows.map { $0[1] }
    #expect(places[0] == log10(0.7) && places[1] > places[0] && places[1] < log10(10))
    #expect(capped.terminalKey.map(\.finding) == ["", "up to 1e+30"])
    let gnuplot = try installedGnuplot()
    try withFolder { try capped.write(to: $0, name: "depth", gnuplot: gnuplot) }
  }

  /// The arrow stands at the value that it names, not where the line to it leaves the plot, right above 1.
  @Test func anArrowStandsAtTheLargestValue() throws {
    var panel = PanelsFigure.Panel(
      title: "loss", plainTitle: "loss", across: "rate",
      lines: [.init(label: "wild", points: [(x: 0.1, y: 0.6), (x: 1, y: 0.7), (x: 10, y: 1e30)])],
      ceiling: 0.8)
    panel.isLogarithmicAcross = true
    let commands = PanelsFigure(title: "t", subtitle: "s", panels: [panel]).drawing.commands
    let arrow = try #require(commands.first { $0.hasPrefix("set arrow") })
    let place = try #require(arrow.firstMatch(of: /from first ([-0-9.e]+),/))
    #expect(try #require(Double(place.output.1)) == 1)
  }

  @Test func gnuplotDrawsItEvenWhenNothingCanBeShown() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/depth-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try figure.write(to: folder, name: "depth").count == 3)
    var empty = figure
    empty.panels = [.init(title: "a", plainTitle: "a", across: "x", lines: [])]
    #expect(try empty.write(to: folder, name: "empty").count == 3)
    #expect(empty.terminalPlot() != nil)
  }

  @Test func marksOnTheTerminalStayOffTheAxes() throws {
    let line = PanelsFigure.Line(label: "η · 1.5²", values: [1, 1e-4])
    let plot = try #require(
      PanelsFigure(
        title: "", subtitle: "",
        panels: [.init(title: "a", plainTitle: "‖a‖", across: "layer", lines: [line])]
      ).terminalPlot(columns: 60, rows: 12))
    // The first mark right of the axis, the last above it, and one in the key.
    #expect(plot.filter { $0 == "*" }.count == 4)
    #expect(plot.hasPrefix("     |a| against layer\n"))
    #expect(plot.hasSuffix("\n  *  eta * 1.5^2\n"))
  }

  /// A single place on a line would be lost in it: the line's mark is drawn first, whatever the turns.
  @Test func aPointOnALineIsSeenOnTheTerminal() throws {
    let line = (0...200).map { (x: Double($0), y: 1.0 + Double($0 % 2)) }
    for place in [0.0, 63, 100, 200] {
      let plot = try #require(
        PanelsFigure(
          title: "t", subtitle: "",
          panels: [
            .init(
              title: "y", plainTitle: "y", across: "x", isLogarithmic: false,
              lines: [
                .init(label: "line", points: line),
                PanelsFigure.Line(
                  label: "place", points: [Chart.Point(x: place, y: 1)], mark: .points),
              ])
          ]
        ).terminalPlot(columns: 60, rows: 12))
      let marks = plot.split(separator: "\n").prefix { !$0.hasPrefix("  *") }.joined()
      #expect(marks.contains("o"), "\(plot)")
    }
  }

  /// What stands in brackets behind the horizontal axis's name goes before a title is cut.
  @Test(arguments: [60, 79]) func aLongTitleOnTheTerminalLosesItsBrackets(columns: Int) throws {
    func title(_ panel: String) throws -> String {
      let plot = try #require(
        PanelsFigure(
          title: "t", subtitle: "",
          panels: [
            .init(title: panel, plainTitle: panel, across: "layer i (input left)", lines: [])
          ]
        ).terminalPlot(columns: columns, rows: 12))
      return plot.prefix { $0 != "\n" }.trimmingCharacters(in: .whitespaces)
    }
    #expect(try title("Gradient") == "Gradient against layer i (input left)")
    let long = String(repeating: "x", count: columns - 29)
    #expect(try title(long) == "\(long) against layer i")
  }

  /// gnuplot draws an area to an infinite end across the whole plot: a range ends with the axis.
  @Test func rangesEndWithTheAxis() {
    let points: [Chart.Point] = [
      .init(x: 1, y: 1, low: 0.5, high: .infinity), .init(x: 2, y: .infinity, low: 2, high: 1e9),
      .init(x: 3, y: 1, low: .infinity, high: .infinity), .init(x: 4, y: 1, low: 0.5, high: 2),
    ]
    let figure = PanelsFigure(
      title: "t", subtitle: "s",
      panels: [
        .init(
          title: "loss", plainTitle: "loss", across: "update",
          lines: [.init(label: "wild", points: points)], ceiling: 10)
      ])
    let rows = figure.drawing.data[0].rows
    #expect(rows[0][3] == rows[1][3] && (1..<2).contains(rows[0][3]))
    #expect(rows[2][2].isNaN && rows[2][3].isNaN)
    #expect(rows[3][2...].map { ($0 * 1000).rounded() } == [-301, 301])
  }
}
