import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollFigures

/// A plot of a page, as SVG and as data for the page's script.
@Suite struct ChartTests {
  private func chart(
    _ points: [Chart.Point], _ scale: CurvesFigure.Scale = .linear, mark: Chart.Mark = .line,
    levels: [(name: String, value: Double)] = []
  ) -> Chart {
    Chart(
      title: "title", across: .init("x", isWhole: true), upright: .init("y", scale),
      curves: [Chart.Curve(name: "one", points: points, mark: mark, color: 3, dashes: 1)],
      levels: levels)
  }

  /// The attribute `d` of the first path of this class.
  private func path(_ name: String, of svg: String) -> String? {
    svg.firstRange(of: "class=\"\(name)").flatMap { found in
      svg[found.upperBound...].firstRange(of: "d=\"").map { start in
        String(svg[start.upperBound...].prefix { $0 != "\"" })
      }
    }
  }

  /// Two points of a linear axis lie at its ends: x from 64 to 618, y from 316 up to 30.
  @Test func pointsLieWhereTheAxesSay() throws {
    let svg = chart([.init(x: 0, y: 0), .init(x: 10, y: 1)]).svg(id: "a")
    let line = try #require(path("stroke", of: svg))
    // The axis starts at 0 and has 0.04 of the range above: 316 − 286/1.04.
    #expect(line == "M64 316L618 41")
    #expect(svg.contains("clip-path=\"url(#a-clip)\"") && svg.contains("id=\"a-clip\""))
    #expect(svg.contains("class=\"curve line k3\"") && svg.contains("class=\"stroke d1\""))
    #expect(path("dots", of: svg) == "M64 316h0M618 41h0")
  }

  /// An axis that is called as the plot is has no name of its own beside it.
  @Test func theHeadingIsNotSaidTwice() {
    func svg(_ title: String) -> String {
      Chart(
        title: "y", across: .init("x"), upright: .init(title, .linear),
        curves: [.init(name: "one", points: [.init(x: 0, y: 1)], color: 0)]
      ).svg(id: "a")
    }
    #expect(svg("z").contains("aria-label=\"y: z of one\"") && svg("z").contains(">z</text>"))
    #expect(svg("y").contains("aria-label=\"y of one\"") && !svg("y").contains(">y</text>"))
  }

  @Test func whatTheAxisCannotShowIsAGap() throws {
    let values: [Double] = [1, 0, 10, .nan, 100, .infinity, -1, 10]
    let points = values.enumerated().map { Chart.Point(x: Double($0), y: $1) }
    let line = try #require(path("stroke", of: chart(points, .logarithmic).svg(id: "a")))
    #expect(line.filter { $0 == "M" }.count == 4 && !line.contains("L"))
    #expect(!line.contains("n"))
    let linear = try #require(path("stroke", of: chart(points).svg(id: "a")))
    #expect(linear.filter { $0 == "M" }.count == 3)
  }

  @Test func aPlotWithoutValuesSaysSo() {
    #expect(chart([.init(x: 0, y: 0)], .logarithmic).svg(id: "a").contains("nothing to draw"))
    #expect(chart([]).svg(id: "a").contains("nothing to draw"))
    #expect(!chart([.init(x: 0, y: 0)]).svg(id: "a").contains("nothing to draw"))
  }

  @Test func bandsAndBarsAreAreas() throws {
    let band = chart([
      .init(x: 0, y: 1, low: 0, high: 2), .init(x: 1, y: 1, low: 0, high: 2), .init(x: 2, y: 1),
    ])
    let area = try #require(path("area", of: band.svg(id: "a")))
    #expect(area.hasPrefix("M") && area.hasSuffix("Z") && area.filter { $0 == "L" }.count == 3)
    // A point alone has its range as a narrow bar.
    let alone = chart([
      .init(x: 0, y: 1, low: 0, high: 2), .init(x: 1, y: .nan), .init(x: 2, y: 1, low: 0, high: 2),
    ])
    let ranges = try #require(path("area", of: alone.svg(id: "a")))
    #expect(ranges.hasPrefix("M62 41L66 41L66 316L62 316Z"), "\(ranges)")
    #expect(ranges.filter { $0 == "Z" }.count == 2)
    let bars = chart(
      [.init(x: 0, y: 1, low: 0, high: 1), .init(x: 1, y: 0, low: 1, high: 1)], mark: .bar)
    // The second has no height.
    #expect(try #require(path("area", of: bars.svg(id: "a"))).filter { $0 == "Z" }.count == 1)
  }

  /// Charts that share a label share its color, and so do charts that are linked by a third one. Others begin
  /// with the first color.
  @Test func aLabelHasOneColorInAllCharts() {
    func labeled(_ labels: String...) -> Chart {
      Chart(
        title: "", across: .init("x"), upright: .init("y"),
        curves: .looking(labels.map { ($0, "", "", [Chart.Point(x: 0, y: 1)]) }))
    }
    let charts = [
      labeled("rnn", "lstm"), labeled("lag 1", "lag 2"), labeled("gru", "elman"),
      labeled("gru", "lstm"), chart([.init(x: 0, y: 0)]),
    ].withOneColorALabel
    let colors = charts.map { $0.curves.map(\.color) }
    #expect(colors == [[0, 1], [0, 1], [2, 3], [2, 1], [3]])
    #expect(charts[4].curves[0].dashes == 1)
  }

  @Test func levelsAreDrawnWithinTheAxis() {
    let points = [Chart.Point(x: 0, y: 1), .init(x: 1, y: 2)]
    let svg = chart(points, levels: [("near", 1.5), ("far", 99)]).svg(id: "a")
    #expect(svg.contains(">near</text>") && !svg.contains("far"))
  }

  @Test func textIsEscaped() {
    let name = "</text><script>\"'&"
    let chart = Chart(
      title: name, across: .init("x", categories: [name]), upright: .init("y"),
      curves: [.init(name: name, points: [.init(x: 0, y: 1)], color: 0)], levels: [(name, 1)])
    let svg = chart.svg(id: "a")
    #expect(!svg.contains("<script") && svg.contains("&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;"))
  }

  /// Of a long curve every point that is kept is one of the curve's, exactly, and the extremes are kept.
  @Test func longCurvesAreThinned() throws {
    var random = SeededNumbers(seed: 3)
    var points = (0..<50_000).map { Chart.Point(x: Double($0), y: random.uniform()) }
    points[12_345].y = 7
    let kept = chart(points).curves[0].points
    #expect(kept.count < 2000 && kept.allSatisfy { points[Int($0.x)] == $0 })
    #expect(kept.contains { $0.y == 7 })
  }

  /// Points are thinned by where they stand on the axis: on a logarithmic one all of the first decade stay.
  @Test func thinningGoesByTheAxis() {
    let points = (1...100_000).map { Chart.Point(x: Double($0), y: Double($0 * 7_919 % 1_000)) }
    let kept = Chart(
      title: "t", across: .init("x", .logarithmic), upright: .init("y"),
      curves: [Chart.Curve(name: "one", points: points, color: 0)]
    ).curves[0].points
    #expect(kept.prefix(10).map(\.x) == (1...10).map(Double.init))
    #expect(kept.count <= DataBlock.mostRows + 2 && kept.last?.x == 100_000)
  }

  @Test func theDataHaveEveryDigit() throws {
    let points: [Chart.Point] = [
      .init(x: 0, y: 0.1 + 0.2, low: 1e-300, high: .infinity), .init(x: 1, y: .nan),
    ]
    let data = chart(points, .logarithmic).data
    let curve = try #require(data["curves"]?.array?.first)
    #expect(curve["y"]?.array?.first?.double == 0.1 + 0.2)
    let parsed = try JSONValue(parsing: Data(data.encoded().utf8))
    #expect(parsed["curves"]?.array?.first?["y"] == [.number(0.1 + 0.2), .null])
    #expect(parsed["curves"]?.array?.first?["low"] == [1e-300, .null])
    #expect(parsed["y"]?["log"] == true && parsed["x"]?["whole"] == true)
  }

  /// A label has one color, a kind one sort of dashes; beyond the colors they begin again with other dashes.
  @Test func looksAreThoseOfOtherFigures() {
    let curves = [Chart.Curve].looking(
      (0..<10).flatMap { place in
        ["h", "c"].map { (label: "cell\(place)", kind: $0, finding: "", points: []) }
      })
    #expect(curves[0].color == 0 && curves[1].color == 0 && curves[2].color == 1)
    #expect(curves[0].dashes == 0 && curves[1].dashes == 1 && curves[3].dashes == 1)
    #expect(curves[16].color == 0 && curves[16].dashes == 2)
    #expect(Set(curves.map { [$0.color, $0.dashes] }).count == curves.count)
  }

  @Test func theStyleHasEveryColorAndDash() {
    let css = ChartStyle.css
    for (place, color) in Palette.series.enumerated() {
      #expect(css.contains(".k\(place){--c:\(color)}"))
    }
    #expect(Palette.series.count == Palette.seriesOnDark.count)
    for place in 1..<Palette.dashes.count { #expect(css.contains(".d\(place){stroke-dasharray:")) }
    #expect(css.contains(".d1{stroke-dasharray:7 4}") && css.contains("prefers-color-scheme:dark"))
  }

  @Test func markupBecomesTextAndSVG() {
    #expect(FigureMarkup.plain("10^{−12}") == "10⁻¹²")
    #expect(FigureMarkup.plain("||∂ℓ/∂h_{T−k}||") == "‖∂ℓ/∂h_T−k‖")
    #expect(FigureMarkup.svg("10^{−5} & g_K").hasPrefix("10⁻⁵ &amp; g<tspan dy=\"4\""))
    #expect(FigureMarkup.svg("x^{ab}").contains("dy=\"-4\""))
  }
}

/// The descriptions of figures as plots of a page.
@Suite struct FigureChartTests {
  @Test func decayCurvesKeepTheirNormsAndBands() {
    let figure = DecayFigure(
      curves: [
        .init(
          label: "rnn", path: "h", norms: [1, 0.5, 0], band: ([0.5, 0.2, 0], [2, 1, 0]),
          verdict: "exponential", rate: 0.5, halfLife: 1)
      ], subtitle: "sizes", levels: [("level", 0.7)])
    let chart = figure.chart
    #expect(
      chart.curves[0].name == "rnn h" && chart.curves[0].finding == "0.500/step, half-life 1.0")
    #expect(chart.curves[0].points.map(\.y) == [1, 0.5, 0])
    #expect(chart.curves[0].points[1].low == 0.2 && chart.curves[0].points[1].high == 1)
    #expect(chart.upright.scale == .logarithmic && chart.levels[0].value == 0.7)
  }

  @Test func aLongTrainingHasItsMeanInFront() {
    let steps = Array(1...500)
    let losses = steps.map { 1 / Double($0) }
    let figure = LossFigure(
      title: "t", subtitle: "", steps: steps, losses: losses, gradientNorms: losses,
      validations: [.init(step: 250, loss: 0.1)], baseline: .init(value: 0.3, name: "ones"),
      clipThreshold: 1)
    let charts = figure.charts
    #expect(charts.count == 2)
    #expect(charts[0].curves.map(\.mark) == [.faint, .line, .line])
    #expect(charts[0].curves[0].points.map(\.y) == losses)
    #expect(charts[0].levels.map(\.name) == ["baseline: ones"])
    #expect(charts[1].levels.map(\.name) == ["clipped above 1"])
  }

  @Test func clippedRunsAreBarsThatReachOne() throws {
    let figure = ClipFigure(
      title: "t", subtitle: "",
      groups: [
        .init(
          cell: "rnn", threshold: "none", solved: 1, unsolved: 2, diverged: 1, clippedFraction: 0,
          medianUpdatesToSolve: nil),
        .init(
          cell: "rnn", threshold: "norm:1", solved: 4, unsolved: 0, diverged: 0,
          clippedFraction: 0.25, medianUpdatesToSolve: 9),
      ])
    let chart = try #require(figure.charts.first)
    #expect(chart.across.values?.ofValues.tics.map(\.label) == ["none", "norm:1"])
    #expect(chart.curves.map(\.name) == ["solved", "unsolved", "diverged", "clipped fraction"])
    #expect(chart.curves[0].points.map(\.y) == [0.25, 1])
    #expect(chart.curves[1].points[0].low == 0.25 && chart.curves[1].points[0].high == 0.75)
    #expect(chart.curves[2].points[0].high == 1)
    // No line joins the threshold to none.
    #expect(chart.curves[3].points.map(\.y.isFinite) == [true, false, true])
  }

  @Test func sweptNumbersLieOnAnAxisAndOthersSideBySide() {
    func charts(_ values: [String]) -> [Chart] {
      SweepFigure(
        title: "t", subtitle: "", options: ["option"],
        groups: values.map {
          .init(values: [$0], seeds: 1...2, solved: (0.5, 0.1, 0.9), loss: (1, 0.5, 2))
        }, lossName: "test loss", baseline: 3
      ).charts
    }
    func labels(_ charts: [Chart]) -> [String]? {
      charts[0].across.values?.ofValues.tics.map(\.label)
    }
    let numbers = charts(["0.001", "1", "0.1"])
    #expect(numbers.count == 2 && labels(numbers) == ["0.001", "0.1", "1"])
    let points = numbers[1].curves[0].points
    for (point, place) in zip(points, [-3.0, -1, 0]) { #expect(abs(point.x - place) < 1e-12) }
    #expect(points.count == 3 && points[0].y == 1 && points[0].low == 0.5 && points[0].high == 2)
    #expect(labels(charts(["rnn", "lstm", "none"])) == ["rnn", "lstm", "none"])
  }

  /// As in the picture: by size, whenever a value was added, with `none` apart, joined to no other.
  @Test func aValueWithoutANumberStandsApartOnAPage() throws {
    let values = ["none", "norm:10", "norm:1", "norm:5"]
    let figure = SweepFigure(
      title: "t", subtitle: "", options: ["clip"],
      groups: values.map {
        .init(values: [$0], seeds: 1...2, solved: nil, loss: (1, 0.5, 2))
      }, lossName: "test loss", baseline: nil)
    let chart = try #require(figure.charts.first)
    #expect(chart.across.values?.ofValues.tics.map(\.label) == ["1", "5", "10", "none"])
    #expect(chart.curves[0].points.map(\.y.isFinite) == [true, true, true, false, true])
    let line = try #require(chart.svg(id: "c").firstMatch(of: #/class="stroke d0" d="([^"]*)"/#)).1
    #expect(line.count { $0 == "M" } == 2 && line.count { $0 == "L" } == 2, "\(line)")
    #expect(chart.data["x"]?["values"]?.array?.count == 4)
    #expect(chart.data["x"]?["sideBySide"] == false && chart.data["x"]?["range"]?.array?.count == 2)
  }

  /// Values side by side are joined by no line.
  @Test func valuesSideBySideAreNotJoined() {
    let figure = SweepFigure(
      title: "t", subtitle: "", options: ["cell"],
      groups: ["rnn", "lstm"].map {
        .init(values: [$0], seeds: 1...2, solved: nil, loss: (1, 0.5, 2))
      }, lossName: "test loss", baseline: nil)
    #expect(figure.charts[0].curves[0].points.map(\.y.isFinite) == [false, true, false, true])
  }
}
