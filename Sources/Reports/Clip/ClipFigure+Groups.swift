import UnrollFigures
import UnrollStudies
import UnrollText

extension ClipFigure {
  /// How the runs of `groups` ended.
  init(title: String, subtitle: String, _ groups: [ClipGroup], naming names: ClipSettingNames) {
    self.init(
      title: title, subtitle: subtitle,
      groups: groups.map { group in
        Group(
          cell: names.heading(group.setting), threshold: names.compared(group.setting),
          solved: group.solved, unsolved: group.unsolved, diverged: group.diverged,
          clippedFraction: group.clippedFraction, effectiveStep: group.effectiveStep,
          medianUpdatesToSolve: group.medianUpdatesToSolve)
      }, comparedName: names.comparesThresholds ? "clipping threshold" : "window")
  }
}

/// What tells the settings of a comparison apart: thresholds, windows or both.
struct ClipSettingNames {
  let comparesWindows: Bool
  let comparesThresholds: Bool

  /// - Parameter comparesWindows: whether windows are shown beside thresholds.
  init(_ groups: [ClipGroup], comparesWindows: Bool) {
    self.comparesWindows = comparesWindows
    comparesThresholds = !comparesWindows || Set(groups.map(\.setting.threshold)).count > 1
  }

  /// The label of a line of a table and of a bar of a figure.
  func compared(_ setting: ClipSetting) -> String {
    comparesThresholds ? setting.threshold : setting.window
  }

  /// The heading of a part of a table and of a panel of a figure.
  func heading(_ setting: ClipSetting) -> String {
    comparesThresholds && comparesWindows
      ? "\(setting.cell), window \(setting.window)" : setting.cell
  }
}
