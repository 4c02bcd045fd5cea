import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// The characters a model knows, each a class by its location in ascending order of code points.
///
/// All other characters share one class more, which is an input only: a model reads that there is a
/// character it does not know, but is never asked to predict it, since to be right about that would not
/// be to be right about a character.
public struct TextVocabulary: Sendable, Equatable {
  /// The known characters, ascending.
  public let scalars: [Unicode.Scalar]

  /// The key of ``encoded`` in a model file's metadata.
  public static let metadataKey = "vocabulary"

  /// All characters of a text, or the `limit` most frequent ones; of equally frequent ones, those of
  /// lower code points.
  public init(_ counts: ScalarCounts, limit: Int? = nil) {
    guard let limit else {
      scalars = counts.scalars
      return
    }
    require(limit >= 1, "expected room for at least 1 character, got \(limit)")
    let byFrequency = counts.scalars.indices.sorted {
      (counts.counts[$1], $0) < (counts.counts[$0], $1)
    }
    scalars = byFrequency.prefix(limit).map { counts.scalars[$0] }.sorted()
  }

  /// What enters a model: the class of a known character, or that of all others.
  public var input: InputKind { .classes(scalars.count + 1) }

  /// What a model with `outputs` outputs predicts: the known characters. Models of earlier versions have
  /// an output for unknown characters as well, which is never the target.
  ///
  /// - Parameter outputs: nil for a new model.
  public func target(outputs: Int? = nil) -> TargetKind {
    .classes(outputs == scalars.count + 1 ? scalars.count + 1 : scalars.count)
  }

  /// The class of all characters that are not known, which follows those of the known ones.
  public var unknownClass: Int32 { Int32(scalars.count) }

  /// The class of a character, as an input.
  public func classIndex(of scalar: Unicode.Scalar) -> Int32 {
    var (lower, upper) = (0, scalars.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if scalars[middle] < scalar { lower = middle + 1 } else { upper = middle }
    }
    return lower < scalars.count && scalars[lower] == scalar ? Int32(lower) : unknownClass
  }

  /// How often each known character occurs in a text with the counts `counts`, and how many others
  /// there are.
  func classCounts(_ counts: ScalarCounts) -> (known: [Int], unknown: Int) {
    var known = [Int](repeating: 0, count: scalars.count)
    for (scalar, occurrences) in zip(counts.scalars, counts.counts) {
      let index = Int(classIndex(of: scalar))
      if index < known.count { known[index] += occurrences }
    }
    return (known, counts.total - known.reduce(0, +))
  }
}

// MARK: - Model files

extension TextVocabulary {
  /// The known characters one after the other.
  public var encoded: String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  /// The vocabulary that ``encoded`` was written from.
  ///
  /// - Throws: `FileProblem.invalidMetadata` unless the characters ascend, at least one is there
  ///   and none is NUL.
  public init(decoding text: String) throws(FileProblem) {
    let scalars = Array(text.unicodeScalars)
    let ascends = zip(scalars, scalars.dropFirst()).allSatisfy { $0 < $1 }
    guard let first = scalars.first, first.value > 0, ascends else {
      throw .invalidMetadata(
        key: Self.metadataKey, value: text,
        accepted: ["one or more characters in ascending order of code points, none of them NUL"])
    }
    self.scalars = scalars
  }
}
