/// Where a text is cut: training, then validation, then test.
struct TextParts: Sendable {
  private let firstValidation: Int
  private let firstTest: Int
  private let count: Int

  /// A twentieth of the text for each of validation and test.
  private static let usual = HeldOutSize.share(0.05)
  /// The fewest characters of a part: one to read and one to predict.
  private static let least = 2

  /// - Throws: ``TaskError/partTooSmall(path:part:count:needed:)`` for a size that was given and is too
  ///   small; ``TaskError/tooFewData(path:count:needed:)`` where nothing is left to train on.
  init(
    path: String, count: Int, validation: HeldOutSize?, test: HeldOutSize?
  ) throws(TaskError) {
    var testCount = (test ?? Self.usual).count(of: count)
    var validationCount = (validation ?? Self.usual).count(of: count)
    if case .share(let first) = validation ?? Self.usual,
      case .share(let second) = test ?? Self.usual
    {
      // Both at once, so that two twentieths of a text are its last tenth.
      let heldOut = HeldOutSize.share(first + second).count(of: count)
      validationCount = HeldOutSize.share(first / (first + second)).count(of: heldOut)
      testCount = heldOut - validationCount
    }
    if validation == nil { validationCount = max(validationCount, Self.least) }
    if test == nil { testCount = max(testCount, Self.least) }
    for (part, size) in [(Split.validation, validationCount), (.test, testCount)]
    where size < Self.least {
      throw .partTooSmall(path: path, part: part, count: size, needed: Self.least)
    }
    self.count = count
    firstTest = max(count - testCount, 0)
    firstValidation = max(firstTest - validationCount, 0)
    let needed = StreamRows.elementsNeeded(forRows: 1)
    if firstValidation < needed {
      throw .tooFewData(path: path, count: firstValidation, needed: needed)
    }
  }

  var split: DataSplit {
    DataSplit(count: count, training: firstValidation, validation: firstTest - firstValidation)
  }

  func range(of split: Split) -> Range<Int> {
    switch split {
    case .train: 0..<firstValidation
    case .validation: firstValidation..<firstTest
    case .test: firstTest..<count
    }
  }
}
