import UnrollCommandLine
import UnrollFileFormats
import UnrollLessons
import UnrollText

/// The lessons in teaching order.
struct LessonList {
  private let language: LessonLanguage

  init(_ arguments: Arguments) {
    language = LessonLanguage(rawValue: arguments[.language]) ?? .english
  }

  func print(on terminal: Terminal) {
    var table = TextTable(header: [language.word("lesson"), ""])
    for lesson in Lesson.all { table.append([lesson.name, lesson.title(in: language)]) }
    if !terminal.isJSON {
      terminal.printTable(table)
      terminal.print("\nunroll lesson NAME runs one of them, unroll lesson --all runs them all")
    }
    terminal.printJSON(
      JSONValue.object([
        "lessons": .array(
          Lesson.all.map {
            ["lesson": .string($0.name), "title": .string($0.title(in: language))]
          })
      ]).encoded())
  }
}
