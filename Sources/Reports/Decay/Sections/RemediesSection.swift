import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// How far the gradient reaches, how far the task needs it, and what would help: `remedies.csv`,
/// `remedies-curves.csv`, `remedies-times.csv`, a figure and a sentence.
///
/// ``MeasuredRemedy`` defines reach. Models have entries where ``DecayStudy/remedies`` asks for them: the
/// model as given, then one for each change that fits its cell (``Remedy``). Times are in a table of their
/// own, since they differ from run to run.
public struct RemediesSection: DecaySection {
  public let name = "remedies"

  /// Makes the section.
  public init() {}

  public func measure(_ probe: DecayProbe) -> [MeasuredRemedy] {
    probe.study.remedies?.measure(probe) ?? []
  }

  public var tables: [DecayTable<MeasuredRemedy>] {
    let place: @Sendable (MeasuredRemedy) -> [CSVField] = { measured in
      [
        .text(measured.remedy.name), .text(measured.remedy.specification.description),
        .text(measured.remedy.weights),
      ]
    }
    let names = ["change", "changed_cell", "weights"]
    return [
      DecayTable(
        name, place: names,
        values: [
          "layer", "path", "needed", "reach", "reach_censored", "window_end", "window_reach",
          "left_at_needed", "largest_share", "outcome",
        ], place: place,
        rows: { measured in
          [
            [
              .integer(measured.layer), .text(measured.path), .integer(measured.needed.lag),
              CSVField(measured.reach), .integer(measured.isCensored ? 1 : 0),
              CSVField(measured.windowReach), CSVField(measured.reachInWindow),
              CSVField(measured.shareAtNeeded), CSVField(measured.largestShare),
              .text(measured.outcome.rawValue),
            ]
          ]
        }),
      DecayTable(
        Self.curves, place: names, values: ["lag", "share"], place: place,
        rows: { measured in
          measured.shares.enumerated().map { [.integer($0), .number($1)] }
        }),
      DecayTable(
        "remedies-times", place: names,
        values: ["seconds", "relative_time", "relative_time_q1", "relative_time_q3"],
        place: place,
        rows: { measured in
          measured.times.map { times in
            [
              [
                .number(times.changed), .number(times.ratio),
                .number(times.ratioRange.lowerBound), .number(times.ratioRange.upperBound),
              ]
            ]
          }
        }),
    ]
  }

  static let curves = "remedies-curves"

  public func summary(of measured: MeasuredRemedy) -> [JSONObject] {
    [
      [
        "change": .string(measured.remedy.name),
        "changed_cell": .string(measured.remedy.specification.description),
        "weights": .string(measured.remedy.weights), "layer": .integer(measured.layer),
        "path": .string(measured.path), "needed": .integer(measured.needed.lag),
        "reach": JSONValue(measured.reach), "reach_censored": .bool(measured.isCensored),
        "window_end": JSONValue(measured.windowReach),
        "window_reach": JSONValue(measured.reachInWindow),
        "left_at_needed": JSONValue(measured.shareAtNeeded),
        "largest_share": JSONValue(measured.largestShare),
        "outcome": .string(measured.outcome.rawValue),
        "relative_time": JSONValue(measured.times?.ratio),
      ]
    ]
  }

  public func figure(
    of shown: [MeasuredEntry<MeasuredRemedy>], in report: DecayReport
  ) -> (any Figure)? {
    let first = shown.first?.entry
    return RemedyCurve.figure(
      of: shown.filter { !$0.entry.remedy.isWindow }.map { measured in
        let (entry, remedy) = (measured.entry, measured.entry.remedy)
        return RemedyCurve(
          label: measured.label,
          cell: remedy.change == .asGiven ? measured.label : remedy.specification.description,
          change: remedy.name, weights: remedy.weights,
          reach: RemedyRow([entry]).reachText(unicode: true),
          shares: entry.shares)
      }, needed: first?.needed.lag, window: first?.windowReach,
      subtitle: report.subtitleOfFirstSeed
        + (first.map { "\(DecayReport.dot)lag needed: \($0.needed.lag), \($0.needed.source)" }
          ?? ""))
  }

  public func printout(
    of shown: [MeasuredEntry<MeasuredRemedy>], in report: DecayReport, unicode: Bool
  ) -> DecayPrintout? {
    guard let first = shown.first?.entry else { return nil }
    let columns = Columns(
      hasWindow: first.windowReach != nil, isTimed: shown.contains { $0.entry.times != nil },
      unicode: unicode)
    return DecayPrintout(
      title: "What would help, each on the same batch", header: columns.header,
      rows: groups(in: report).flatMap { group in
        group.rows.enumerated().map { index, row in
          let label = DecayPrintout.shortened(group.label, unicode: unicode)
          return [index == 0 ? label : ""] + columns.cells(of: row, among: group.rows)
        }
      }, keys: 2, legend: legend(of: shown, columns, in: report))
  }

  /// The columns of the printed table, which has those of windows and times where these are measured.
  private struct Columns {
    let hasWindow: Bool
    let isTimed: Bool
    let unicode: Bool

    var header: [String] {
      var names = ["cell", "change", "reach"]
      if hasWindow { names.append("window") }
      names += ["left", "arrives"]
      if isTimed { names.append("time") }
      return names
    }

    /// Those after the label.
    func cells(of row: RemedyRow, among rows: [RemedyRow]) -> [String] {
      let remedy = row.remedy
      let isTrained = rows.contains { $0.remedy.change == .freshWeights }
      let isFresh = isTrained && !remedy.keepsWeights && remedy.change != .freshWeights
      var cells = [remedy.name + (isFresh ? " (fresh)" : ""), row.reachText(unicode: unicode)]
      if hasWindow {
        let reach = row.median { $0.reachInWindow.map { Double($0) } }
        cells.append(reach.map { "\(Int($0))" } ?? "-")
      }
      cells.append(row.median { $0.shareAtNeeded }.map(NumberText.significant) ?? "-")
      cells.append(row.outcome.word)
      if isTimed {
        let ratio = row.median { $0.times?.ratio }
        // Four characters, so that a busy machine does not make the column wider.
        cells.append(ratio.map { String(format: $0 < 9.995 ? "%.2f" : "%.1f", $0) } ?? "-")
      }
      return cells
    }
  }

  private func legend(
    of shown: [MeasuredEntry<MeasuredRemedy>], _ columns: Columns, in report: DecayReport
  ) -> String {
    guard let first = shown.first?.entry else { return "" }
    var parts = [
      "reach: largest lag with at least 1% of the gradient at lag 0, by the state (h, and c where "
        + "there is one)" + (report.hasLayers ? ", of the first layer" : ""),
      "left: share of the gradient at lag 0 that is left at lag \(first.needed.lag), which is "
        + "needed: \(first.needed.source)",
      "arrives: yes from 1% on; grows: beyond 100 times, no remedy",
    ]
    if let window = first.windowReach {
      parts.append("window: reach where the gradient ends at lag \(window); cut: it ends before")
    }
    if report.hasSeeds { parts.append("medians over seeds, with the least and largest reach") }
    if columns.isTimed {
      let threads = report.study.remedies?.threads ?? 1
      parts.append(
        "time: of the updates of a batch in float32, on \(NumberText.count(threads, "thread")), "
          + "measured in turns with the model as given")
    }
    return parts.joined(separator: "; ").wrapped()
  }

  public func findings(in report: DecayReport) -> [String] {
    groups(in: report).compactMap { RemedyFinding(label: $0.label, rows: $0.rows).text }
  }

  /// The changes to the models of each label, over their seeds.
  private func groups(in report: DecayReport) -> [(label: String, rows: [RemedyRow])] {
    report.entries(of: self).grouped(by: \.label).map { label, entries in
      let changes = entries.map(\.entry).grouped(by: \.remedy.name)
      return (label, changes.map { RemedyRow($0.elements) })
    }
  }
}

extension Remedy {
  /// `given` for those of the model, perhaps with other biases, `fresh` for those drawn anew.
  fileprivate var weights: String { keepsWeights ? "given" : "fresh" }

  fileprivate var isWindow: Bool { if case .window = change { true } else { false } }
}

extension MeasuredRemedy.Outcome {
  /// As the terminal's table has it.
  fileprivate var word: String {
    switch self {
    case .reaches: "yes"
    case .tooShort: "no"
    case .cut: "cut"
    case .grows: "grows"
    case .unknown: "-"
    }
  }
}
