import Testing
import UnrollFileFormats
import UnrollSequenceTasks

struct TextVocabularyTests {
  private func vocabulary(_ text: String, limit: Int? = nil) throws -> TextVocabulary {
    let file = try TemporaryFile(text)
    return TextVocabulary(try IndexedText(path: file.path).counts, limit: limit)
  }

  @Test func sortsCharactersAndSharesOneClassAmongTheRest() throws {
    let vocabulary = try vocabulary("baéb→a😀")
    #expect(vocabulary.scalars == ["a", "b", "é", "→", "😀"])
    #expect(vocabulary.unknownClass == 5)
    #expect(vocabulary.input == .classes(6) && vocabulary.target() == .classes(5))
    #expect(vocabulary.scalars.map(vocabulary.classIndex(of:)) == [0, 1, 2, 3, 4])
    for unknown in ["\u{1}", "c", "z", "\u{10FFFF}"] as [Unicode.Scalar] {
      #expect(vocabulary.classIndex(of: unknown) == 5)
    }
  }

  @Test func keepsTheMostFrequent() throws {
    #expect(try vocabulary("zzzyyxxwa", limit: 3).scalars == ["x", "y", "z"])
    // Of w and a, which occur once each, the lower code point stays.
    #expect(try vocabulary("zzzyyxxwa", limit: 4).scalars == ["a", "x", "y", "z"])
  }

  @Test func keepsAllWithoutALimit() throws {
    let text = String(
      String.UnicodeScalarView((0..<3000).compactMap { Unicode.Scalar(0x4E00 + $0) }))
    let vocabulary = try vocabulary(text)
    #expect(vocabulary.scalars.count == 3000 && vocabulary.target() == .classes(3000))
  }

  /// An unknown character is read, but only a model of an earlier version has an output for it.
  @Test func theUnknownClassIsNoTargetOfANewModel() throws {
    let vocabulary = try TextVocabulary(decoding: "abc")
    #expect(vocabulary.target(outputs: 4) == .classes(4))
    for outputs in [nil, 1, 3, 5] as [Int?] {
      #expect(vocabulary.target(outputs: outputs) == .classes(3))
    }
  }

  @Test func readsBackWhatItWrites() throws {
    let vocabulary = try vocabulary("e\u{301}\r\n\t\"\\ ~é\u{FEFF}\u{1F468}\u{200D}")
    #expect(try TextVocabulary(decoding: vocabulary.encoded) == vocabulary)
    #expect(vocabulary.encoded.unicodeScalars.count == vocabulary.scalars.count)
  }

  @Test(arguments: ["", "ba", "aa", "\0", "\0a", "abca"])
  func refusesWhatItDidNotWrite(text: String) {
    #expect(throws: FileProblem.self) { try TextVocabulary(decoding: text) }
  }
}
