import Foundation
import UnrollCommandLine
import UnrollFigures
import UnrollFileFormats
import UnrollLessons
import UnrollReports
import UnrollText

/// Runs `unroll lesson --all`: every lesson in a folder of its own, and a page of them in each language.
struct LessonCourse {
  private let arguments: Arguments
  private let terminal: Terminal
  private let output: RunOutput
  private let lessons: [Lesson]
  private let settings: LessonSettings

  /// - Throws: `UsageError`; `FileError` when the folder cannot be made.
  init(_ arguments: Arguments, terminal: Terminal, lessons: [Lesson] = Lesson.all) throws {
    self.lessons = lessons
    self.arguments = arguments
    self.terminal = terminal
    if arguments.wasTyped("lesson") {
      throw arguments.rejection(
        of: .lesson, accepted: "left out with --all, which runs all lessons")
    }
    if let name = LessonParameters.rows.map(\.name).first(where: arguments.wasTyped) {
      throw UsageError.conflict("all", name)
    }
    settings = try LessonParameters.settings(arguments)
    output = try RunOutput(arguments, subject: "all", terminal: terminal)
  }

  private var nameColumns: Int { 2 + (lessons.map(\.name.count).max() ?? 0) }

  func run() throws -> ExitStatus {
    Interrupt.install()
    defer { Interrupt.uninstall() }
    try output.writeConfig(arguments)
    let language = LessonLanguage(rawValue: arguments[.language]) ?? .english
    var reports: [LessonReport] = []
    var surfaces: [String: PagePicture] = [:]
    for (place, lesson) in lessons.enumerated() where !Interrupt.isRequested {
      terminal.drawLive(["\(place + 1) of \(lessons.count): \(lesson.name)"])
      let report: LessonReport
      do {
        report = try lesson.report(settings, in: language)
      } catch is CancellationError {
        break
      }
      terminal.clearLive()
      terminal.print("\(lesson.name.padded(to: nameColumns))\(report.title)")
      try OutputFolder.create(output.path(lesson.name))
      try surfaces.merge(output.writeFiles(of: report, in: lesson.name)) { $1 }
      try report.summary.write(to: output.path("\(lesson.name)/summary.json"))
      reports.append(report)
    }
    terminal.clearLive()
    if Interrupt.isRequested {
      terminal.tell("interrupted after \(reports.count) of \(lessons.count) lessons")
    }
    for language in LessonLanguage.allCases {
      let others = LessonLanguage.allCases.filter { $0 != language }
      let page = LessonPage(
        reports.map { $0.translated(to: language) }, surfaces: surfaces,
        other: others.first.map { ($0, Self.file($0)) })
      try AtomicFile.write(page.html, to: output.path(Self.file(language)))
    }
    terminal.print("\npage   \(output.path(Self.file(language)))")
    terminal.print("files  \(output.folder.escaped)")
    let outcome: RunOutcome = Interrupt.isRequested ? .interrupted : .finished
    try output.writeSummary([
      "outcome": .string(outcome.rawValue),
      "lessons": .array(
        reports.map { report in
          [
            "lesson": .string(report.name), "title": .string(report.title),
            "folder": .string(output.path(report.name)), "holds": .bool(report.holds),
          ]
        }),
    ])
    return outcome.status
  }

  private static func file(_ language: LessonLanguage) -> String {
    language == .english ? "lessons.html" : "lessons.\(language.rawValue).html"
  }
}

extension String {
  fileprivate func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(columns - count, 1))
  }
}
