import Foundation
import Testing
import UnrollFileFormats

@testable import UnrollSequenceTasks

struct TextTaskTests {
  /// 5,000 characters of one to four bytes.
  private static let scalars: [Unicode.Scalar] = (0..<5000).map { index in
    let alphabet: [Unicode.Scalar] = ["a", "b", "é", "→", "😀", "\n"]
    return alphabet[(index * index + index / 7) % alphabet.count]
  }

  private static func file(_ scalars: some Sequence<Unicode.Scalar>) throws -> TemporaryFile {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return try TemporaryFile(text)
  }

  private static func classes(_ range: Range<Int>, _ vocabulary: TextVocabulary) -> [Int32] {
    range.map { vocabulary.classIndex(of: scalars[$0]) }
  }

  @Test(arguments: [1, 3, 32])
  func rowsAreStretchesOfTheTrainingPart(rows: Int) throws {
    let file = try Self.file(Self.scalars)
    let task = try TextTask(path: file.path)
    let length = (4500 - 1) / rows
    #expect(task.timeSteps(in: .train, rows: rows) == length)
    for step in [0, 1, length / 2, length - 20] {
      let batch = task.filled(rows: rows, step: step, steps: 20)
      for row in 0..<rows {
        let start = row * length + step
        let got = batch.row(row)
        #expect(got.inputClasses == Self.classes(start..<start + 20, task.vocabulary))
        #expect(got.targetClasses == Self.classes(start + 1..<start + 21, task.vocabulary))
        #expect(got.lossMask == Array(repeating: 1, count: 20))
      }
    }
  }

  @Test func stepsPastTheEndHaveNoWeight() throws {
    let file = try Self.file(Self.scalars)
    let task = try TextTask(path: file.path)
    let length = task.timeSteps(in: .train, rows: 3)
    let last = task.filled(rows: 3, step: length - 2, steps: 5).row(2)
    #expect(last.lossMask == [1, 1, 0, 0, 0])
    #expect(last.targetClasses[1] == Self.classes(3 * length..<3 * length + 1, task.vocabulary)[0])
    #expect(task.filled(rows: 3, step: length, steps: 5).row(2).lossMask == [0, 0, 0, 0, 0])
    #expect(task.filled(rows: 3, step: .max, steps: 5).row(2).lossMask == [0, 0, 0, 0, 0])
  }

  @Test(arguments: [(Split.validation, 4500..<4749), (.test, 4750..<4999)])
  func validationAndTestHalveTheLastTenth(split: Split, inputs: Range<Int>) throws {
    let file = try Self.file(Self.scalars)
    let task = try TextTask(path: file.path)
    // 250 characters: one row, which would rather have 300 steps.
    #expect(task.layout(of: split, trainingRows: 32) == (rows: 1, sequences: 1))
    let row = task.filled(split, rows: 1).row(0)
    #expect(row.inputClasses == Self.classes(inputs, task.vocabulary))
    #expect(
      row.targetClasses
        == Self.classes(inputs.lowerBound + 1..<inputs.upperBound + 1, task.vocabulary))
  }

  /// Sizes are of the end: the test last, validation before it, and the rest is trained on.
  @Test(arguments: [
    (HeldOutSize.share(0.2), HeldOutSize.share(0.1), 3500, 1000, 500),
    (.share(0.29), .count(7), 3543, 1450, 7), (.count(3), .share(0.1), 4497, 3, 500),
    (.count(20), .count(10), 4970, 20, 10),
  ])
  func takesSizes(
    validation: HeldOutSize, test: HeldOutSize, training: Int, validated: Int, tested: Int
  ) throws {
    let file = try Self.file(Self.scalars)
    let task = try TextTask(path: file.path, validation: validation, test: test)
    let steps = Split.allCases.map { task.timeSteps(in: $0, rows: 1) }
    #expect(steps == [training - 1, validated - 1, tested - 1])
    let first = task.filled(.validation, rows: 1, steps: 2).row(0).inputClasses
    #expect(first == Self.classes(training..<training + 2, task.vocabulary))
  }

  /// As before there were three parts, a tenth is held out whatever the length.
  @Test func aTenthIsHeldOut() throws {
    for count in 40..<180 {
      let file = try TemporaryFile(String(repeating: "a", count: count))
      let task = try TextTask(path: file.path)
      #expect(task.timeSteps(in: .train, rows: 1) == count - max(count / 10, 4) - 1)
    }
  }

  @Test func refusesPartsWithNothingToPredict() throws {
    let file = try Self.file(Self.scalars)
    #expect(
      throws: TaskError.partTooSmall(
        path: file.path, part: .validation, count: 1, total: Self.scalars.count, needed: 2)
    ) { try TextTask(path: file.path, validation: .share(0.0002)) }
    #expect(
      throws: TaskError.partTooSmall(
        path: file.path, part: .test, count: 1, total: Self.scalars.count, needed: 2)
    ) {
      try TextTask(path: file.path, test: .count(1))
    }
    #expect(
      throws: TaskError.tooFewData(
        path: file.path, count: 0, heldOut: Self.scalars.count, needed: 3)
    ) {
      try TextTask(path: file.path, validation: .share(0.7), test: .share(0.7))
    }
  }

  @Test func testOfALongTextReadsEvenlySpreadStretches() throws {
    let file = try TemporaryFile(String(repeating: "0123456789", count: 600_000))
    let task = try TextTask(path: file.path)
    let layout = task.layout(of: .test, trainingRows: 32)
    #expect(layout == (rows: 32, sequences: 32))
    #expect(task.timeSteps(in: .test, rows: 32) == (1 << 18) / 32)
    let rows = task.filled(.test, rows: 32, steps: 3).allRows
    for (index, row) in rows.enumerated() {
      #expect(row.inputClasses[0] == Int32(index * (299_999 / 32) % 10), "row \(index)")
    }
  }

  /// Every character is read once, in however many stretches, and those past an end are no targets.
  @Test func aTextThatIsTestedAsAWholeIsReadToItsEnd() throws {
    let count = 3 * TextTask.wholeRowSteps + 2
    let file = try TemporaryFile(
      String(String(repeating: "0123456789", count: count).prefix(count)))
    let task = try TextTask(path: file.path, extent: .whole)
    #expect(!task.has(.validation) && task.measuredSplit == .test)
    #expect(task.layout(of: .test, trainingRows: 1) == (rows: 1, sequences: 1))
    #expect(task.timeSteps(in: .test, rows: 1) == count - 1)
    #expect(task.layout(of: .test, trainingRows: 32) == (rows: 3, sequences: 3))
    let length = task.timeSteps(in: .test, rows: 3)
    #expect(length == TextTask.wholeRowSteps + 1)
    let rows = task.filled(.test, rows: 3, step: length - 3, steps: 4).allRows
    #expect(rows.map(\.lossMask) == [[1, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0]])
    #expect(rows[2].targetClasses[0] == Int32((count - 1) % 10))
    for rows in [1, 32] {
      let measured = try #require(task.measured(in: .test, trainingRows: rows))
      #expect(measured.range == 1..<count && measured.count == count - 1 && measured.total == count)
    }
  }

  @Test func theVocabularyIsTheTrainingParts() throws {
    let file = try TemporaryFile(String(repeating: "ab", count: 45) + "abbabcccaa")
    let task = try TextTask(path: file.path)
    #expect(task.vocabulary.scalars == ["a", "b"])
    #expect(task.filled(.validation, rows: 1).inputClasses == [0, 1, 1, 0])
    let test = task.filled(.test, rows: 1).row(0)
    #expect(test.inputClasses == [2, 2, 2, 0])
    #expect(test.targetClasses == [0, 0, 0, 0] && test.lossMask == [0, 0, 1, 1])
    // 45 a and 45 b, each count raised by one: 92 in all. The test has 2 a besides 3 unknown.
    #expect(abs(task.baselineLoss - log(2.0)) < 1e-12)
    #expect(abs(task.baselineLoss(in: .validation) - log(2.0)) < 1e-12)
    #expect(task.unknownShares == [.train: 0, .validation: 0, .test: 0.6])
  }

  @Test func takesAModelsVocabulary() throws {
    let vocabulary = try TextVocabulary(decoding: "bx")
    let file = try TemporaryFile(String(repeating: "abx", count: 30))
    for (outputs, target) in [(nil, 2), (2, 2), (3, 3)] as [(Int?, Int)] {
      let task = try TextTask(path: file.path, vocabulary: vocabulary, outputs: outputs)
      #expect(task.input == .classes(3) && task.target == .classes(target))
      let row = task.filled(rows: 1, steps: 4).row(0)
      #expect(row.inputClasses == [2, 0, 1, 2])
      #expect(row.targetClasses == [0, 1, 0, 0] && row.lossMask == [1, 1, 0, 1])
    }
  }

  @Test func capsTheVocabulary() throws {
    let file = try Self.file(Self.scalars)
    let task = try TextTask(path: file.path, limit: 2)
    #expect(task.input == .classes(3) && task.target == .classes(2))
    let share = try #require(task.unknownShares[.train])
    let known = Self.scalars[..<4500].filter(task.vocabulary.scalars.contains).count
    #expect(share == Double(4500 - known) / 4500 && share > 0.1)
    #expect(task.notices.count == 1 && task.notices[0].contains("vocabulary of 2,"))
    #expect(try TextTask(path: file.path, limit: 6).notices.isEmpty)
  }

  /// Of parts where every character is known nothing is said.
  @Test func partsWithUnknownCharactersAreNamed() throws {
    let file = try Self.file(
      Array(
        (String(repeating: "ab", count: 485) + String(repeating: "z", count: 30)).unicodeScalars))
    let notice = try #require(TextTask(path: file.path).notices.first)
    #expect(
      notice.contains(" of the characters for the test are not in the vocabulary of 2,"),
      "\(notice)")
    #expect(!notice.contains("to train on") && !notice.contains("validation"), "\(notice)")
  }

  /// Characters that are evenly distributed cannot be told better than by chance, however many a text
  /// has; a class for the rest would be right most of the time.
  @Test func theBaselineOfManyCharactersIsThatOfChance() throws {
    let scalars = (0..<20_000).compactMap { Unicode.Scalar(0x4E00 + $0 * 7919 % 2500) }
    let file = try Self.file(scalars)
    let task = try TextTask(path: file.path)
    #expect(task.target == .classes(2500))
    // Those of the test occur 7 times in training: 8 of 18,000 + 2,500 counts, each raised by one.
    #expect(abs(TextTask.bitsPerCharacter(task.baselineLoss) - log2(20_500.0 / 8)) < 1e-12)
    #expect(task.unknownShares[.test] == 0)
  }

  @Test func aPartWithoutKnownCharactersIsRefused() throws {
    let file = try TemporaryFile(String(repeating: "ab", count: 45) + "ababaacccc")
    #expect(throws: TaskError.nothingInVocabulary(path: file.path, part: .test)) {
      try TextTask(path: file.path)
    }
    #expect(throws: TaskError.nothingInVocabulary(path: file.path, part: .test)) {
      try TextTask(path: file.path, vocabulary: TextVocabulary(decoding: "xyz"))
    }
    // A model's vocabulary need not have anything of the validation part.
    #expect(throws: TaskError.nothingInVocabulary(path: file.path, part: .train)) {
      try TextTask(path: file.path, vocabulary: TextVocabulary(decoding: "c"))
    }
    // The only known character of what two rows train on is left over behind them.
    let leftOver = try TemporaryFile("aaaab" + "bbbb")
    let task = try TextTask(
      path: leftOver.path, vocabulary: TextVocabulary(decoding: "b"), validation: .count(2),
      test: .count(2))
    #expect(throws: Never.self) { try task.requireData(forRows: 1) }
    let needs = try TemporaryFile("aaaaab" + "bbbb")
    let odd = try TextTask(
      path: needs.path, vocabulary: TextVocabulary(decoding: "b"), validation: .count(2),
      test: .count(2))
    #expect(throws: TaskError.nothingInVocabulary(path: needs.path, part: .train)) {
      try odd.requireData(forRows: 2)
    }
  }

  @Test func resultsHaveTheShareOfUnknownCharacters() throws {
    let file = try TemporaryFile(String(repeating: "ab", count: 45) + "abbabcccaa")
    let results = try TextTask(path: file.path).results(loss: log(8), in: .test)
    #expect(results.map(\.key) == ["bits_per_character", "unknown_share"])
    #expect(results[1].value == 0.6 && results[1].text == "60%")
  }

  @Test func countsInBits() {
    #expect(abs(TextTask.bitsPerCharacter(log(8)) - 3) < 1e-15)
  }

  @Test func refusesTextTooShortForItsRows() throws {
    let short = try TemporaryFile("abcd")
    #expect(throws: TaskError.tooFewData(path: short.path, count: 0, heldOut: 4, needed: 3)) {
      try TextTask(path: short.path)
    }
    let one = try TemporaryFile("a")
    #expect(throws: TaskError.tooFewData(path: one.path, count: 0, heldOut: 1, needed: 3)) {
      try TextTask(path: one.path)
    }
    let file = try TemporaryFile(String(repeating: "ab", count: 50))
    let task = try TextTask(path: file.path)
    try task.requireData(forRows: 44)
    #expect(throws: TaskError.tooFewData(path: file.path, count: 90, heldOut: 10, needed: 91)) {
      try task.requireData(forRows: 45)
    }
    let seven = try TemporaryFile("abcabca")
    let least = try TextTask(path: seven.path)
    #expect(least.timeSteps(in: .train, rows: 1) == 2 && least.timeSteps(in: .test, rows: 1) == 1)
  }

  @Test func refusesWhatIsNotText() throws {
    let binary = try TemporaryFile(Data("abc\0def".utf8))
    #expect(
      throws: FileError.malformed(path: binary.path, line: nil, .binary(byteOffset: 3))
    ) { try TextTask(path: binary.path) }
    let latin = try TemporaryFile(Data([0x61, 0xE9, 0x62]))
    #expect(
      throws: FileError.malformed(path: latin.path, line: nil, .notUTF8(byteOffset: 1))
    ) { try TextTask(path: latin.path) }
    #expect(throws: FileError.missing(path: "/nowhere/at all")) {
      try TextTask(path: "/nowhere/at all")
    }
    let empty = try TemporaryFile("")
    #expect(throws: FileError.empty(path: empty.path)) { try TextTask(path: empty.path) }
  }
}
