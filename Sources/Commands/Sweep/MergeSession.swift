import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// Runs `unroll merge DIR…`: makes one folder of a sweep from several.
struct MergeSession {
  private let arguments: Arguments
  private let terminal: Terminal
  private let folders: [String]

  /// - Throws: `UsageError`.
  init(_ arguments: Arguments, terminal: Terminal) throws {
    self.arguments = arguments
    self.terminal = terminal
    folders = arguments[.folders]
    for (place, folder) in folders.enumerated()
    where folders[..<place].contains(where: { Self.isSame($0, folder) }) {
      throw MergeError.twice(folder)
    }
  }

  /// - Throws: `MergeError`, `FileError`, and what the sweep's own command line throws.
  func run() throws -> ExitStatus {
    // A file of data is hashed once, however many folders are of it.
    let fingerprints = FingerprintCache()
    let parts = try folders.map { try SweepFolder($0, fingerprints) }
    for part in parts where !part.hasRuns {
      terminal.warn("\(part.path.escaped) has no runs on record, so that it adds none")
    }
    var merged = parts[0]
    for part in parts.dropFirst() { try merged.add(part, mixingKernels: arguments[.mixed]) }
    let out = try write(merged)
    // The rest is what the sweep itself does once all its runs are there.
    var words = ["--out", out]
    if terminal.isJSON { words.append("--json") }
    if terminal.isQuiet { words.append("--quiet") }
    guard
      let sweep = try Arguments.sweep(
        recordedAt: "\(out)/config.json", words, fingerprints: fingerprints)
    else { return .failed }
    return try SweepSession(merged: sweep, terminal: terminal).finishOnly()
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    AbsolutePath.resolved(one) == AbsolutePath.resolved(other)
  }

  /// Writes what was merged to a folder that is new, or empty.
  ///
  /// - Returns: the folder. It has a `config.json`, so that no other merge takes it from here on.
  /// - Throws: `MergeError`, `FileError`.
  private func write(_ merged: SweepFolder) throws -> String {
    guard let out = arguments[optional: .out] else {
      let out = try OutputFolder.createUnused(base: "runs/merge")
      try merged.write(to: out)
      return out
    }
    if folders.contains(where: { Self.isSame($0, out) }) {
      throw MergeError.targetIsSource(out)
    }
    let files = FolderOwner.runFiles(in: out)
    let isBrokenOff = files.contains("runs.csv") && !files.contains("config.json")
    if !files.isEmpty { throw MergeError.targetIsTaken(out, isBrokenOff: isBrokenOff) }
    try OutputFolder.create(out)
    let lock = try FolderLock(out)
    try withExtendedLifetime(lock) {
      // Another merge may have been there before the lock was taken.
      if !FolderOwner.runFiles(in: out).isEmpty {
        throw MergeError.targetIsTaken(out, isBrokenOff: false)
      }
      try merged.write(to: out)
    }
    return out
  }
}

/// Why folders cannot be merged.
enum MergeError: Error {
  case noSweep(folder: String, command: String?)
  case otherOptions(folder: String, first: String, own: [String], other: [String])
  case otherSetting(folder: String, first: String, option: String, own: String, other: String)
  case otherKernels(folder: String, first: String, own: String, other: String)
  case conflict(
    run: String, column: String, first: String, own: String, folder: String, other: String)
  case otherRun(setting: String, first: String, own: String, folder: String, other: String)
  case twice(String)
  case targetIsSource(String)
  case targetIsTaken(String, isBrokenOff: Bool)
}

extension MergeError: WordedError {
  var exitStatus: ExitStatus {
    switch self {
    case .twice, .targetIsSource, .targetIsTaken: .usage
    default: .failed
    }
  }

  var message: String {
    switch self {
    case .noSweep(let folder, let command):
      "\(folder.escaped) is \(command.map { "of the command \($0.quoted)" } ?? "no run's folder"); "
        + "accepted are folders of unroll sweep"
    case .otherOptions(let folder, let first, let own, let other):
      "\(folder.escaped) varies \(other.listed("and")), and \(first.escaped) \(own.listed("and")): "
        + "they are of different sweeps"
    case .otherSetting(let folder, let first, let option, let own, let other):
      "\(folder.escaped) has \(option) \(other.shown), and \(first.escaped) \(own.shown): they are of "
        + "different sweeps"
    case .otherKernels(let folder, let first, let own, let other):
      "\(folder.escaped) was made under the kernels \(other), and \(first.escaped) under \(own), so that "
        + "last digits differ; --mixed merges them all the same"
    case .conflict(let run, let column, let first, let own, let folder, let other):
      "run \(run): \(column) is \(own.shown) in \(first.escaped) and \(other.shown) in "
        + "\(folder.escaped); the same run has the same numbers, so one of the two was changed"
    case .otherRun(let setting, let first, let own, let folder, let other):
      "the run \(setting.shown) is \(own) in \(first.escaped) and \(other.shown) in \(folder.escaped): "
        + "it was made with other settings or data, or its row was changed"
    case .twice(let folder): "\(folder.shown) is given twice; accepted are different folders"
    case .targetIsSource(let folder):
      "--out \(folder.shown): is one of the folders that are merged; accepted is a new folder"
    case .targetIsTaken(let folder, let isBrokenOff):
      "--out \(folder.shown): holds "
        + (isBrokenOff
          ? "runs.csv without a config.json, as a merge that was broken off leaves it"
          : "the files of a run") + "; accepted is a new or empty folder"
    }
  }
}
