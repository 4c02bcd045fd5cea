import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollOptimization
import UnrollReports
import UnrollStudies
import UnrollText
import UnrollTraining

/// A run that goes on from its checkpoint, and what is other now than it was.
struct ResumedRun {
  /// The checkpoint's path.
  let path: String
  let checkpoint: SafetensorsFile
  /// What the checkpoint says of the run: identity, data and what was derived from them.
  let origin: ModelOrigin
  private let arguments: Arguments
  private let config: JSONValue

  /// - Throws: `FileError`.
  init(_ path: String, _ arguments: Arguments) throws {
    self.path = path
    self.arguments = arguments
    checkpoint = try SafetensorsFile(path: path)
    do throws(FileProblem) {
      origin = try ModelOrigin(checkpoint.metadata)
      // The parser has read the options from it.
      config = try JSONValue(parsing: Data((checkpoint.metadata["config"] ?? "{}").utf8))
    } catch {
      throw checkpoint.malformed(error)
    }
  }

  /// The file called `name` beside the checkpoint.
  func file(_ name: String) -> String {
    "\(OutputFolder.containing(path))/\(name)"
  }

  /// Refuses to go on in the checkpoint's own folder, which is locked now, where another process went on with
  /// the run after the checkpoint was read.
  ///
  /// - Throws: `FileError.replaced`.
  func requireNewest(in folder: String) throws(FileError) {
    let own = AbsolutePath.resolved(OutputFolder.containing(path))
    if own == AbsolutePath.resolved(folder) { try checkpoint.requireInPlace() }
  }

  // MARK: The data

  /// The files that the run reads now: those that it began with, wherever they are.
  ///
  /// A file that the checkpoint names and nobody else is opened only where the run has recorded its
  /// content: a checkpoint from elsewhere could name any path.
  ///
  /// - Throws: `ModelUseError` for a file that is not there or not on record, or that has another content
  ///   and `--accept-changed-data` was not given; `FileError`.
  func currentData() throws -> [InputFile] {
    var data: [InputFile] = []
    for option in arguments.fileOptions where option != OptionKey.model.name {
      let recorded = origin.data.first { $0.option == option }
      if recorded == nil, !origin.data.isEmpty, arguments.wasTyped(option) {
        throw UsageError.rejected(
          OptionTable.row(option), value: arguments.text(of: option), origin: .commandLine,
          accepted: "left out: the run began without such a file")
      }
      if recorded == nil, !arguments.wasTyped(option) {
        throw ModelUseError.dataUnrecorded(
          path: path, option: option, data: arguments.filePath(of: option) ?? "")
      }
      let found = try arguments.inputFile(option, of: path)
      if let recorded, recorded.fingerprint != found.fingerprint {
        let change = DataChange(of: path, recorded: recorded, found: found)
        guard arguments.isSet(.acceptChangedData) else {
          throw ModelUseError.dataChanged(change, .resume)
        }
      }
      data.append(found)
    }
    // Its weights were taken when the run began.
    return data + origin.data.filter { $0.option == OptionKey.model.name }
  }

  /// Warns of the files in `data` that have changed, which was accepted.
  func warnOfChanges(in data: [InputFile], on terminal: Terminal) {
    for change in InputFile.changes(from: origin.data, to: data) {
      terminal.warn(
        "\(DataChange(of: path, recorded: change.recorded, found: change.found)); the run goes on with its own "
          + "vocabulary, scaling and split")
    }
  }

  /// Whether data that are trained on, or the best weights are chosen by, have changed.
  func hasChanges(in data: [InputFile]) -> Bool {
    InputFile.changes(from: origin.data, to: data).contains {
      ["file", "inputs", "targets", "validation"].contains($0.found.option)
    }
  }

  // MARK: What is other now

  /// The options with another value than before: that value, and the present one.
  private var changedOptions: [(name: String, before: JSONValue, now: JSONValue)] {
    // Under cosine, the number of updates is where the schedule ends.
    let names = ResumeOptions.changeable + (origin.options["schedule"] == "cosine" ? ["steps"] : [])
    let now = Dictionary(uniqueKeysWithValues: arguments.recorded.map { ($0.name, $0.value) })
    return names.compactMap { name in
      guard let before = origin.options[name], let value = now[name],
        before.double != value.double
          || before.double == nil && before != value
      else { return nil }
      return (name, before, value)
    }
  }

  private var changedMachinery: [(key: String, own: String, other: String)] {
    Machinery(config: config)?.differences(from: .present) ?? []
  }

  /// The number of ranks that shared the run before, where it is another now.
  private var earlierRanks: Int? {
    let before = config["ranks"]?.int ?? 1
    return before == Ranks.present.count ? nil : before
  }

  /// Refuses options that would be on record as the run's last settings though no update is made under them.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireNoChange(after updates: Int) throws {
    guard let change = changedOptions.first(where: { $0.name != "threads" && $0.name != "steps" })
    else { return }
    throw UsageError.rejected(
      OptionTable.row(change.name), value: change.now.shownPlainly, origin: .commandLine,
      accepted:
        "left out, since the run has made all of its \(NumberText.count(updates, "update")); with a "
        + "larger --steps it holds from there on")
  }

  /// Says what is other from update `updates` + 1 on than it was before.
  func announce(on terminal: Terminal, after updates: Int) {
    for change in changedOptions where change.name != "threads" {
      terminal.note(
        "from update \(NumberText.count(updates + 1)) on: --\(change.name) "
          + "\(change.now.shownPlainly) (it was \(change.before.shownPlainly))")
    }
    if let earlierRanks {
      terminal.note(
        "from update \(NumberText.count(updates + 1)) on: \(NumberText.count(Ranks.present.count, "rank")) "
          + "(it was \(earlierRanks)), which changes last digits")
    }
    let machinery = changedMachinery.map { "\($0.key) \($0.own.shown), here \($0.other.shown)" }
    if !machinery.isEmpty {
      terminal.warn(
        "\(path.escaped) was made under \(machinery.joined(separator: "; ")): the run goes on, and "
          + "its last digits are not those of an uninterrupted one; --kernels chooses kernels")
    }
  }

  /// What `config.json` says of the run's earlier parts: after how many updates it was resumed, and
  /// what held before and no longer does. A part that was resumed under the same settings is not
  /// listed, because its numbers are those of an uninterrupted run.
  func remarks(after updates: Int, data: [InputFile]) -> JSONObject {
    var before = JSONObject()
    for change in changedMachinery { before[change.key] = .string(change.own) }
    for change in changedOptions { before[change.name] = change.before }
    if let earlierRanks { before["ranks"] = .integer(earlierRanks) }
    for change in InputFile.changes(from: origin.data, to: data) {
      before[SettingChange.dataPrefix + change.found.option] = change.recorded.json
    }
    var parts = config["resumed"]?.array ?? []
    if before.count > 0 { parts.append(["after": .integer(updates), "before": .object(before)]) }
    return parts.isEmpty ? [:] : ["resumed": .array(parts)]
  }
}

extension JSONValue {
  /// A number or a text as it is written on the command line.
  fileprivate var shownPlainly: String { string ?? encoded() }
}
