import UnrollText

/// A long series made short enough to draw: neighboring values are put into at most `limit`
/// groups, each of which keeps its smallest and its largest value, so that no spike is lost, and
/// its mean.
struct ThinnedSeries {
  private static let limit = 900

  /// Step and value, at most two a group, in their own order; NaN where a group has none to show.
  let extremes: [[Double]]
  /// Step and running mean, one row a group.
  let runningMeans: [[Double]]

  /// Values that are not `isDrawable` count as absent.
  init(steps: [Int], values: [Double], isDrawable: (Double) -> Bool) {
    require(
      steps.count == values.count, "one value a step: expected \(steps.count), got \(values.count)")
    let size = Self.groupSize(count: values.count)
    var extremes: [[Double]] = []
    var groups: [(step: Double, mean: Double, count: Int)] = []
    for start in stride(from: 0, to: values.count, by: size) {
      let group = start..<min(start + size, values.count)
      let shown = group.filter { isDrawable(values[$0]) }
      let mean = shown.reduce(0) { $0 + values[$1] / Double(shown.count) }
      groups.append((Double(steps[start + group.count / 2]), mean, shown.count))
      guard
        let least = shown.min(by: { values[$0] < values[$1] }),
        let most = shown.max(by: { values[$0] < values[$1] })
      else {
        extremes.append([Double(steps[start]), .nan])
        continue
      }
      for index in Set([least, most]).sorted() {
        extremes.append([Double(steps[index]), values[index]])
      }
    }
    self.extremes = extremes

    let reach = Self.reach(count: values.count)
    runningMeans = groups.indices.map { index in
      guard groups[index].count > 0 else { return [groups[index].step, .nan] }
      let window = groups[max(0, index - reach)...min(groups.count - 1, index + reach)]
      let count = Double(window.reduce(0) { $0 + $1.count })
      return [groups[index].step, window.reduce(0) { $0 + $1.mean * (Double($1.count) / count) }]
    }
  }

  /// How many values a running mean spans; 1 when there are too few to be smoothed.
  static func meanSpan(count: Int) -> Int {
    count < 60 ? 1 : (2 * reach(count: count) + 1) * groupSize(count: count)
  }

  private static func groupSize(count: Int) -> Int { max(1, (count + limit - 1) / limit) }

  /// Groups on either side that a running mean takes in.
  private static func reach(count: Int) -> Int { count / groupSize(count: count) / 60 }
}
