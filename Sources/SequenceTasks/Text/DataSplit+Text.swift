extension DataSplit {
  /// A twentieth of the text for each of validation and test.
  private static let usualShare = HeldOutSize.share(0.05)
  /// The fewest characters of a part: one to read and one to predict.
  static let leastCharacters = 2

  /// How a text of `count` characters is divided; nil sizes are the usual ones.
  ///
  /// - Throws: ``TaskError/partTooSmall(path:part:count:total:needed:)`` for a size that was given and is too
  ///   small; ``TaskError/tooFewData(path:count:heldOut:needed:)`` where nothing is left to train on.
  static func text(
    path: String, count: Int, validation: HeldOutSize?, test: HeldOutSize?
  ) throws(TaskError) -> DataSplit {
    var testCount = (test ?? usualShare).count(of: count)
    var validationCount = (validation ?? usualShare).count(of: count)
    if case .share(let first) = validation ?? usualShare,
      case .share(let second) = test ?? usualShare
    {
      // Both at once, so that two twentieths of a text are its last tenth.
      let heldOut = HeldOutSize.share(first + second).count(of: count)
      validationCount = HeldOutSize.share(first / (first + second)).count(of: heldOut)
      testCount = heldOut - validationCount
    }
    if validation == nil { validationCount = max(validationCount, leastCharacters) }
    if test == nil { testCount = max(testCount, leastCharacters) }
    for (part, size) in [(Split.validation, validationCount), (.test, testCount)]
    where size < leastCharacters {
      throw .partTooSmall(
        path: path, part: part, count: size, total: count, needed: leastCharacters)
    }
    let training = max(count - testCount - validationCount, 0)
    let needed = StreamRows.elementsNeeded(forRows: 1)
    if training < needed {
      throw .tooFewData(path: path, count: training, heldOut: count - training, needed: needed)
    }
    return DataSplit(count: count, training: training, validation: validationCount)
  }
}
