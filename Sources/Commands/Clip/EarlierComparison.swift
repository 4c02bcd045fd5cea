import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies

/// An earlier comparison in the output folder, which a new one continues.
enum EarlierComparison {
  /// Options that only add runs or do not change a run's numbers.
  private static let free: Set<String> = [
    "cells", "thresholds", "windows", "seed", "seeds", "threads",
  ]

  /// Refuses a folder whose `config.json` has settings that give runs other numbers.
  ///
  /// - Throws: `EarlierComparisonError`, or `FileError` for a file that cannot be read.
  static func check(_ path: String, against arguments: Arguments) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let saved = try JSONValue(contentsOf: path)["options"]?.object ?? [:]
    let given = Dictionary(uniqueKeysWithValues: arguments.recorded.map { ($0.name, $0.value) })
    for spec in arguments.specs where spec.isRecorded && !free.contains(spec.name) {
      let earlier = spec.value(in: saved).flatMap { $0.isNull ? nil : $0 }
      let text = earlier.map { $0.text(for: spec.kind) } ?? Self.builtIn(spec)
      // A value that cannot be parsed counts as a different one.
      let value = text.flatMap { try? spec.kind.value(from: $0) }?.recorded
      guard value != given[spec.name] || earlier != nil && value == nil else { continue }
      throw EarlierComparisonError.otherSetting(
        path: path, option: spec.label, saved: text ?? earlier?.encoded(),
        given: given[spec.name]?.text(for: spec.kind))
    }
  }

  /// The value of an option that a file of an earlier version lacks.
  private static func builtIn(_ spec: OptionSpec) -> String? {
    if case .value(let text, _) = spec.defaultValue { text } else { nil }
  }
}

/// Why a folder's comparison cannot be continued. Values are nil where an option has none.
enum EarlierComparisonError: Error, Equatable {
  case otherSetting(path: String, option: String, saved: String?, given: String?)
}
