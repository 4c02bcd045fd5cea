import UnrollDenseMath
import UnrollFigures
import UnrollStudies
import UnrollText

extension SweepSummary {
  /// Whether there is a run to show.
  package var hasRuns: Bool { !groups.isEmpty }

  /// The solved share and the loss over the values that were varied: a map of two options with numbers,
  /// otherwise lines or bars over one of them.
  public var figure: any Figure {
    let marks = groups.map {
      SweepFigureGroup($0, values: shown($0.setting), hasCriterion: hasCriterion)
    }
    let lossName = SweepGroup.lossName(groups)
    if let map = map(marks, lossName) { return map }
    return SweepFigure(
      title: title, subtitle: sizes, options: options, groups: marks, lossName: lossName,
      baseline: baseline, meanNorm: meanNorm)
  }

  /// Of two options with at least three numbers each, and nothing else that varies.
  private func map(_ marks: [SweepFigureGroup], _ lossName: String) -> (any Figure)? {
    guard options.count == 2,
      options.indices.allSatisfy({ place in
        let values = marks.map { $0.values[place] }.distinct(by: \.self)
        return SweepFigure.isNumeric(values) && values.count >= 3
      })
    else { return nil }
    let x = SweepFigure.across(marks, options: 2) ?? 0
    let fields = marks.map { group in
      var group = group
      group.values = [group.values[x], group.values[1 - x]]
      return group
    }
    return SweepMapFigure(
      title: title, subtitle: sizes, options: (options[x], options[1 - x]), groups: fields,
      lossName: lossName)
  }

  /// The median over the seeds of the mean norm without clipping, where thresholds are varied.
  private var meanNorm: Double? {
    // Other settings have other norms.
    guard options == ["clip"] else { return nil }
    let norms = groups.filter { $0.setting.values == ["none"] }
      .flatMap { $0.results.compactMap(\.run.meanNorm) }
    return OrderStatistics(norms).median
  }
}
