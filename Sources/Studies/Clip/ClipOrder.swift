import Foundation
import UnrollFileFormats
import UnrollText
import UnrollTraining

/// The order in which the settings of a comparison are shown: by cell, window and threshold, each in the
/// order of ``ValueOrder``.
package struct ClipOrder: Equatable, Sendable {
  package var cells: [String]
  package var windows: [String]
  package var thresholds: [String]

  package init(cells: [String], windows: [String], thresholds: [String]) {
    (self.cells, self.windows, self.thresholds) = (cells, windows, thresholds)
  }

  /// The order in which `settings` have their values first.
  package init(_ settings: [ClipSetting]) {
    self.init(
      cells: settings.map(\.cell).distinct, windows: settings.map(\.window).distinct,
      thresholds: settings.map(\.threshold).distinct)
  }

  /// The order of the lists in the options of a `config.json`; nil where one cannot be read.
  ///
  /// - Parameter ownWindow: the window where none is listed.
  package init?(recorded options: JSONObject, ownWindow: String) {
    func list(_ name: String) -> [String]? {
      switch options[name] {
      case .string(let text):
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      case .array(let values): values.compactMap(\.string)
      default: nil
      }
    }
    guard let cells = list("cells"), let thresholds = list("thresholds") else { return nil }
    self.init(
      cells: cells,
      windows: list("windows")?.compactMap { try? Truncation(parsing: $0).description }
        ?? [ownWindow],
      thresholds: thresholds.compactMap { try? ClipThreshold($0).description })
  }

  /// The same with what a later call has. New cells come behind, a new threshold or window before the
  /// first larger one of the same rule; a call that names all that is there sets the order.
  package func joined(_ later: ClipOrder) -> ClipOrder {
    ClipOrder(
      cells: ValueOrder.joined(cells, later.cells),
      windows: ValueOrder.joined(numbers: windows, later.windows),
      thresholds: ValueOrder.joined(numbers: thresholds, later.thresholds))
  }

  /// The results in this order, and of each setting by seed. What the order does not have comes behind.
  package func sorted(_ results: some Sequence<ClipResult>) -> [ClipResult] {
    func places(_ texts: [String]) -> [String: Int] {
      Dictionary(texts.enumerated().map { ($1, $0) }) { first, _ in first }
    }
    let (cells, windows, thresholds) = (places(cells), places(windows), places(thresholds))
    func place(_ result: ClipResult) -> [Int] {
      let setting = result.key.setting
      return [
        cells[setting.cell] ?? .max, windows[setting.window] ?? .max,
        thresholds[setting.threshold] ?? .max, result.key.seed,
      ]
    }
    return results.sorted { place($0).lexicographicallyPrecedes(place($1)) }
  }
}
