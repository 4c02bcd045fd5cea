import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// What a page shows of one run.
package struct ReportedRun {
  /// The folder as it was given.
  package let folder: String
  /// The command that wrote it.
  package let command: String
  /// How far the run has come.
  package let state: RunState
  /// The command line that makes the run again.
  package let commandLine: String
  /// What could not be read, a line each.
  package private(set) var problems: [String] = []
  /// What the run is of: `adding, lstm`.
  package var title: String
  /// The result in a line.
  var headline = ""
  /// Sizes and settings that matter most.
  var sizes = ""
  /// What was measured, in words.
  var text = ""
  var notes: [String] = []
  package var charts: [Chart] = []
  var tables: [PageTable] = []
  /// The plain members of the summary.
  var facts: PageFacts?
  /// What is shown as the run has drawn it, with what it is.
  var pictures: [(title: String, source: String)] = []
  var formulas: [PageFormula] = []
  let files: RunFiles

  /// Reads a run's folder. What cannot be read in it, except for what the run is, becomes a problem that the
  /// page shows.
  ///
  /// - Parameter commandLine: the command line of a command and its recorded options.
  /// - Throws: `ReportPageError`, `FileError`.
  package init(
    folder: String, commandLine: (_ command: String, _ options: JSONObject) -> String
  ) throws {
    files = try RunFiles(folder)
    self.folder = folder
    command = files.command
    state = files.state
    self.commandLine = commandLine(files.command, files.options)
    let file = files.option("model") ?? files.option("inputs")
    let subject = files.option("task") ?? file?.lastPathPart
    title = [subject, files.option("cell")].compactMap(\.self).joined(separator: ", ")
    if title.isEmpty { title = files.command }
    sizes = files.sizes()
    (Self.readers[files.command] ?? Self.readOther)(&self)
  }

  /// What reads the folders of each command, whose tables and figures differ.
  private static let readers: [String: @Sendable (inout ReportedRun) -> Void] = [
    "train": { $0.readTraining() },
    "decay": { $0.readDecay() },
    "clip": { $0.readClip() },
    "sweep": { $0.readSweep() },
    "depth": { $0.readDepth() },
    "predict": { $0.readPrediction() },
  ]

  /// Any other command's: what the summary has.
  private static func readOther(_ run: inout ReportedRun) {
    run.addSummary(except: [])
    run.addTables(except: [])
  }

  /// Does a part of the reading; an error becomes a problem.
  mutating func attempt(_ part: (inout ReportedRun) throws -> Void) {
    do {
      try part(&self)
    } catch {
      problems.append(String(describing: error).oneLine(limit: 600))
    }
  }

  /// The tables of the folder under the names of their files.
  mutating func addTables(except names: [String]) {
    let present = FolderOwner.runFiles(in: folder).filter { $0.hasSuffix(".csv") }
      .map { String($0.dropLast(4)) }
    for name in present where !names.contains(name) {
      attempt { run in
        guard let table = try run.files.table(name) else { return }
        run.tables.append(PageTable(Self.heading(name), table, file: "\(name).csv"))
      }
    }
  }

  /// `singular-values` as a heading: `Singular values`.
  private static func heading(_ name: String) -> String {
    let words = name.replacing("_", with: " ").replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// The plain members of the summary, and a table of each list of objects in it.
  mutating func addSummary(except names: Set<String>) {
    guard let summary = files.summary?.object else { return }
    let plain = summary.filter { !names.contains($0.key) && $0.key != RunIdentity.key }
      .compactMap { member in
        PageTable.text(member.value).map { (name: member.key, value: $0) }
      }.filter { !$0.value.isEmpty }
    if !plain.isEmpty { facts = PageFacts(title: "Summary", facts: plain) }
    for (key, value) in summary where !names.contains(key) {
      guard let objects = value.array, let table = PageTable(Self.heading(key), objects: objects)
      else { continue }
      tables.append(table)
    }
  }
}

extension RunFiles {
  /// `T 100, B 20, H 128, adam 0.001, clip norm:1, 8,000 updates, seed 1`, as far as the run has them.
  ///
  /// - Parameter varied: options that differ between the runs of a folder, which are left out.
  func sizes(without varied: [String] = []) -> String {
    let named = [
      ("length", "T"), ("batch", "B"), ("hidden", "H"), ("layers", "layers"), ("width", "width"),
      ("optimizer", ""), ("learning-rate", "η"), ("clip", "clip"), ("steps", "updates"),
      ("seed", "seed"), ("seeds", "seeds"),
    ]
    // Settings of a training that was not made say nothing.
    let isTrained = option("steps") != "0"
    return named.compactMap { name, label in
      guard !varied.contains(name),
        isTrained || !["optimizer", "learning-rate", "clip", "steps"].contains(name),
        let value = option(name), !(value == "1" && ["seeds", "layers"].contains(name)),
        !(name == "seed" && option("seeds") ?? "1" != "1")
      else { return nil }
      return ["steps", "seeds"].contains(name)
        ? "\(value) \(label)" : label.isEmpty ? value : "\(label) \(value)"
    }.joined(separator: ", ")
  }
}
