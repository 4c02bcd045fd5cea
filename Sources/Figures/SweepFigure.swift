import Foundation
import UnrollText

/// What became of a sweep's runs over the values of one option: the solved share with its interval above,
/// the median loss with its quartiles below, a line for each combination of the other options.
///
/// The horizontal axis shows the option with most numeric values, the first given of several. Where no
/// option has numbers, the values of the one with most stand side by side, with bars for the share. Where
/// the other options make more than six lines, there is a panel for each value of the first of them, or for
/// each combination of the first few.
public struct SweepFigure: Figure {
  /// The figure's title.
  public var title: String
  /// The line below the title: task, sizes, seeds.
  public var subtitle: String
  /// The options that are varied.
  public let options: [String]
  /// The settings.
  public let groups: [SweepFigureGroup]
  /// What the loss is: `test loss (squared error)`.
  public var lossName: String
  /// The loss of a model that has learned nothing; nil where settings differ in it.
  public let baseline: Double?
  /// The mean norm that thresholds can be told in; nil without the second axis.
  public var meanNorm: Double?
  let layout: SweepLayout
  /// Whether losses span so much that their logarithms are shown.
  let isLogarithmic: Bool
  let runCounts: SweepRunCounts

  /// The figure of `groups`, each with a value for each of `options`.
  public init(
    title: String, subtitle: String, options: [String], groups: [SweepFigureGroup],
    lossName: String, baseline: Double?, meanNorm: Double? = nil
  ) {
    layout = SweepLayout(groups, options: options.count)
    runCounts = SweepRunCounts(groups)
    isLogarithmic = Self.areLogarithmic(
      groups.compactMap { $0.loss?.median }.filter(\.isFinite) + (baseline.map { [$0] } ?? []))
    self.title = title
    self.subtitle = subtitle
    self.options = options
    self.groups = groups
    self.lossName = lossName
    self.baseline = baseline
    self.meanNorm = meanNorm
  }

  private static func areLogarithmic(_ losses: [Double]) -> Bool {
    guard let least = losses.min(), let most = losses.max(), least > 0 else { return false }
    return most / least >= 5
  }

  // MARK: Names

  /// `cell rnn, layers 2`
  private func name(_ group: SweepFigureGroup, _ places: [Int]) -> String {
    places.map { "\(options[$0]) \(SettingValue.shown(group.values[$0]))" }
      .joined(separator: ", ")
  }

  func lineName(_ group: SweepFigureGroup) -> String { name(group, layout.lineOptions) }
  func panelName(_ group: SweepFigureGroup) -> String { name(group, layout.panelOptions) }

  /// The value on the axis.
  func value(_ group: SweepFigureGroup) -> String {
    layout.across.map { group.values[$0] } ?? "all runs"
  }

  // MARK: What all panels share

  var hasSolved: Bool { groups.contains { $0.solved != nil } }

  func shown(_ loss: Double?) -> Double {
    loss.map((isLogarithmic ? CurvesFigure.Scale.logarithmic : .linear).place) ?? .nan
  }

  func lossAxis(tics: Int) -> Axis {
    let losses: [Double] = groups.flatMap { [$0.loss?.median, $0.loss?.low, $0.loss?.high] }
      .compactMap(\.self).filter { shown($0).isFinite }
    let levels = baseline.map { [$0] } ?? []
    var axis =
      isLogarithmic
      ? Axis.logarithmic(losses + levels, tics: tics) ?? .linear(losses, tics: tics - 1)
      : .linear(losses + levels, tics: tics - 1, margin: 0.06)
    let room = 0.05 * (axis.high - axis.low)
    axis.low -= room
    axis.high += room
    return axis
  }

  /// The axis' name, with the unit in which thresholds are multiples.
  var axisName: String {
    guard let across = layout.across else { return "" }
    let rules = groups.map { RuleNumber(value($0)) }.filter { $0.number != nil }
      .map(\.rule).distinct
    var name = options[across]
    if let rule = rules.first, rules.count == 1, !layout.isCategorical {
      if !rule.prefix.isEmpty { name += " \(rule.prefix)\(name == "clip" ? "τ" : "…")" }
      if rule.unit == "x" { name += ", in mean norms" }
    }
    if let meanNorm, !unitTics.isEmpty {
      name +=
        " (above: in units of the mean norm without clipping, \(NumberText.significant(meanNorm)))"
    }
    return name
  }

  /// A second axis for thresholds, in units of the mean norm, where that is known.
  var unitTics: [Axis.Tic] {
    let texts = groups.map(value)
    let axis = layout.axis
    guard let meanNorm, meanNorm > 0, axis.isLogarithmic,
      texts.contains(where: { $0.hasPrefix("norm:") }),
      !texts.contains(where: { $0.hasSuffix("x") })
    else { return [] }
    return [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000].compactMap { factor in
      let place = log10(factor * meanNorm)
      guard place >= axis.axis.low, place <= axis.lastNumber else { return nil }
      let label = "\(NumberText.digits(factor, 3))x"
      return Axis.Tic(at: place, label: label, plainLabel: label)
    }
  }
}

extension SweepFigure {
  /// Whether at least two of `values` are numbers that lie on an axis.
  package static func isNumeric(_ values: [String]) -> Bool { SweepAxis(values) != nil }

  /// The option of `groups` that lies on the horizontal axis; nil where no option's values are numbers.
  package static func across(_ groups: [SweepFigureGroup], options: Int) -> Int? {
    SweepLayout.across(groups, options: options)
  }
}
