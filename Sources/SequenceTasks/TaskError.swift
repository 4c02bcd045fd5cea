import UnrollFileFormats

/// A task that cannot be made, or data that cannot be used, as asked.
public enum TaskError: Error, Equatable, Sendable {
  /// No task has this name.
  case unknownTask(String, accepted: [String])
  /// The task cannot do without this option.
  case missingOption(task: String, option: TaskOption)
  /// The length is below what the task's definition needs, or beyond any memory.
  case lengthOutOfRange(task: String, length: Int, accepted: ClosedRange<Int>)
  /// Fewer data to train on, in characters or values, than the rows asked for need. `heldOut` are those of
  /// validation and test.
  case tooFewData(path: String, count: Int, heldOut: Int, needed: Int)
  /// Fewer data in all than the smallest training, validation and test parts together.
  case tooShort(path: String, count: Int, needed: Int)
  /// A part of the `total` data is smaller than anything could be measured on.
  case partTooSmall(path: String, part: Split, count: Int, total: Int, needed: Int)
  /// Data that are measured as a whole have fewer elements than anything could be measured on. `noun` is
  /// what one is called: `value`.
  case tooFewToMeasure(path: String, count: Int, needed: Int, noun: String)
  /// The task takes a share or a number for this option, and no file.
  case fileNotAccepted(task: String, option: TaskOption, path: String)
  /// The number of values held out leaves nothing to test on, or too little to train on.
  case holdoutOutOfRange(path: String, holdout: Int, accepted: ClosedRange<Int>)
  /// The file has fewer characters, values or sequences than a run has recorded of it.
  case shorterThanRecorded(path: String, count: Int, recorded: Int)
  /// The number of data used, of those trained on or of those for validation is another than a run
  /// has recorded.
  case otherSplit(path: String, recorded: DataSplit, found: DataSplit)
  /// The mean or the spread of a column's values is beyond Float64.
  case notScalable(path: String, column: String)
  /// The values of a column's training part are not equal, but lie so close together that their
  /// variance is no normal number.
  case tooClose(path: String, column: String, spread: Double)
  /// The arrays' shapes or values do not fit each other.
  case arrays(path: String, ArraysProblem)
  /// No row of a part of the data has values in all of the columns.
  case nothingKnown(path: String, columns: [String], part: Split)
  /// A column is named twice among those that are read, or those that are predicted.
  case repeatedColumn(path: String, column: String)
  /// More or fewer columns are read or predicted than a model needs.
  case otherColumns(
    path: String, inputs: Int, targets: Int, neededInputs: Int, neededTargets: Int)
  /// One column that is read and predicted, together with a list of columns.
  case columnAndList(list: TaskOption)
  /// A list of columns that cannot be read as one.
  case columnList(option: TaskOption, text: String)
  /// A forecast of several steps needs values of a column that is read but not predicted.
  case noFeedback(horizon: Int, column: String)
  /// No character of a part of a text that could be predicted is in the vocabulary.
  case nothingInVocabulary(path: String, part: Split)
  /// A task whose missing values are not made up in this way.
  case missingNotAccepted(task: String, policy: MissingValues, accepted: [MissingValues])
  /// A model with other inputs or outputs than its use needs.
  case modelMismatch(use: ModelUse, needed: Int, inputs: Int, outputs: Int)

  /// What is wrong with arrays of sequences.
  public enum ArraysProblem: Error, Equatable, Sendable {
    /// `expected` is a pattern such as `[20, O] or [50, 20, O]`.
    case shape(tensor: String, expected: String, got: [Int])
    /// The shape would fit if the inputs, of the shape `inputs`, were [N, T, I].
    case batchFirst(tensor: String, expected: String, got: [Int], inputs: [Int])
    /// A class is negative, other than −100, or as large as the number of classes.
    case classOutOfRange(tensor: String, value: Int, accepted: ClosedRange<Int>)
    /// A sequence's length is below 1 or beyond the array's steps.
    case lengthOutOfRange(tensor: String, value: Int, accepted: ClosedRange<Int>)
    /// A number of classes that is none, or taken for a mistake.
    case countOutOfRange(tensor: String, value: Int, accepted: ClosedRange<Int>)
    /// The sequences of another file have other inputs or targets than those that are trained on.
    case otherSequences(tensor: String, expected: String, got: String)
    /// The sequences cannot be cut so that at least one is left for each part.
    case partTooSmall(Split, count: Int, of: Int)
    /// No sequence of the part has a target.
    case partWithoutTargets(Split)
    /// No elements, or no targets among them.
    case empty(tensor: String)
    /// The element at `index`, counted over the whole tensor, is not a finite number. Of a file it is
    /// reported as `FileProblem.nonFinite`.
    case nonFinite(tensor: String, index: Int)
    /// More elements than memory could hold once sequences are padded.
    case tooLarge(tensor: String)
    /// Integers where numbers enter a model: those of tokens, for the module `embedding` where it is
    /// known.
    case tokens(tensor: String, embedding: String?)
    /// Two tensors of which a file may have one.
    case both(tensor: String, and: String)
    /// The file has no array `y`.
    case noTargets(present: [String])
    /// The gradients are zero everywhere, so that nothing could be measured.
    case noGradient(tensors: [String])

    /// The array that the problem is with.
    var array: String {
      switch self {
      case .shape(let name, _, _), .batchFirst(let name, _, _, _), .classOutOfRange(let name, _, _),
        .lengthOutOfRange(let name, _, _), .countOutOfRange(let name, _, _),
        .otherSequences(let name, _, _), .empty(let name),
        .nonFinite(let name, _), .tooLarge(let name), .tokens(let name, _), .both(let name, _):
        name
      case .noGradient(let names): names.first ?? "x"
      case .partTooSmall: "x"
      case .partWithoutTargets, .noTargets: "y"
      }
    }
  }

  /// What a model was to be used for, `needed` being its inputs and outputs at each step.
  public enum ModelUse: Equatable, Sendable {
    /// Classes of characters in and out.
    case sampling
    /// Numbers in, and `targets` out.
    case forecasting(targets: Int)
  }
}
