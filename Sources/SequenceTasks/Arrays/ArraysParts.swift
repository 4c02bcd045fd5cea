import UnrollRecurrentCells
import UnrollText

/// What sequences are trained on, and what of them or of other files is held out.
struct ArraysParts: Sendable {
  let training: ArraysPart
  let validation: ArraysPart?
  let test: ArraysPart?
  /// How the sequences that are trained on were divided; those of other files are not counted.
  let split: DataSplit

  /// Cuts what is taken from the end of `arrays`, the test last and validation before it.
  ///
  /// - Parameters:
  ///   - count: how many of the sequences are used, from the first on; nil uses all.
  ///   - validation: how much of the end is for validation; nil for none.
  ///   - test: how much of the end is for the test; nil for none.
  ///   - validationFile: the sequences of another file for validation.
  ///   - testFile: the sequences of another file for the test.
  init(
    _ arrays: SequenceArrays, count: Int? = nil, validation: HeldOutSize? = nil,
    test: HeldOutSize? = nil, validationFile: SequenceArrays? = nil, testFile: SequenceArrays? = nil
  ) throws(TaskError.ArraysProblem) {
    let total = count ?? arrays.count
    var end = total
    func cut(_ size: HeldOutSize?, _ split: Split) throws(TaskError.ArraysProblem) -> ArraysPart? {
      guard let size else { return nil }
      let count = size.count(of: total)
      guard count >= 1 else { throw .partTooSmall(split, count: count, of: total) }
      // One sequence at least is left for training.
      guard count < end else { throw .partTooSmall(.train, count: 0, of: total) }
      end -= count
      return ArraysPart(arrays: arrays, sequences: end..<end + count)
    }
    let cutTest = try cut(test, .test)
    let cutValidation = try cut(validation, .validation)
    self.test = testFile.map(ArraysPart.init) ?? cutTest
    self.validation = validationFile.map(ArraysPart.init) ?? cutValidation
    training = ArraysPart(arrays: arrays, sequences: 0..<end)
    split = DataSplit(
      count: total, training: end, validation: cutValidation?.sequences.count ?? 0)
    for (part, split) in [
      (training, Split.train), (self.validation, .validation), (self.test, .test),
    ] where part?.hasTargets == false {
      throw .partWithoutTargets(split)
    }
  }

  /// The parts that a run recorded of the first sequences, and a test of those that follow its training
  /// and validation part.
  init(_ arrays: SequenceArrays, grownSince recorded: DataSplit) throws(TaskError.ArraysProblem) {
    let split = DataSplit(
      count: arrays.count, training: recorded.training, validation: recorded.validation)
    self.split = split
    func part(_ part: Split) -> ArraysPart? {
      let range = split.range(of: part)
      return range.isEmpty ? nil : ArraysPart(arrays: arrays, sequences: range)
    }
    training = part(.train) ?? ArraysPart(arrays)
    validation = part(.validation)
    guard let test = part(.test) else {
      throw .partTooSmall(.test, count: 0, of: arrays.count)
    }
    if !test.hasTargets { throw .partWithoutTargets(.test) }
    self.test = test
  }

  /// All sequences of `arrays` to train on.
  private init(all arrays: SequenceArrays) {
    training = ArraysPart(arrays)
    (validation, test) = (nil, nil)
    split = DataSplit(count: arrays.count, training: arrays.count, validation: 0)
  }

  /// The sequences that are trained on with those held out of them.
  var undivided: ArraysParts { ArraysParts(all: training.arrays) }

  func part(_ split: Split) -> ArraysPart? {
    switch split {
    case .train: training
    case .validation: validation
    case .test: test
    }
  }
}

extension SequenceArrays {
  /// Refuses sequences that a model of `others` cannot be measured on.
  func requireSameKind(as others: SequenceArrays) throws(TaskError.ArraysProblem) {
    if input != others.input {
      throw .otherSequences(
        tensor: "x", expected: Self.words(others.input.width, "number"),
        got: Self.words(input.width, "number"))
    }
    switch (target, others.target) {
    case (.classes, .classes): return
    case (.values(let own), .values(let other)) where own == other: return
    default:
      throw .otherSequences(
        tensor: "y", expected: Self.words(others.target), got: Self.words(target))
    }
  }

  private static func words(_ target: TargetKind) -> String {
    switch target {
    case .values(let count): words(count, "number")
    case .classes: "classes"
    }
  }

  private static func words(_ count: Int, _ noun: String) -> String {
    "\(NumberText.count(count, noun)) a step"
  }
}
