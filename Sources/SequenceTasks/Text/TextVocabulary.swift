import UnrollFileFormats
import UnrollText

/// The characters a model knows, each a class by its location in ascending order of code points, and
/// behind them one class that all other characters share.
public struct TextVocabulary: Sendable, Equatable {
  /// The known characters, ascending.
  public let scalars: [Unicode.Scalar]

  /// How many characters are kept when nothing else is said.
  public static let defaultLimit = 512
  /// The key of ``encoded`` in a model file's metadata.
  public static let metadataKey = "vocabulary"

  /// The `limit` most frequent characters; of equally frequent ones, those of lower code points.
  public init(_ counts: ScalarCounts, limit: Int = defaultLimit) {
    require(limit >= 1, "expected room for at least 1 character, got \(limit)")
    let byFrequency = counts.scalars.indices.sorted {
      (counts.counts[$1], $0) < (counts.counts[$0], $1)
    }
    scalars = byFrequency.prefix(limit).map { counts.scalars[$0] }.sorted()
  }

  /// The number of classes.
  public var count: Int { scalars.count + 1 }

  /// The class of all characters that are not known.
  public var unknownClass: Int32 { Int32(scalars.count) }

  /// The class of a character.
  public func classIndex(of scalar: Unicode.Scalar) -> Int32 {
    var (lower, upper) = (0, scalars.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if scalars[middle] < scalar { lower = middle + 1 } else { upper = middle }
    }
    return lower < scalars.count && scalars[lower] == scalar ? Int32(lower) : unknownClass
  }

  /// How often each class occurs in a text with the counts `counts`.
  func classCounts(_ counts: ScalarCounts) -> [Int] {
    var result = [Int](repeating: 0, count: count)
    for (scalar, occurrences) in zip(counts.scalars, counts.counts) {
      result[Int(classIndex(of: scalar))] += occurrences
    }
    return result
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
