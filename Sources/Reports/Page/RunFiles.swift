import Foundation
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// A run's folder as a page reads it: `config.json`, `summary.json` and tables, finished or not.
struct RunFiles {
  let folder: String
  let config: JSONValue
  /// What ``readSummary()`` has found; nil before the run has ended.
  private(set) var summary: JSONValue?
  /// Whether a program is writing to the folder.
  var isOpen: Bool
  /// Whether the runs of a sweep are of several tasks.
  let variesTask: Bool

  /// - Throws: `ReportPageError.noRun` for a folder without a run's `config.json`; `FileError` where that
  ///   cannot be read.
  init(_ folder: String) throws {
    self.folder = folder
    let path = "\(folder)/config.json"
    do throws(FileError) {
      config = try JSONValue(contentsOf: path)
    } catch .missing {
      throw ReportPageError.noRun(
        folder: folder, exists: FileManager.default.fileExists(atPath: folder))
    }
    guard config["command"]?.string != nil, config["options"]?.object != nil else {
      throw ReportPageError.notOfARun(path: path)
    }
    isOpen = FolderLock.isHeld(folder)
    variesTask = Self.variesTask(folder, config)
  }

  /// Whether a sweep's settings differ in their task: a column of its runs.
  private static func variesTask(_ folder: String, _ config: JSONValue) -> Bool {
    guard ["sweep", "merge"].contains(config["command"]?.string) else { return false }
    let files = ["runs.csv", "runs.csv.partial"].compactMap { name in
      try? MappedFile(path: "\(folder)/\(name)")
    }
    let start = files.first?.withUnsafeBytes { String(decoding: $0.prefix(65_536), as: UTF8.self) }
    let header = (start ?? "").prefix { !$0.isNewline }
    return header.split(separator: ",").prefix { $0 != "seed" }.contains("task")
  }

  /// Reads `summary.json`, which is written last. While a program writes to the folder, or where one has
  /// left a table unfinished, it is of the run's earlier part, which is said no more.
  ///
  /// - Throws: `FileError` for one that cannot be read.
  mutating func readSummary() throws(FileError) {
    if isOpen || FolderOwner.runFiles(in: folder).contains(where: { $0.hasSuffix(".partial") }) {
      return
    }
    do throws(FileError) {
      let found = try JSONValue(contentsOf: "\(folder)/summary.json")
      // One of another run than the folder's was left by an interruption.
      if found[RunIdentity.key] == config[RunIdentity.key] { summary = found }
    } catch .missing {}
  }

  /// The command, as `config.json` names it.
  var command: String { config["command"]?.string ?? "" }

  var options: JSONObject { config["options"]?.object ?? [:] }

  /// The value of an option as text; nil where the run had none.
  func option(_ name: String) -> String? {
    options[name].flatMap(PageTable.text).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The task, or that there are several.
  var taskName: String? { variesTask ? "several tasks" : option("task") }

  /// A table of the folder, as far as it is written; nil where there is none.
  ///
  /// - Throws: `FileError`.
  func table(_ name: String) throws -> CSVTable? {
    try CSVLog.table(at: "\(folder)/\(name).csv")
  }

  /// Whether the folder has the table, finished or not.
  func hasTable(_ name: String) -> Bool { CSVLog.exists(at: "\(folder)/\(name).csv") }

  /// A picture of the folder; nil where there is none, or where it is no whole PNG file.
  func picture(_ name: String) -> PagePicture? { PagePicture(path: "\(folder)/\(name).png") }

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
    try measured(inColumn: name, blank: .nan)
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
