import UnrollFigures
import UnrollStudies

/// A panel of a lesson's figure, with names in place of words. The texts of a lesson have its title under
/// `panel NAME`, the names of its axes under `upright NAME` and `across NAME`, and those of lines and levels
/// under `line NAME`; a line without such a text is called by its name.
struct LessonPanel: Sendable {
  let name: String
  /// What the vertical axis shows, as a formula in gnuplot's markup; nil takes the text.
  var upright: String?
  var lines: [LessonLine]
  /// Names at 0, 1, 2, … of the horizontal axis instead of numbers: texts under `line NAME`, or themselves.
  var categories: [String] = []
  /// Thin dashed levels.
  var levels: [(name: String, value: Double)] = []
  var isLogarithmic = true
  var isLogarithmicAcross = false
  /// Whether only whole numbers stand on the horizontal axis.
  var isCounted = true
  /// Where the vertical axis ends although lines go further.
  var ceiling: Double?
}

/// A line, or dots, of a panel.
struct LessonLine: Sendable {
  let name: String
  var points: [Chart.Point]
  var mark = Chart.Mark.line
  /// The name of the line whose color it has, where that is not its own.
  var companion: String?

  init(_ name: String, points: [Chart.Point], mark: Chart.Mark = .line) {
    self.name = name
    self.points = points
    self.mark = mark
  }

  /// The line in the color of another one of its panel.
  func companion(of name: String) -> LessonLine {
    var line = self
    line.companion = name
    return line
  }

  /// Values at 1, 2, 3, ….
  init(_ name: String, values: [Double]) {
    self.init(name, points: values.enumerated().map { Chart.Point(x: Double($0 + 1), y: $1) })
  }

  /// At each of `places` the median of what the runs have there, with the least and the largest as its
  /// range. Without places the values stand at `first` and the numbers after it.
  init(
    _ name: String, over runs: [[Double]], at places: [Double]? = nil, from first: Int = 1,
    mark: Chart.Mark = .line
  ) {
    let count = runs.map(\.count).min() ?? 0
    self.init(
      name,
      points: (0..<count).map { place in
        let statistics = OrderStatistics(runs.map { $0[place] })
        let x = places?[place] ?? Double(place + first)
        let y = statistics.median ?? .nan
        return runs.count > 1
          ? Chart.Point(x: x, y: y, low: statistics.values.first, high: statistics.values.last)
          : Chart.Point(x: x, y: y)
      }, mark: mark)
  }
}

extension [Double] {
  /// The middle value, the mean of the two middle ones of an even number; what is not finite counts as
  /// infinite.
  var median: Double { OrderStatistics(self).median ?? .nan }

  /// The least value; what is not finite counts as infinite.
  var least: Double { OrderStatistics(self).values.first ?? .nan }

  /// The largest value; what is not finite counts as infinite.
  var largest: Double { OrderStatistics(self).values.last ?? .nan }
}
