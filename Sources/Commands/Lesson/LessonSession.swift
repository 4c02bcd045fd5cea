import UnrollCommandLine
import UnrollFigures
import UnrollFileFormats
import UnrollLessons
import UnrollReports

/// Runs `unroll lesson NAME`: measures, prints, and writes everything it leaves behind.
struct LessonSession {
  private let lesson: Lesson
  private let settings: LessonSettings
  private let language: LessonLanguage
  private let arguments: Arguments
  private let terminal: Terminal
  private let output: RunOutput

  /// - Throws: `UsageError`; `FileError` when the folder cannot be made.
  init(_ lesson: Lesson, _ arguments: Arguments, terminal: Terminal) throws {
    self.lesson = lesson
    self.arguments = arguments
    self.terminal = terminal
    language = LessonLanguage(rawValue: arguments[.language]) ?? .english
    settings = try LessonParameters.settings(arguments, of: lesson)
    output = try RunOutput(arguments, subject: lesson.name, terminal: terminal)
  }

  func run() throws -> ExitStatus {
    Interrupt.install()
    defer { Interrupt.uninstall() }
    let report: LessonReport
    do {
      report = try lesson.report(settings, in: language)
    } catch is CancellationError {
      terminal.tell("interrupted; nothing was written to \(output.folder.escaped)")
      return .interrupted
    }
    try output.writeConfig(arguments)
    let surfaces = try output.writeFiles(of: report, in: nil)
    try AtomicFile.write(
      LessonPage([report], surfaces: surfaces).html, to: output.path("lesson.html"))
    report.print(on: terminal)
    terminal.print("files  \(output.folder.escaped)")
    try output.writeSummary(report.summary)
    return .done
  }
}

extension RunOutput {
  /// Writes the tables and figures of a lesson.
  ///
  /// - Returns: The picture of its surface, by the lesson's name; empty where it has none.
  /// - Throws: `FileError` when a file cannot be written.
  func writeFiles(
    of report: LessonReport, in subfolder: String?
  ) throws -> [String: PagePicture] {
    func path(_ name: String) -> String { self.path(subfolder.map { "\($0)/\(name)" } ?? name) }
    try report.csv.write(to: path("lesson.csv"))
    draw(report.figure, name: "lesson", formats: FigureFormat.allCases, in: subfolder)
    guard let surface = report.surface else { return [:] }
    try surface.places.write(to: path("surface.csv"))
    try surface.paths.write(to: path("path.csv"))
    draw(surface.figure, name: "surface", formats: FigureFormat.allCases, in: subfolder)
    return PagePicture(path: path("surface.png")).map { [report.name: $0] } ?? [:]
  }
}
