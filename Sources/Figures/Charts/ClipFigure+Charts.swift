import UnrollText

extension ClipFigure {
  /// The figure as plots of a page, one for each cell: bars of the shares of its runs, and lines of the
  /// clipped fraction and the effective step.
  public var charts: [Chart] {
    let thresholds = groups.map(\.threshold).distinct
    return groups.map(\.cell).distinct.map { cell in
      let members = groups.filter { $0.cell == cell }
      func place(_ group: Group) -> Double {
        Double(thresholds.firstIndex(of: group.threshold) ?? 0)
      }
      func bars(
        _ name: String, color: Int, from low: (Group) -> Int, count: (Group) -> Int
      ) -> Chart.Curve {
        Chart.Curve(
          name: name,
          points: members.map { group in
            let runs = Double(max((group.solved ?? 0) + group.unsolved + group.diverged, 1))
            return Chart.Point(
              x: place(group), y: Double(count(group)) / runs, low: Double(low(group)) / runs,
              high: Double(low(group) + count(group)) / runs)
          }, mark: .bar, color: color)
      }
      func line(_ name: String, color: Int, _ value: (Group) -> Double?) -> Chart.Curve {
        Chart.Curve(
          name: name,
          points: thresholds.enumerated().flatMap { place, threshold in
            let group = members.first { $0.threshold == threshold }
            let point = Chart.Point(x: Double(place), y: group.flatMap(value) ?? .nan)
            return ClipColumns.isJoinedToLast(place, of: thresholds)
              ? [point] : [.gap(at: point.x), point]
          }, color: color)
      }
      let outcomes =
        (hasCriterion
          ? [bars("solved", color: 2, from: { _ in 0 }, count: { $0.solved ?? 0 })] : []) + [
          bars(
            hasCriterion ? "unsolved" : "finished", color: ChartStyle.silver,
            from: { $0.solved ?? 0 }, count: \.unsolved),
          bars(
            "diverged", color: 1, from: { ($0.solved ?? 0) + $0.unsolved }, count: \.diverged),
        ]
      let lines = [
        line("clipped fraction", color: 6, \.clippedFraction),
        line("effective step", color: 0, \.effectiveStep),
      ]
      return Chart(
        title: cell, subtitle: subtitle, across: .init(comparedName, categories: thresholds),
        upright: .init("share of runs; fraction", holds: [0, 1]),
        curves: outcomes + lines.filter { $0.points.contains { $0.y.isFinite } })
    }
  }
}
