import UnrollFileFormats

/// An option that some tasks take, by its name on the command line.
public enum TaskOption: String, Sendable, CaseIterable, CustomStringConvertible {
  /// The number of steps; see ``TaskOptions/length``.
  case length
  /// The file to learn from; see ``TaskOptions/file``.
  case file
  /// The column of a CSV file; see ``TaskOptions/column``.
  case column
  /// The columns that are read; see ``TaskOptions/columns``.
  case columns
  /// The columns that are predicted; see ``TaskOptions/target``.
  case target
  /// The number of values held out; see ``TaskOptions/holdout``.
  case holdout
  /// The data that the best weights are chosen by; see ``TaskOptions/validation``.
  case validation
  /// The data that the final weights are measured on; see ``TaskOptions/test``.
  case test
  /// The number of generated validation sequences; see ``TaskOptions/heldOut``.
  case validationSequences = "validation-sequences"
  /// The number of generated test sequences; see ``TaskOptions/heldOut``.
  case testSequences = "test-sequences"
  /// A file of sequences; see ``TaskOptions/inputs``.
  case inputs
  /// A file of targets, or the steps at which they stand; see ``TaskOptions/targets``.
  case targets
  /// What is done about missing values; see ``TaskOptions/reading``.
  case missing
  /// How fractions are written in a CSV file; see ``TaskOptions/reading``.
  case decimal
  /// The order of the rows of a CSV file; see ``TaskOptions/reading``.
  case order
  /// Whether a CSV file is without a header; see ``TaskOptions/reading``.
  case noHeader = "no-header"
  /// The most characters of a text's vocabulary; see ``TaskOptions/vocabularyLimit``.
  case vocabulary
  /// A seeded order of the sequences; see ``TaskOptions/shuffle``.
  case shuffle

  /// The options by which other kinds of tasks are told how much of their data is held out.
  public var counterparts: [TaskOption] {
    switch self {
    case .holdout: [.validation, .test, .validationSequences, .testSequences]
    case .validation: [.holdout, .validationSequences]
    case .test: [.holdout, .testSequences]
    case .validationSequences: [.validation, .holdout]
    case .testSequences: [.test, .holdout]
    default: []
    }
  }

  /// As on the command line: `test-sequences`.
  public var description: String { rawValue }
}

/// What a task is made from; each task reads what it takes and leaves the rest.
public struct TaskOptions: Sendable {
  /// T of generated sequences.
  public var length: Int
  /// The seed of generated sequences and of shuffling.
  public var seed: UInt64
  /// Rows side by side in a batch, which a stream must be long enough for.
  public var rows: Int
  /// The text, or the CSV file.
  public var file: String?
  /// The CSV file's column, which is read and predicted.
  public var column: String?
  /// The CSV file's columns that are read, separated by commas, instead of ``column``.
  public var columns: String?
  /// Those of them, or others, that are predicted, separated by commas; nil is all that are read.
  public var target: String?
  /// How many values at a series' end are held out for the test, and as many before them for
  /// validation.
  public var holdout: Int?
  /// What a text or a file's sequences have for validation; nil is the task's own.
  public var validation: HeldOutPart?
  /// What a text or a file's sequences have for the test; nil is the task's own.
  public var test: HeldOutPart?
  /// The sizes of a generated task's validation and test.
  public var heldOut: HeldOutCounts
  /// The file of sequences: safetensors, `.npz` or `.npy`.
  public var inputs: String?
  /// The file of targets, where that of the sequences has none, and the steps at which they stand.
  public var targets: TargetsChoice
  /// How the CSV file is read, and what is done about missing values.
  public var reading: CSVReading
  /// Whether the sequences of a file come in a seeded order, new in each pass over them.
  public var shuffle: Bool
  /// The most characters that a text's vocabulary holds; nil for all of its training part.
  public var vocabularyLimit: Int?
  /// A saved model's vocabulary.
  public var vocabulary: TextVocabulary?
  /// A saved model's scalings.
  public var scalings: SeriesScalings?
  /// A saved model's number of outputs, which are its classes.
  public var classes: Int?
  /// How a run has divided its data: elements beyond its count are not used. Nil takes all.
  public var split: DataSplit?
  /// What of a file a saved model is tested on; nil is the usual test part.
  public var extent: TestExtent?

  /// Options; those left out are the defaults of `unroll train`.
  public init(
    length: Int = 100, seed: UInt64 = 1, rows: Int = 1, file: String? = nil,
    column: String? = nil, columns: String? = nil, target: String? = nil, holdout: Int? = nil,
    validation: HeldOutPart? = nil,
    test: HeldOutPart? = nil, heldOut: HeldOutCounts = HeldOutCounts(), inputs: String? = nil,
    targets: TargetsChoice = TargetsChoice(), reading: CSVReading = CSVReading(),
    shuffle: Bool = false,
    vocabularyLimit: Int? = nil, vocabulary: TextVocabulary? = nil, scalings: SeriesScalings? = nil,
    classes: Int? = nil, split: DataSplit? = nil, extent: TestExtent? = nil
  ) {
    self.length = length
    self.seed = seed
    self.rows = rows
    self.file = file
    self.column = column
    self.columns = columns
    self.target = target
    self.holdout = holdout
    self.validation = validation
    self.test = test
    self.heldOut = heldOut
    self.inputs = inputs
    self.targets = targets
    self.reading = reading
    self.shuffle = shuffle
    self.vocabularyLimit = vocabularyLimit
    self.vocabulary = vocabulary
    self.scalings = scalings
    self.classes = classes
    self.split = split
    self.extent = extent
  }
}
