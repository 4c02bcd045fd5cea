import UnrollFileFormats
import UnrollRecurrentCells

/// Sequences of your own, each of up to T steps of I numbers, from memory or from a file
/// (safetensors, `.npz` or `.npy`):
///
/// | array | shape | content |
/// | --- | --- | --- |
/// | `x` | [T, N, I] | the inputs of N sequences, floating point |
/// | `y` | [N, O] or [T, N, O] | numbers to come close to, at the last step or at every step; of one a step also [T, N] |
/// | `y` | [N] or [T, N] | classes to name instead, integers; −100 where there is no target |
/// | `lengths` | [N] | optional: the steps of each sequence, those beyond being padding |
/// | `classes` | [] | optional, with class targets: O, where the largest class may not occur |
///
/// Sequences come in their own order, wrapping around, or each pass over them in a seeded order.
/// Validation and test are what is held out from the end, or files of their own. Without either
/// nothing is held out, and the best weights are chosen by the loss on the training data.
///
/// Two sequences of three steps, and the class of each:
///
///     let task = try ArraysTask(
///       inputs: ShapedArray(shape: [3, 2, 1], [0.1, 0.9, 0.2, 0.8, 0.3, 0.7]),
///       targets: .classes(ShapedArray(shape: [2], [0, 1])))
public struct ArraysTask: SequenceTask {
  private let parts: ArraysParts
  private let order: ShuffledOrder?
  private let baselines: [Split: Double]
  private let digest: SequenceDigest
  public private(set) var notices: [String] = []
  /// Whether sequences follow those that a run recorded.
  private var hasGrown = false

  public var name: String { "arrays" }
  public var input: InputKind { parts.training.arrays.input }
  public var target: TargetKind { parts.training.arrays.target }
  /// The loss on the test part, or where there is none on the validation or training part, of the best
  /// constant answer to the training part: its mean target or its class frequencies.
  public var baselineLoss: Double { baselineLoss(in: measuredSplit) }
  public var baselineName: String {
    switch target {
    case .values: "mean target"
    case .classes: "class frequencies"
    }
  }
  public var dataSplit: DataSplit? { parts.split }
  public var modelMetadata: [String: String] { [SequenceDigest.metadataKey: digest.text] }

  /// A task on sequences in memory, which are copied.
  ///
  /// - Parameters:
  ///   - inputs: `x` [T, N, I].
  ///   - targets: `y`.
  ///   - lengths: the steps of each of the N sequences, from 1 to T; nil is T for all.
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for class targets; nil is the largest one plus 1.
  ///   - placement: at which steps the targets stand; nil where their shape says so. Numbers [N, O] that
  ///     could be [T, N] are then read as [N, O].
  ///   - masksMissing: whether number targets of NaN are left out rather than refused.
  ///   - validation: how much before the test part is for validation; nil for none.
  ///   - test: how much of the end is for the test; nil for none.
  /// - Throws: ``TaskError/ArraysProblem`` for shapes that do not fit each other, numbers that are not
  ///   finite within a sequence's length, classes or lengths out of range, and parts without a sequence
  ///   or a target.
  public init(
    inputs: ShapedArray<Double>, targets: SequenceTargets, lengths: [Int]? = nil,
    shuffle: Bool = false, seed: UInt64 = 1, classes: Int? = nil,
    placement: TargetPlacement? = nil, masksMissing: Bool = false, validation: HeldOutSize? = nil,
    test: HeldOutSize? = nil
  ) throws(TaskError.ArraysProblem) {
    let arrays = try SequenceArrays(
      inputs: inputs, targets: targets,
      lengths: lengths.map { ShapedArray(shape: [$0.count], $0) }, placement: placement,
      classes: classes, masksMissing: masksMissing)
    self.init(
      try ArraysParts(arrays, validation: validation, test: test), shuffle: shuffle, seed: seed)
  }

  /// A task on the sequences of the file at `path`, see `ArrayFile`.
  ///
  /// - Parameters:
  ///   - validation: the end of the file before the test part, or another file; nil for none.
  ///   - test: the end of the file, or another file; nil for none.
  ///   - shuffle: whether each pass over the sequences is in an order of its own.
  ///   - seed: of these orders.
  ///   - classes: O for integer targets, a model's own; nil is the largest one in the files plus 1.
  ///   - targets: a file of `y` alone, beside one without it, and at which steps the targets of all files
  ///     stand.
  ///   - masksMissing: whether number targets of NaN are left out rather than refused.
  ///   - split: how a run has divided the file, of which what lies beyond is not used; nil uses all.
  ///   - extent: what is measured of a file that has grown since a model was trained on it; nil where
  ///     `validation` and `test` say it. `.whole` is the same as nil.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``,
  ///   ``TaskError/shorterThanRecorded(path:count:recorded:)``,
  ///   ``TaskError/otherSplit(path:recorded:found:)``.
  public init(
    path: String, targets: TargetsChoice = TargetsChoice(), validation: HeldOutPart? = nil,
    test: HeldOutPart? = nil, shuffle: Bool = false, seed: UInt64, classes: Int? = nil,
    masksMissing: Bool = false, split: DataSplit? = nil, extent: TestExtent? = nil
  ) throws {
    let reader = SequenceFileReader(
      classes: classes, masksMissing: masksMissing, placement: targets.placement)
    var arrays = try reader.read(path, targets: targets.path)
    var validationFile = try reader.read(validation, like: arrays)
    var testFile = try reader.read(test, like: arrays)
    let notices = [arrays, validationFile, testFile].flatMap { $0?.notices ?? [] }
    if case .classes = arrays.target {
      let most = [arrays, validationFile, testFile].compactMap { $0?.target.width }.max() ?? 1
      arrays = arrays.withClasses(most)
      validationFile = validationFile?.withClasses(most)
      testFile = testFile?.withClasses(most)
    }
    let count = try DataSplit.count(split, of: arrays.count, path: path)
    let parts: ArraysParts
    do throws(TaskError.ArraysProblem) {
      if case .grown(let recorded, _) = extent {
        parts = try ArraysParts(arrays, grownSince: recorded)
      } else {
        parts = try ArraysParts(
          arrays, count: count, validation: Self.size(validation), test: Self.size(test),
          validationFile: validationFile, testFile: testFile)
      }
    } catch {
      throw TaskError.arrays(path: path, error)
    }
    try parts.split.requireSame(as: split, path: path)
    self.init(parts, shuffle: shuffle, seed: seed)
    self.notices = notices
    hasGrown = extent?.adds(behind: parts.split) ?? false
  }

  private static func size(_ part: HeldOutPart?) -> HeldOutSize? {
    if case .end(let size) = part { size } else { nil }
  }

  private init(_ parts: ArraysParts, shuffle: Bool, seed: UInt64) {
    self.parts = parts
    digest = SequenceDigest(parts.training.arrays, count: parts.split.count)
    order = shuffle ? ShuffledOrder(count: parts.training.sequences.count, seed: seed) : nil
    var baselines: [Split: Double] = [:]
    for split in Split.allCases {
      baselines[split] = parts.part(split)?.baselineLoss(
        trainedOn: parts.training, isTraining: split == .train)
    }
    self.baselines = baselines
  }

  public func sequenceCount(in split: Split) -> Int? { parts.part(split)?.sequences.count ?? 0 }

  public func measured(in split: Split, trainingRows rows: Int) -> MeasuredElements? {
    guard let part = parts.part(split), let path = part.arrays.path else { return nil }
    let isWhole = part.sequences.count == part.arrays.count
    return MeasuredElements(
      path: path, noun: "sequences", part: isWhole ? nil : split, range: part.sequences,
      total: part.arrays.count, hasGrown: hasGrown && split == .test)
  }

  public func timeSteps(in split: Split, rows: Int) -> Int { part(split).arrays.steps }

  /// The steps of each sequence of a part.
  package func lengths(in split: Split) -> [Int] {
    Array(part(split).arrays.lengths[part(split).sequences])
  }

  /// The task in which nothing is held out of the sequences, which come in their own order.
  package var undivided: ArraysTask { ArraysTask(parts.undivided, shuffle: false, seed: 1) }

  public func supervision(
    in split: Split, steps: Int
  ) -> (supervised: Range<Int>, scored: Range<Int>) {
    (part(split).arrays.supervised, part(split).arrays.scored)
  }

  public func baselineLoss(in split: Split) -> Double { baselines[split] ?? .nan }

  /// The sequences of a part; those trained on for a part that there is not.
  private func part(_ split: Split) -> ArraysPart { parts.part(split) ?? parts.training }

  @_specialize(where Element == Float)
  public func fill<Element>(_ batch: Batch<Element>, from location: BatchLocation) {
    let part = part(location.split)
    let order = location.isForTraining ? order : nil
    for row in 0..<batch.shape.rows {
      let position = location.sequence + row
      let index = order?.sequence(at: position) ?? position % part.sequences.count
      part.arrays.fill(batch, row: row, with: part.sequences.lowerBound + index)
    }
  }
}
