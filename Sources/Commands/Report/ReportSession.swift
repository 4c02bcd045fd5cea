import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollReports
import UnrollText

/// Runs `unroll report`: reads runs' folders and writes the page, once or for as long as runs go on.
struct ReportSession {
  /// How long the page waits before it loads itself again.
  private static let secondsToReload = 5

  /// How long the command waits at least before it writes the page anew, in seconds and in multiples of the
  /// time that writing takes: the runs need the machine.
  private static let (leastPause, leastMultiple) = (2.0, 10.0)

  private let arguments: Arguments
  private let terminal: Terminal
  private let out: String

  init(_ arguments: Arguments, terminal: Terminal) {
    self.arguments = arguments
    self.terminal = terminal
    out = arguments[.out]
  }

  /// - Throws: `ReportPageError` for a folder of no run, `ReportError`, `FileError`.
  func run() throws -> ExitStatus {
    try requireOwnFile()
    let folders = try Self.runs(in: arguments[.reportedFolders])
    guard arguments[.watch] else {
      conclude(try write(folders).page)
      return .done
    }
    Interrupt.install()
    defer { Interrupt.uninstall() }
    return try watch(folders)
  }

  // MARK: Folders

  /// A run's folder, and whether it was given as such, rather than found in one that was.
  struct Folder {
    let path: String
    let isGiven: Bool
  }

  /// The folders of runs: those given and, in place of one that holds no run itself, the runs' folders in
  /// it.
  ///
  /// - Throws: `ReportPageError.noRun` for one that is neither.
  static func runs(in given: [String]) throws -> [Folder] {
    let found = try given.flatMap { folder -> [Folder] in
      if isRun(folder) { return [Folder(path: folder, isGiven: true)] }
      let inside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
      let runs = inside.sorted().map { "\(base)/\($0)" }.filter(isRun)
      guard !runs.isEmpty else {
        throw ReportPageError.noRun(
          folder: folder, exists: FileManager.default.fileExists(atPath: folder))
      }
      return runs.map { Folder(path: $0, isGiven: false) }
    }
    return found.grouped { AbsolutePath.resolved($0.path) }.map { _, paths in
      Folder(path: paths[0].path, isGiven: paths.contains(where: \.isGiven))
    }
  }

  private static func isRun(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/config.json")
  }

  /// Refuses a file that something else wrote. An empty one holds nothing that could be lost.
  ///
  /// - Throws: `ReportError.notAPage`, `FileError`.
  private func requireOwnFile() throws {
    guard FileManager.default.fileExists(atPath: out) else { return }
    let file: MappedFile
    do throws(FileError) {
      file = try MappedFile(path: out)
    } catch {
      if case .empty = error { return }
      throw error
    }
    let start = Array(PageDocument.start.utf8)
    let isPage = file.withUnsafeBytes { $0.prefix(start.count).elementsEqual(start) }
    guard isPage else { throw ReportError.notAPage(out) }
  }

  // MARK: The page

  /// Reads the runs and writes the page.
  ///
  /// - Throws: as ``run()``.
  private func write(_ folders: [Folder], watching: Bool = false) throws -> Written {
    var runs: [ReportedRun] = []
    for (place, folder) in folders.enumerated() {
      do {
        runs.append(try Self.run(in: folder))
      } catch  where !folder.isGiven && !(runs.isEmpty && place == folders.count - 1) {
        // One of many that nobody asked for by name; the others have their page.
        terminal.warn("\(ErrorMessage.text(for: error)); the run is left out")
      }
    }
    return try write(runs, goingOn: watching ? runs.count { $0.state == .running } : 0)
  }

  /// Reads the runs again and writes the page anew. A run that cannot be read now stays as it was on the
  /// `earlier` page: its files are moved away when it is started again in its folder. Where no program is at
  /// work there, the page says what is wrong.
  ///
  /// - Throws: `FileError.cannotWrite`.
  private func rewrite(
    _ earlier: ReportPage, _ folders: [Folder], watching: Bool
  ) throws -> Written {
    var goingOn = 0
    let runs = folders.compactMap { folder -> ReportedRun? in
      do {
        let run = try Self.run(in: folder)
        if run.state == .running { goingOn += 1 }
        return run
      } catch {
        var run = earlier.runs.first { $0.folder == folder.path }
        if FolderLock.isHeld(folder.path) {
          goingOn += 1
        } else {
          run?.ended(saying: error)
        }
        return run
      }
    }
    return try write(runs, goingOn: watching ? goingOn : 0)
  }

  private static func run(in folder: Folder) throws -> ReportedRun {
    try ReportedRun(folder: folder.path) { RecordedCommandLine.text(command: $0, options: $1) }
  }

  /// The page as it was written, and the number of its runs that go on.
  private struct Written {
    let page: ReportPage
    let goingOn: Int
  }

  private func write(_ runs: [ReportedRun], goingOn: Int) throws -> Written {
    let page = ReportPage(runs, secondsToReload: goingOn > 0 ? Self.secondsToReload : nil)
    try requireOwnFile()
    try AtomicFile.write(page.html, to: out)
    return Written(page: page, goingOn: goingOn)
  }

  /// Writes the page whenever the runs' files have changed, until no run goes on.
  private func watch(_ folders: [Folder]) throws -> ExitStatus {
    // Taken before the files are read, so that no change is missed.
    var state = folders.map { FolderState($0.path) }
    var start = Date.now
    var written = try write(folders, watching: true)
    do {
      while written.goingOn > 0 {
        terminal.drawLive([
          "\(out.escaped): \(NumberText.count(written.goingOn, "run goes on", "runs go on")); "
            + "Ctrl-C ends the watch"
        ])
        let pause = max(Self.leastPause, -Self.leastMultiple * start.timeIntervalSinceNow)
        start = Date.now
        let before = state
        while !Interrupt.isRequested, state == before || -start.timeIntervalSinceNow < pause {
          Thread.sleep(forTimeInterval: 0.2)
          state = folders.map { FolderState($0.path) }
        }
        if Interrupt.isRequested { break }
        start = Date.now
        written = try rewrite(written.page, folders, watching: true)
      }
    } catch {
      // The page must not go on loading itself.
      try requireOwnFile()
      try AtomicFile.write(ReportPage(written.page.runs).html, to: out)
      throw error
    }
    terminal.clearLive()
    if Interrupt.isRequested { written = try rewrite(written.page, folders, watching: false) }
    conclude(written.page)
    return Interrupt.isRequested ? .interrupted : .done
  }

  /// Says what was written, and what could not be read.
  private func conclude(_ page: ReportPage) {
    let runs = page.runs
    for run in runs {
      for problem in run.problems { terminal.warn("\(run.folder.escaped): \(problem)") }
    }
    terminal.print(
      "\(out.escaped): \(NumberText.count(runs.count, "run")), "
        + NumberText.count(page.figureCount, "figure"))
    terminal.printJSON(
      JSONValue.object([
        "file": .string(out), "figures": .integer(page.figureCount),
        "runs": .array(
          runs.map { run in
            [
              "folder": .string(run.folder), "command": .string(run.command),
              "state": .string(run.state.rawValue), "command_line": .string(run.commandLine),
              "figures": .integer(run.figureCount),
              "problems": .array(run.problems.map { .string($0) }),
            ]
          }),
      ]).encoded())
  }
}

/// What tells that a run's folder has changed.
private struct FolderState: Equatable {
  private let files: [String]
  private let isOpen: Bool

  init(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    files = names.sorted().map { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      let date = attributes?[.modificationDate] as? Date
      let size = attributes?[.size] as? Int
      return "\(name) \(size ?? 0) \(date?.timeIntervalSince1970 ?? 0)"
    }
    isOpen = FolderLock.isHeld(folder)
  }
}

/// Why a page cannot be written.
enum ReportError: Error {
  case notAPage(String)
}

extension ReportError: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String {
    switch self {
    case .notAPage(let path):
      "--out \(path.shown): is a file that unroll report has not written; accepted is a new file, or one "
        + "that it has written"
    }
  }
}
