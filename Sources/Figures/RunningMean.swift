import UnrollText

/// The running mean of a series. A long one is put into at most `limit` groups of neighboring
/// values first.
struct RunningMean {
  private static let limit = 900

  /// Step and running mean, one row a group; NaN where a group has no value.
  let rows: [[Double]]

  /// Values that are not `isDrawable` count as absent.
  init(steps: [Int], values: [Double], isDrawable: (Double) -> Bool) {
    require(
      steps.count == values.count, "one value a step: expected \(steps.count), got \(values.count)")
    let size = Self.groupSize(count: values.count)
    let groups = stride(from: 0, to: values.count, by: size).map {
      start -> (step: Double, mean: Double, count: Int) in
      let group = start..<min(start + size, values.count)
      let shown = group.filter { isDrawable(values[$0]) }
      let mean = shown.reduce(0) { $0 + values[$1] / Double(shown.count) }
      return (Double(steps[start + group.count / 2]), mean, shown.count)
    }
    let reach = Self.reach(count: values.count)
    rows = groups.indices.map { index in
      guard groups[index].count > 0 else { return [groups[index].step, .nan] }
      let window = groups[max(0, index - reach)...min(groups.count - 1, index + reach)]
      let count = Double(window.reduce(0) { $0 + $1.count })
      return [groups[index].step, window.reduce(0) { $0 + $1.mean * (Double($1.count) / count) }]
    }
  }

  /// How many values a running mean spans; 1 when there are too few to be smoothed.
  static func span(count: Int) -> Int {
    count < 60 ? 1 : (2 * reach(count: count) + 1) * groupSize(count: count)
  }

  private static func groupSize(count: Int) -> Int { max(1, (count + limit - 1) / limit) }

  /// Groups on either side that a running mean takes in.
  private static func reach(count: Int) -> Int { count / groupSize(count: count) / 60 }
}
