import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollTraining

/// An earlier comparison in the output folder, which a new one continues.
struct EarlierComparison {
  private let path: String
  private let config: JSONValue
  var options: JSONObject { config["options"]?.object ?? [:] }
  var command: String? { config["command"]?.string }

  /// What computed it; nil where the file does not say.
  var machinery: Machinery? { Machinery(config: config) }

  /// The comparison that the `config.json` at `path` is of; nil where there is none.
  ///
  /// - Throws: `FileError` for a file that cannot be read.
  init?(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    self.path = path
    config = try JSONValue(contentsOf: path)
  }

  /// Refuses settings, data, kernels and versions that give runs other numbers.
  ///
  /// - Parameters:
  ///   - free: options that only add runs or do not change a run's numbers.
  ///   - addsRuns: whether runs may be made, whose kernels must then be those of the others.
  /// - Throws: `EarlierComparisonError`.
  func check(
    against arguments: Arguments, free: Set<String>, data: [InputFile], addsRuns: Bool = true
  ) throws {
    let given = Dictionary(uniqueKeysWithValues: arguments.recorded.map { ($0.name, $0.value) })
    for spec in arguments.specs
    where spec.isRecorded && !spec.isPath && !free.contains(spec.name)
      && arguments.filePath(of: spec.name) == nil
    {
      let earlier = spec.value(in: options).flatMap { $0.isNull ? nil : $0 }
      // A file of an earlier version may lack the option.
      let text = earlier.map { $0.text(for: spec.kind) } ?? spec.defaultValue.text
      // A value that cannot be parsed counts as a different one.
      let value = text.flatMap { try? spec.kind.value(from: $0) }?.recorded
      guard value != given[spec.name] || earlier != nil && value == nil else { continue }
      throw EarlierComparisonError.otherSetting(
        path: path, option: spec.label, saved: text ?? earlier?.encoded(),
        given: given[spec.name]?.text(for: spec.kind))
    }
    try checkData(data)
    if let change = machinery?.differences(from: .present)
      .first(where: { addsRuns || $0.key == "version" })
    {
      throw EarlierComparisonError.otherMachinery(
        path: path, what: change.key, saved: change.own, present: change.other,
        kernels: machinery?.kernels ?? "")
    }
  }

  private func checkData(_ data: [InputFile]) throws {
    // Files of earlier versions do not say.
    guard config[InputFile.key] != nil else { return }
    if let change = InputFile.changes(from: InputFile.list(in: config), to: data).first {
      throw EarlierComparisonError.otherData(
        DataChange(of: path, recorded: change.recorded, found: change.found))
    }
  }
}

/// Why a folder's comparison cannot be continued. Values are nil where an option has none.
enum EarlierComparisonError: Error, Equatable {
  case otherSetting(path: String, option: String, saved: String?, given: String?)
  case otherData(DataChange)
  /// `what` is a key of `config.json`: `version`, `blas_kernels`, `vector_kernels`. `kernels` are both of the
  /// earlier runs: `Haswell/avx2`.
  case otherMachinery(
    path: String, what: String, saved: String, present: String, kernels: String)
}
