import Testing
import UnrollText

@testable import UnrollLessons

struct LessonTextsTests {
  private func placeholders(_ text: String) -> Set<String> {
    Set(text.matches(of: /\{([^}]*)\}/).map { String($0.1) })
  }

  @Test func everyLanguageHasTheSameTextsWithTheSameNumbers() {
    let all = LessonLanguage.allCases.map(\.texts.texts)
    for (language, texts) in zip(LessonLanguage.allCases, all) {
      #expect(Set(texts.keys) == Set(all[0].keys), "\(language)")
      for (key, text) in texts {
        #expect(!text.isEmpty, "\(language) \(key)")
        #expect(placeholders(text) == placeholders(all[0][key] ?? ""), "\(language) \(key)")
      }
    }
  }

  @Test func theChineseTextsAreChinese() {
    for lesson in Lesson.all {
      for key in ["title", "question", "prediction", "notes"] {
        let text = LessonLanguage.chinese.texts.texts["\(lesson.name)/\(key)"] ?? ""
        #expect(text.contains { $0.isWide }, "\(lesson.name) \(key)")
      }
    }
  }

  /// A lesson has the texts that all lessons have, and at least two exercises.
  @Test(arguments: Lesson.all.map(\.name))
  func aLessonHasItsTexts(name: String) throws {
    let texts = LessonLanguage.english.texts
    let keys = [
      "title", "question", "prediction", "assumptions", "notes", "exercise 2", "answer 2",
    ]
    for key in keys {
      // Its own, not one of all lessons.
      #expect(texts.texts["\(name)/\(key)"] != nil, "\(key)")
    }
    #expect(Lesson.named(name)?.title(in: .chinese) != name)
  }

  @Test func linesOfAParagraphAreJoined() {
    let texts = LessonTexts(
      parsing: "# a\n\n## title\none\ntwo\n\nthree\n## other\n一二\n三\n# shared\n## all\nx\n")
    #expect(texts.text("a", "title") == "one two\n\nthree")
    #expect(texts.text("a", "other") == "一二三")
    #expect(texts.text("a", "all") == "x")
    #expect(texts.text("a", "none") == nil)
  }

  @Test func numbersStandInPlaceOfTheirNames() {
    #expect("{a} of {b}, {c}".filled(with: ["a": "1", "b": "2"]) == "1 of 2, {c}")
    #expect("no end {a".filled(with: ["a": "1"]) == "no end {a")
  }
}
