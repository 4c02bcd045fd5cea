import Foundation
import Testing

@testable import UnrollFigures

@Suite struct ForecastFigureTests {
  private func figure(x: [Double]?) -> ForecastFigure {
    ForecastFigure(
      title: "t", subtitle: "s", series: [1, 2, 3, 4], x: x, predictions: [2.5, 4.5],
      forecast: [5, 6], shown: 3, xName: "year", yName: "sunspots")
  }

  @Test func xGoesOnInStepsOfItsLastDifference() {
    let figure = figure(x: [1700, 1701, 1702, 1704])
    #expect(figure.observed.map(\.x) == [1701, 1702, 1704])
    #expect(figure.predicted == [.init(x: 1702, y: 2.5), .init(x: 1704, y: 4.5)])
    #expect(figure.forecast == [.init(x: 1706, y: 5), .init(x: 1708, y: 6)])
    #expect(figure.script(name: "f").contains("set xlabel 'year' noenhanced"))
  }

  @Test(arguments: [nil, [1, 1, 1, 1], [4, 3, 2, 1], [1, 2, .nan, 4], [1, 2, 3, .infinity]])
  func xIsTheIndexOtherwise(_ x: [Double]?) {
    #expect(figure(x: x).forecast.map(\.x) == [4, 5])
  }

  @Test func forecastStartsAtTheLastMeasuredValue() {
    #expect(
      figure(x: nil).script(name: "f").contains("$forecast << EOD\n# x y\n3 4\n4 5\n5 6\nEOD"))
  }

  /// Dates go on by the calendar, as the forecast says, and stand below the axis.
  @Test func datesAreShownAsDates() throws {
    let day = 86_400.0
    let months = [19_723, 19_754, 19_783, 19_814].map { $0 * day }
    let figure = ForecastFigure(
      title: "t", subtitle: "s", series: [1, 2, 3, 4], x: months, predictions: [4.5],
      forecast: [5, 6], forecastX: [19_844, 19_875].map { $0 * day }, xIsDate: true, shown: 4,
      xName: "date", yName: "load")
    #expect(figure.forecast.map(\.x) == [19_844 * day, 19_875 * day])
    let script = figure.script(name: "f")
    for (place, label) in [(19_723, "2024-01"), (19_844, "2024-05")] {
      #expect(script.contains("'\(label)' \(place * 86_400)"), "\(script)")
    }
    #expect(script.contains("set xlabel 'date'"))
    // Without dates that ascend, there is the index.
    let index = ForecastFigure(
      title: "t", subtitle: "s", series: [1, 2], x: [day, day], predictions: [], forecast: [3],
      forecastX: [9 * day], xIsDate: true, shown: 2, xName: "date", yName: "load")
    #expect(index.forecast.map(\.x) == [2] && !index.xIsDate && index.xName == "index")
  }

  @Test(arguments: 0..<12)
  func awkwardNumbersAreDrawn(seed: Int) throws {
    let gnuplot = try installedGnuplot()
    var numbers = SeededNumbers(seed: UInt64(seed))
    let figure = ForecastFigure(
      title: "t", subtitle: "s", series: numbers.awkward(count: seed * 3),
      x: seed % 2 == 0 ? numbers.awkward(count: seed * 3) : nil,
      predictions: numbers.awkward(count: seed), forecast: numbers.awkward(count: seed % 4),
      shown: seed * 2, yName: "y")
    try withFolder { try figure.write(to: $0, name: "f", gnuplot: gnuplot) }
    #expect(figure.terminalPlot(gnuplot: gnuplot) != nil)
  }
}
