import Foundation
import Testing
import UnrollFileFormats
import UnrollLessons
import UnrollTestSupport

@testable import UnrollCommandLine
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

  /// The wall has a figure of its own, with every number of it; the page holds its picture.
  @Test func aLessonWithASurfaceDrawsIt() throws {
    let folder = runs.path("cliff")
    let outcome = runs.run(["lesson", "clipping-cliff", "--length", "20", "--out", folder])
    #expect(outcome.status == .done, "\(outcome.errors)")
    func rows(_ name: String) throws -> Int {
      try runs.text("cliff/\(name)").split(separator: "\n").count - 1
    }
    #expect(try rows("surface.csv") == 121 * 121 && rows("path.csv") == 2 * 501)
    let script = try runs.text("cliff/surface.gp")
    #expect(script.contains("T = 20, η = 0.08"))
    let page = try runs.text("cliff/lesson.html")
    #expect(
      page.contains("<img alt=\"The error E over w and b") && page.contains("image/png;base64"))
  }

  /// Each lesson in a folder of its own, and a page of all in either language that links to the other.
  @Test func allLessonsMakeAPage() throws {
    let folder = runs.path("all")
    guard
      case .arguments(let arguments) = try ArgumentParser(command: .lesson).parse([
        "--all", "--out", folder,
      ])
    else { throw UsageError.conflict("all", "help") }
    let test = TestTerminal()
    let course = try LessonCourse(
      arguments, terminal: test.terminal, lessons: [.chain, .powers])
    #expect(try course.run() == .done)
    for lesson in ["chain", "powers"] {
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(lesson)")
      #expect(Set(files).isSuperset(of: ["lesson.csv", "lesson.png", "summary.json"]))
    }
    let english = try String(contentsOfFile: "\(folder)/lessons.html", encoding: .utf8)
    let chinese = try String(contentsOfFile: "\(folder)/lessons.zh.html", encoding: .utf8)
    #expect(english.contains("href=\"lessons.zh.html\"") && english.contains("<h2>2. Powers: "))
    #expect(chinese.contains("href=\"lessons.html\"") && chinese.contains("<html lang=\"zh\">"))
    let summary = try JSONValue(contentsOf: "\(folder)/summary.json")
    #expect(summary["lessons"]?.array?.count == 2)
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
    (
      ["exploding", "--seed", "9223372036854775807"], "--seed 9223372036854775807: must be at most "
    ),
    (["--language", "de"], "--language de: must be en or zh"),
  ])
  func mistakesAreSaidInALine(words: [String], error: String) {
    let outcome = runs.run(["lesson"] + words + ["--out", runs.path("run")])
    #expect(outcome.status == .usage)
    #expect(outcome.errors.first?.hasPrefix("unroll: \(error)") == true, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: runs.path("run")))
  }
}
