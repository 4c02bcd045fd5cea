import UnrollCommandLine
import UnrollFigures
import UnrollFileFormats
import UnrollLessons

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
    try report.csv.write(to: output.path("lesson.csv"))
    try output.draw(report.figure, name: "lesson", formats: FigureFormat.allCases)
    try AtomicFile.write(LessonPage([report]).html, to: output.path("lesson.html"))
    report.print(on: terminal)
    terminal.print("files  \(output.folder.escaped)")
    try output.writeSummary(report.summary)
    return .done
  }
}
