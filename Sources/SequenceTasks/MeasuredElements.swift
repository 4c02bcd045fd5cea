import UnrollText

/// Which elements of which file a part of a task's data is measured on.
public struct MeasuredElements: Equatable, Sendable {
  /// The file.
  public let path: String
  /// What the elements are called, in the plural: `characters`, `values`, `sequences`.
  public let noun: String
  /// The part that they are; nil for all of the file.
  public let part: Split?
  /// The first and the last element that may be predicted, counted from 0 in the order in which they
  /// are read.
  public let range: Range<Int>
  /// How many elements the file has in all.
  public let total: Int
  /// How many of ``range`` are predicted: an evaluation of a long text reads some, and what is missing
  /// is no target.
  public var count: Int
  /// The stretches that they are read in, each from a fresh state; 1 but for a long text.
  public let stretches: Int
  /// Whether the file has grown since the model was trained, and its new elements are measured with
  /// those of the part.
  public let hasGrown: Bool

  /// Elements of the file at `path`.
  public init(
    path: String, noun: String, part: Split?, range: Range<Int>, total: Int, count: Int? = nil,
    stretches: Int = 1, hasGrown: Bool = false
  ) {
    self.path = path
    self.noun = noun
    self.part = part
    self.range = range
    self.total = total
    self.count = count ?? range.count
    self.stretches = stretches
    self.hasGrown = hasGrown
  }

  /// All `count` sequences of the file at `path`.
  package static func all(sequences count: Int, of path: String) -> MeasuredElements {
    MeasuredElements(path: path, noun: "sequences", part: nil, range: 0..<count, total: count)
  }

  /// `the test part of sunspots.csv: values 250 to 309 of 309 (60)`.
  public var words: String {
    "\(source): \(countedNumbers)"
  }

  /// `values 250 to 309 of 309 (60)`.
  public var countedNumbers: String {
    "\(numbers) (\(counted))"
      + (stretches > 1 ? ", in \(NumberText.count(stretches)) stretches" : "")
  }

  /// `values 250 to 309 of 309`, or `value 309 of 309`.
  public var numbers: String {
    let first = NumberText.count(range.lowerBound + 1)
    let elements =
      range.count == 1
      ? "\(noun.dropLast()) \(first)"
      : "\(noun) \(first) to \(NumberText.count(range.upperBound))"
    return "\(elements) of \(NumberText.count(total))"
  }

  private var counted: String {
    NumberText.count(count)
      + (count == range.count ? "" : " of these \(NumberText.count(range.count))")
  }

  /// `the test part of sunspots.csv`: the file without its folder, since a recorded path is from the root.
  public var source: String {
    let name = path.lastPathPart.escaped
    return switch part {
    case nil: "all of \(name)"
    case .train: "the training part of \(name)"
    case .validation: "the validation part of \(name)"
    case .test:
      hasGrown ? "the test part of \(name) and what follows it" : "the test part of \(name)"
    }
  }
}
