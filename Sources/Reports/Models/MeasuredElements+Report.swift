import UnrollFileFormats
import UnrollSequenceTasks
import UnrollText

extension ResultLines {
  /// Two lines: the part of the file, and its elements.
  mutating func append(_ measured: MeasuredElements) {
    append("measured", measured.source)
    append("", measured.countedNumbers)
  }
}

extension MeasuredElements {
  /// The file, the part, the elements from the first to the last counted from 1, and the same in words.
  package var json: JSONValue {
    [
      "file": .string(path), "part": .string(part?.name ?? "all"), "elements": .string(noun),
      "first": .integer(range.lowerBound + 1), "last": .integer(range.upperBound),
      "count": .integer(count), "of": .integer(total), "words": .string(words),
    ]
  }
}
