import Foundation
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// A run's folder as a page reads it: `config.json`, `summary.json` and tables, finished or not.
struct RunFiles {
  let folder: String
  let config: JSONValue
  /// nil before the run has ended.
  let summary: JSONValue?
  /// Whether a program is writing to the folder.
  let isOpen: Bool

  /// - Throws: `ReportPageError.noRun` for a folder without a run's `config.json`; `FileError` where that
  ///   cannot be read.
  init(_ folder: String) throws {
    self.folder = folder
    let path = "\(folder)/config.json"
    guard FileManager.default.fileExists(atPath: path) else {
      throw ReportPageError.noRun(
        folder: folder, exists: FileManager.default.fileExists(atPath: folder))
    }
    config = try JSONValue(contentsOf: path)
    guard config["command"]?.string != nil, config["options"]?.object != nil else {
      throw ReportPageError.notOfARun(path: path)
    }
    isOpen = FolderLock.isHeld(folder)
    let summaryPath = "\(folder)/summary.json"
    guard FileManager.default.fileExists(atPath: summaryPath) else {
      summary = nil
      return
    }
    // One of another run than the folder's was left by an interruption.
    let found = try JSONValue(contentsOf: summaryPath)
    summary = found[RunIdentity.key] == config[RunIdentity.key] ? found : .none
  }

  /// The command, as `config.json` names it.
  var command: String { config["command"]?.string ?? "" }

  var options: JSONObject { config["options"]?.object ?? [:] }

  /// The value of an option as text; nil where the run had none.
  func option(_ name: String) -> String? {
    options[name].flatMap(PageTable.text).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A table of the folder, as far as it is written; nil where there is none.
  ///
  /// - Throws: `FileError`.
  func table(_ name: String) throws -> CSVTable? {
    try CSVLog.table(at: "\(folder)/\(name).csv")
  }

  /// A picture of the folder as the content of an `img` element; nil where there is none, or where it is
  /// no PNG file.
  func picture(_ name: String) -> String? {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name).png"),
      bytes.starts(with: signature)
    else { return nil }
    return "data:image/png;base64," + bytes.base64EncodedString()
  }

  /// How far the run has come.
  var state: RunState {
    if isOpen { return .running }
    guard let summary else { return .unfinished }
    return switch summary["outcome"]?.string {
    case RunOutcome.interrupted.rawValue: .interrupted
    case RunOutcome.nonFinite.rawValue: .nonFinite
    default: .finished
    }
  }
}

/// How far a run has come, as a page says it.
package enum RunState: String, Sendable {
  case finished, interrupted, running, unfinished
  case nonFinite = "non-finite"
}

extension CSVTable {
  /// The numbers of a column, which may be `nan` or `inf`; NaN for what is blank.
  ///
  /// - Throws: `FileError` for a column that is not there, or that holds something else.
  func values(_ name: String) throws(FileError) -> [Double] {
    var values: [Double] = []
    for (text, line) in zip(try texts(inColumn: name), lines) {
      guard let value = text.isEmpty ? .nan : CSVNumber.written(text) else {
        throw .malformed(path: path, line: line, .notANumber(column: name, text: text))
      }
      values.append(value)
    }
    return values
  }
}

/// Why a page cannot be made of a folder.
package enum ReportPageError: Error, Equatable {
  /// The folder is not there, or holds no run.
  case noRun(folder: String, exists: Bool)
  /// A `config.json` that no run wrote.
  case notOfARun(path: String)
}

extension ReportPageError: CustomStringConvertible {
  /// What is wrong and what is accepted, on one line.
  package var description: String {
    switch self {
    case .noRun(let folder, let exists):
      "\(folder.escaped) "
        + (exists ? "is no run's folder: it has no config.json" : "is not there")
        + "; accepted are folders that unroll has written, such as runs/train-adding"
    case .notOfARun(let path):
      "\(path.escaped) names no command and no options of a run; accepted are folders that unroll has "
        + "written"
    }
  }
}
