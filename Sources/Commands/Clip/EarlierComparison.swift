import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies

/// What lies in the folder that a comparison is to go on in.
enum EarlierComparison {
  /// Options whose values say which runs there are, or leave their numbers alone.
  private static let free: Set<String> = [
    "cells", "thresholds", "windows", "seed", "seeds", "threads",
  ]

  /// Refuses a folder whose `config.json` is of settings under which runs would have other numbers.
  ///
  /// - Throws: `EarlierComparisonError`, or `FileError` for a file that cannot be read.
  static func check(_ path: String, against arguments: Arguments) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let saved = try JSONValue(contentsOf: path)["options"]?.object ?? [:]
    let given = Dictionary(uniqueKeysWithValues: arguments.recorded.map { ($0.name, $0.value) })
    for spec in arguments.specs where spec.isRecorded && !free.contains(spec.name) {
      let earlier = spec.value(in: saved).flatMap { $0.isNull ? nil : $0 }
      let text = earlier.map { $0.text(for: spec.kind) } ?? Self.builtIn(spec)
      // A value that cannot be read counts as another one.
      let value = text.flatMap { try? spec.kind.value(from: $0) }?.recorded
      guard value != given[spec.name] || earlier != nil && value == nil else { continue }
      throw EarlierComparisonError.otherSetting(
        path: path, option: spec.label, saved: text ?? earlier?.encoded(),
        given: given[spec.name]?.text(for: spec.kind))
    }
  }

  /// What an option was that a file of an earlier version does not know.
  private static func builtIn(_ spec: OptionSpec) -> String? {
    if case .value(let text, _) = spec.defaultValue { text } else { nil }
  }
}

/// Why a comparison cannot go on in a folder. Values are nil where there is none.
enum EarlierComparisonError: Error, Equatable {
  case otherSetting(path: String, option: String, saved: String?, given: String?)
}
