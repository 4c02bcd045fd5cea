import UnrollFigures
import UnrollFileFormats
import UnrollText

extension ReportedRun {
  /// `unroll lesson`: what was predicted and measured, and the figure. The lesson's words are on its own page,
  /// `lesson.html`.
  mutating func readLesson() {
    title = files.summary?["title"]?.string ?? "Lessons"
    let checks = files.summary?["checks"]?.array ?? []
    if !checks.isEmpty {
      let held = checks.count { $0["holds"] == .bool(true) }
      headline =
        "\(held) of \(NumberText.count(checks.count, "prediction")) hold; the lesson itself is in lesson.html"
    }
    if let picture = files.picture("lesson") { pictures.append((title, picture)) }
    if let picture = files.picture("surface") { pictures.append(("The surface", picture)) }
    add(PageTable("Predictions", objects: checks))
    add(files.summary?["lessons"]?.array.flatMap { PageTable("Lessons", objects: $0) })
    addTables(except: [])
  }
}
