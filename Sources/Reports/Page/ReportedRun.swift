import Foundation
import UnrollFigures
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// What a page shows of one run.
package struct ReportedRun {
  /// The folder as it was given.
  package let folder: String
  /// The command that wrote it.
  package let command: String
  /// The command line that makes the run again; empty where no command does.
  package let commandLine: String
  /// What could not be read, a line each.
  package private(set) var problems: [String] = []
  /// What the run is of: `adding, lstm`.
  package var title: String
  /// The result in a line.
  var headline = ""
  /// What was found besides, a sentence each.
  var findings: [String] = []
  /// Sizes and settings that matter most.
  var sizes = ""
  /// What was measured, in words.
  var text = ""
  var notes: [String] = []
  package var charts: [Chart] = []
  /// The figures that stand beside those of other runs of the same kind.
  var (decay, depth, loss): (DecayFigure?, PanelsFigure?, Chart?)
  var tables: [PageTable] = []
  /// The plain members of the summary.
  var facts: PageFacts?
  /// What is shown as the run has drawn it, with what it is.
  var pictures: [(title: String, picture: PagePicture)] = []
  var formulas: [PageFormula] = []
  private(set) var files: RunFiles

  /// How far the run has come.
  package var state: RunState { files.state }

  /// The command line that goes on with a training run that has not ended; nil for others. A folder of a sweep
  /// does not say which shard it is.
  var commandGoingOn: String? {
    guard command == "train", [.interrupted, .unfinished].contains(state),
      FileManager.default.fileExists(atPath: "\(folder)/checkpoint.safetensors")
    else { return nil }
    return RunFolder.commandResuming(folder)
  }

  /// The number of figures, those among them that the run has drawn.
  package var figureCount: Int { charts.count + pictures.count }

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
    // A task that is varied is none of all runs.
    var options = files.options
    if files.variesTask { options["task"] = nil }
    self.commandLine = files.command == Self.watch ? "" : commandLine(files.command, options)
    let file = files.option("model") ?? files.option("inputs")
    let subject = files.taskName ?? file?.lastPathPart
    title = [subject, files.option("cell")].compactMap(\.self).joined(separator: ", ")
    if title.isEmpty { title = files.command }
    sizes = files.sizes()
    attempt { try $0.files.readSummary() }
    (Self.readers[files.command] ?? Self.readOther)(&self)
  }

  /// What the folders of `unroll.Watch` of the Python package name as their command; there is none that writes
  /// them.
  private static let watch = "watch"

  /// What reads the folders of each command, whose tables and figures differ.
  private static let readers: [String: @Sendable (inout ReportedRun) -> Void] = [
    "train": { $0.readTraining() },
    "decay": { $0.readDecay() },
    "clip": { $0.readClip() },
    "sweep": { $0.readSweep() },
    "depth": { $0.readDepth() },
    "lesson": { $0.readLesson() },
    watch: { $0.readWatch() },
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
      add(problem: error)
    }
  }

  private mutating func add(problem: any Error) {
    let text = String(describing: problem).oneLine(limit: 600)
    if !problems.contains(text) { problems.append(text) }
  }

  /// The run no longer goes on, and its files can no longer be read.
  package mutating func ended(saying problem: any Error) {
    files.isOpen = false
    add(problem: problem)
  }

  /// Adds a table that has rows.
  mutating func add(_ table: PageTable?) {
    if let table, !table.rows.isEmpty { tables.append(table) }
  }

  /// The tables of the folder under the names of their files.
  mutating func addTables(except names: [String]) {
    let present = FolderOwner.runFiles(in: folder).compactMap { file in
      [".csv", ".csv.partial"].first(where: file.hasSuffix).map { String(file.dropLast($0.count)) }
    }
    for name in present.distinct where !names.contains(name) {
      attempt { run in
        guard let table = try run.files.table(name) else { return }
        run.add(PageTable(Self.heading(name), table, file: "\(name).csv"))
      }
    }
  }

  /// `singular-values` as a heading: `Singular values`.
  private static func heading(_ name: String) -> String {
    let words = name.replacing("_", with: " ").replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Whether runs can solve the task: the summary says it; before there is one, a run that has solved it
  /// does.
  func hasCriterion(isSolved: Bool) -> Bool {
    guard let first = files.summary?["groups"]?.array?.first else {
      return isSolved || files.option("solve-at") != nil
    }
    return first["solved"]?.isNull == false
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
      add(value.array.flatMap { PageTable(Self.heading(key), objects: $0) })
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
    let steps = command == "clip" || option("stop") == "solved" ? "up to " : ""
    return named.compactMap { name, label in
      guard !varied.contains(name), !(name == "length" && hasOwnLength),
        isTrained || !["optimizer", "learning-rate", "clip", "steps"].contains(name),
        let value = option(name), !(value == "1" && ["seeds", "layers"].contains(name)),
        !(name == "seed" && option("seeds") ?? "1" != "1")
      else { return nil }
      // Seeds that are named, 1-3,10-12, are no number of them.
      return name == "steps" || name == "seeds" && Int(value) != nil
        ? "\(name == "steps" ? steps : "")\(value) \(label)"
        : label.isEmpty ? value : "\(label) \(value)"
    }.joined(separator: ", ")
  }

  /// Whether the sequences of a training have another length than the option says: those of a file their
  /// own, and streams none.
  private var hasOwnLength: Bool {
    guard command != "decay", let task = try? TaskTable.entry(named: option("task") ?? "")
    else { return false }
    return !task.options.contains(.length)
  }
}
