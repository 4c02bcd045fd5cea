import Foundation
import UnrollDenseMath
import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// Predicting a text's next character (Unicode scalar) from those before it, over any UTF-8 file.
/// Cross-entropy at every step whose next character is in the vocabulary: an unknown character is no
/// target. The last tenth of the characters is held out, its first half for validation and its second
/// for the test.
///
/// The file is mapped, not read: see `IndexedText`. Rows are equal stretches of the text side by
/// side, so that a row's state carries on from window to window.
public struct TextTask: SequenceTask {
  /// The characters, which are the classes.
  public let vocabulary: TextVocabulary
  /// The share of each part's characters that are not in the vocabulary, from 0 to 1.
  public let unknownShares: [Split: Double]
  public let target: TargetKind
  private let isLimited: Bool
  private let baselines: [Split: Double]
  private let text: IndexedText
  private let parts: DataSplit
  private let extent: TestExtent?

  /// Cross-entropy on the known characters of the test part, in nats a character, of their frequencies
  /// in the training part, each count raised by one; of a text without one, of their frequencies in the
  /// text itself.
  public var baselineLoss: Double { baselineLoss(in: .test) }
  public var name: String { "text" }
  public var input: InputKind { vocabulary.input }
  public var isStream: Bool { true }
  public var baselineName: String {
    parts.training > 0 ? "character frequencies" : "its own character frequencies"
  }
  public var dataSplit: DataSplit? { parts }
  public var modelMetadata: [String: String] { [TextVocabulary.metadataKey: vocabulary.encoded] }

  /// The most characters that an evaluation reads, in stretches spread evenly over its part: enough
  /// for a standard error under 0.01 bits a character.
  static let evaluatedCharacters = 1 << 18
  /// The fewest steps of an evaluation's row where its part allows it, so that few are predicted from
  /// a cold state.
  static let evaluatedRowSteps = 300
  /// The same where all of a text is read: most are then read in one stretch, from one fresh state.
  static let wholeRowSteps = 1 << 16

  /// Indexes the file at `path`, reading it once and its held-out end twice.
  ///
  /// - Parameters:
  ///   - vocabulary: a model's own; nil makes one from the training part.
  ///   - outputs: the number of outputs of that model.
  ///   - limit: the most characters of a vocabulary made here; nil for all of the training part.
  ///   - validation: how much before the test part is for validation; nil is a twentieth of the text.
  ///   - test: how much of the end is for the test; nil is a twentieth of the text.
  ///   - split: how a run has divided the text, of which what lies beyond is not used; nil uses all.
  ///   - extent: what a model is tested on that was trained before, in place of the sizes and the split:
  ///     every character of it. A text that is tested as a whole has no part to train on.
  /// - Throws: `FileError` for what is not UTF-8 text, ``TaskError/tooFewData(path:count:heldOut:needed:)``,
  ///   ``TaskError/partTooSmall(path:part:count:total:needed:)``,
  ///   ``TaskError/nothingInVocabulary(path:part:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``,
  ///   ``TaskError/otherSplit(path:recorded:found:)``.
  public init(
    path: String, vocabulary: TextVocabulary? = nil, outputs: Int? = nil, limit: Int? = nil,
    validation: HeldOutSize? = nil, test: HeldOutSize? = nil, split: DataSplit? = nil,
    extent: TestExtent? = nil
  ) throws {
    text = try IndexedText(path: path)
    let count = extent == nil ? try DataSplit.count(split, of: text.count, path: path) : text.count
    parts =
      try extent?.split(
        count: count, path: path, least: DataSplit.leastCharacters, noun: "character")
      ?? .text(path: path, count: count, validation: validation, test: test)
    self.extent = extent
    let validationCounts = try text.counts(in: parts.range(of: .validation))
    let testCounts = try text.counts(in: parts.range(of: .test))
    let training =
      count == text.count
      ? text.counts.subtracting(validationCounts).subtracting(testCounts)
      : try text.counts(in: parts.range(of: .train))
    let isOwn = vocabulary == nil
    // What a text without a training part is measured against, and known by, is its own.
    let fitted = parts.training > 0 ? training : testCounts
    let vocabulary = vocabulary ?? TextVocabulary(fitted, limit: limit)
    self.vocabulary = vocabulary
    target = vocabulary.target(outputs: outputs)
    let counts = [Split.train: training, .validation: validationCounts, .test: testCounts]
      .mapValues(vocabulary.classCounts)
    let trained = vocabulary.classCounts(fitted).known
    isLimited = limit.map { $0 < fitted.scalars.count } ?? false
    baselines = counts.mapValues { Self.crossEntropy(of: $0.known, under: trained) }
    unknownShares = counts.mapValues { known, unknown in
      Double(unknown) / Double(max(known.reduce(unknown, +), 1))
    }
    if extent == nil { try parts.requireSame(as: split, path: path) }
    try requireCount(forRows: 1)
    try requireTarget(in: .test, rows: 1)
    // A model that is used on another text is not validated on it.
    if isOwn, extent == nil { try requireTarget(in: .validation, rows: 1) }
    if parts.training > 0 { try requireTarget(in: .train, rows: 1) }
    text.file.watchContent()
  }

  /// What share of each part is unknown, where the vocabulary was limited or it is more than a few
  /// characters.
  public var notices: [String] {
    guard isLimited || unknownShares.values.contains(where: { $0 >= 0.01 }) else { return [] }
    func share(_ split: Split) -> String {
      "\(NumberText.percent(unknownShares[split] ?? 0)) of the characters"
    }
    let shares = Split.allCases.filter { unknownShares[$0, default: 0] > 0 }
      .map { "\(share($0)) \($0.purpose)" }
    let words = parts.training > 0 ? shares.listed("and") : share(.test)
    if words.isEmpty { return [] }
    return [
      "\(text.file.path.escaped): \(words) are not in the vocabulary of \(NumberText.count(vocabulary.scalars.count)), and are not predicted"
    ]
  }

  public func baselineLoss(in split: Split) -> Double {
    baselines[split] ?? .nan
  }

  public func requireData(forRows rows: Int) throws(TaskError) {
    if parts.training == 0 { return }
    try requireCount(forRows: rows)
    try requireTarget(in: .train, rows: rows)
  }

  public func requireWholeFiles() throws(FileError) { try text.file.requireWhole() }

  public func requireUnchangedFiles() throws(FileError) { try text.file.requireUnchanged() }

  private func requireCount(forRows rows: Int) throws(TaskError) {
    if extent != nil { return }
    let needed = StreamRows.elementsNeeded(forRows: rows)
    let count = parts.range(of: .train).count
    if count < needed {
      throw .tooFewData(
        path: text.file.path, count: count, heldOut: parts.count - count, needed: needed)
    }
  }

  /// Refuses a part that has nothing to predict. The first known character is nearly always close.
  private func requireTarget(in split: Split, rows: Int) throws(TaskError) {
    let cut = StreamRows(elements: parts.range(of: split).count, rows: rows)
    var reader = text.reader(from: parts.range(of: split).lowerBound)
    _ = nextClass(&reader)
    for _ in 0..<cut.spacing * rows where nextClass(&reader) != vocabulary.unknownClass { return }
    throw .nothingInVocabulary(path: text.file.path, part: split)
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { cut(split, rows: rows).length }

  public func layout(of split: Split, trainingRows rows: Int) -> (rows: Int, sequences: Int) {
    let least = readsAll(split) ? Self.wholeRowSteps : Self.evaluatedRowSteps
    let rows = max(1, min(rows, (parts.range(of: split).count - 1) / least))
    return (rows: rows, sequences: rows)
  }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let (rows, steps) = (batch.shape.rows, batch.shape.timeSteps)
    let cut = cut(location.split, rows: location.rows)
    batch.lossMask.fill(1)
    for row in 0..<rows {
      let filled = cut.steps(
        ofRow: location.sequence + row, from: location.step, atMost: steps)
      for step in filled..<steps {
        batch.inputClasses[step * rows + row] = 0
        batch.targetClasses[step * rows + row] = 0
        batch.lossMask.slice(step * rows + row..<step * rows + row + 1).fill(0)
      }
      guard filled > 0 else { continue }
      let start = cut.element(row: location.sequence + row, step: location.step)
      var reader = text.reader(from: parts.range(of: location.split).lowerBound + start)
      let firstByte = reader.byteOffset
      var current = nextClass(&reader)
      for step in 0..<filled {
        let (next, place) = (nextClass(&reader), step * rows + row)
        batch.inputClasses[place] = current
        if next == vocabulary.unknownClass {
          batch.targetClasses[place] = 0
          batch.lossMask.slice(place..<place + 1).fill(0)
        } else {
          batch.targetClasses[place] = next
        }
        current = next
      }
      text.dropBlocks(passedBetween: firstByte, and: reader.byteOffset)
    }
  }

  /// A loss in nats a character as bits a character: ℓ / ln 2.
  public static func bitsPerCharacter(_ loss: Double) -> Double { loss / log(2) }

  public func results(loss: Double, in split: Split) -> [TaskResult] {
    [
      TaskResult(
        key: "bits_per_character", label: "bits per character",
        value: Self.bitsPerCharacter(loss)),
      TaskResult(
        key: "unknown_share", label: "unknown characters", share: unknownShares[split] ?? 0),
    ]
  }

  public func measured(in split: Split, trainingRows rows: Int) -> MeasuredElements? {
    let part = parts.range(of: split)
    guard part.count > 1 else { return nil }
    let rows = layout(of: split, trainingRows: rows).rows
    let cut = cut(split, rows: rows)
    return MeasuredElements(
      path: text.file.path, noun: "characters", part: part.count == text.count ? nil : split,
      range: part.dropFirst(), total: text.count,
      count: (0..<rows).reduce(0) { $0 + cut.steps(ofRow: $1, from: 0, atMost: .max) },
      stretches: rows, hasGrown: split == .test && extent?.adds(behind: parts) ?? false)
  }

  /// Whether every character of a part is read, rather than stretches of it.
  private func readsAll(_ split: Split) -> Bool { extent != nil && split == .test }

  private func cut(_ split: Split, rows: Int) -> StreamRows {
    let isLimited = split != .train && !readsAll(split)
    return StreamRows(
      elements: parts.range(of: split).count, rows: rows,
      stepLimit: isLimited ? max(1, Self.evaluatedCharacters / rows) : .max,
      coversAll: readsAll(split))
  }

  /// The class of the next character. A file that was checked fails here only when it has been
  /// changed since; what is no longer text is then an unknown character.
  private func nextClass(_ reader: inout UnicodeScalarReader) -> Int32 {
    guard let scalar = try? reader.next() else { return vocabulary.unknownClass }
    return vocabulary.classIndex(of: scalar)
  }

  private static func crossEntropy(of observed: [Int], under training: [Int]) -> Double {
    let total = Double(training.reduce(0, +) + training.count)
    let nats = zip(observed, training).reduce(0.0) { sum, pair in
      sum - Double(pair.0) * log((Double(pair.1) + 1) / total)
    }
    return nats / Double(max(observed.reduce(0, +), 1))
  }
}
