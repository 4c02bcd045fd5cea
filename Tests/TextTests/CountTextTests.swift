import Testing

@testable import UnrollText

/// Counts with their nouns.
struct CountTextTests {
  @Test(arguments: [
    (0, "0 updates"), (1, "1 update"), (2, "2 updates"), (8000, "8,000 updates"),
    (-1, "-1 updates"),
  ])
  func oneAloneIsSingular(count: Int, text: String) {
    #expect(NumberText.count(count, "update") == text)
  }

  @Test func nounsMayHaveAPluralOfTheirOwn() {
    #expect(NumberText.count(1, "class", "classes") == "1 class")
    #expect(NumberText.count(12_000, "class", "classes") == "12,000 classes")
  }
}
