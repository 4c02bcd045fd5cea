import Foundation
import Testing
import UnrollLessons
import UnrollTestSupport

@testable import UnrollCommands

struct LessonCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  @Test func withoutANameTheLessonsAreListed() {
    let list = runs.run(["lesson"])
    #expect(list.status == .done)
    for lesson in Lesson.all { #expect(list.out.contains(lesson.name)) }
    #expect(runs.run(["lesson", "--language", "zh"]).out.contains("四个 sigmoid 单元组成的链"))
  }

  @Test func aLessonWritesItsFiles() throws {
    let folder = runs.path("chain")
    let outcome = runs.run(["lesson", "chain", "--weights", "2", "--out", folder])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in ["lesson.csv", "lesson.html", "lesson.svg", "lesson.png", "summary.json"] {
      #expect(files.contains(name), "\(name)")
    }
    #expect(outcome.out.contains("Prediction: "))
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(arguments: [
    (["chian"], "LESSON chian: must be list, "),
    (
      ["chain", "--factors", "2"],
      "--factors 2: must be left out: the lesson chain takes --weights,"
    ),
    (
      ["chain", "--weights", "1,2"],
      "--weights 1,2: must be one number, or 4 from -1000000 to 1000000"
    ),
    (
      ["chain", "--weights", "a"], "--weights a: must be a number, or numbers between commas: 1,0.5"
    ),
    (["powers", "--layers", "1.5"], "--layers 1.5: must be a whole number from 2 to 1000"),
    (["chain", "--all"], "LESSON chain: must be left out with --all, which runs all lessons"),
    (["--all", "--factors", "1"], "--all and --factors exclude each other"),
    (["--language", "de"], "--language de: must be en or zh"),
  ])
  func mistakesAreSaidInALine(words: [String], error: String) {
    let outcome = runs.run(["lesson"] + words + ["--out", runs.path("run")])
    #expect(outcome.status == .usage)
    #expect(outcome.errors.first?.hasPrefix("unroll: \(error)") == true, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: runs.path("run")))
  }
}
