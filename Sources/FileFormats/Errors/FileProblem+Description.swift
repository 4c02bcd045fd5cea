import Foundation
import UnrollText

extension FileProblem: CustomStringConvertible, LocalizedError {
  /// What is wrong with the content, without the file's name.
  public var description: String {
    switch self {
    case .notUTF8(let offset): "not UTF-8 text (byte \(offset))"
    case .otherEncoding(let encoding):
      "text in \(encoding); UTF-8 is accepted"
    case .binary(let offset): "binary, where text is accepted (NUL at byte \(offset))"

    case .foreign(let kind): kind.description

    case .badJSON(let offset): "not valid JSON (byte \(offset))"
    case .nestingTooDeep(let limit): "JSON nested more than \(limit) deep"
    case .duplicateKey(let key): "the JSON key \(key.quoted) occurs twice"

    case .truncated(let expected, let actual):
      "cut off: \(actual) bytes, where safetensors has at least \(expected)"
    case .badHeader(let offset):
      "its header cannot be read (byte \(offset)): no safetensors file, or a damaged one"
    case .headerTooLong(let declared, let limit):
      "a safetensors header of \(declared) bytes; at most \(limit) are accepted"
    case .headerBeyondFile(let declared, let available):
      "not a safetensors file, or cut off: a header of \(declared) bytes is declared, "
        + "but only \(available) follow"
    case .trailingBytes(let count): "\(count) bytes follow the last tensor; none are accepted"

    case .invalidTensorField(let tensor, let field):
      "tensor \(tensor.quoted) has no valid \(field.quoted); accepted: "
        + FileProblem.meaning(ofTensorField: field)
    case .unknownDtype(let tensor, let dtype, let accepted):
      "tensor \(tensor.quoted) has the unknown dtype \(dtype.quoted); accepted: "
        + accepted.joined(separator: ", ")
    case .sizeOverflow(let tensor, let shape):
      "tensor \(tensor.quoted): the shape \(shape.shapeText) is too large"
    case .sizeMismatch(let tensor, let shape, let dtype, let expected, let actual):
      "tensor \(tensor.quoted): the shape \(shape.shapeText) of \(dtype) takes \(expected) bytes, "
        + "but its offsets span \(actual)"
    case .offsetsOutOfRange(let tensor, let begin, let end, let available):
      "tensor \(tensor.quoted): the offsets [\(begin), \(end)] do not fit the file's "
        + "\(available) bytes of data (is it cut off?)"
    case .offsetsOverlap(let tensor, let begin, let previousEnd):
      "tensor \(tensor.quoted) begins at offset \(begin), inside the tensor that ends at "
        + "\(previousEnd)"
    case .offsetsGap(let tensor, let begin, let previousEnd):
      "tensor \(tensor.quoted) begins at offset \(begin); \(previousEnd), where the data before "
        + "it ends, is accepted"
    case .missingTensor(let name, let present):
      "no tensor \(name.quoted); present: \(present.quotedList)"
    case .wrongDtype(let tensor, let dtype, let accepted):
      "tensor \(tensor.quoted) is \(dtype); accepted: \(accepted.joined(separator: ", "))"
    case .integerTooLarge(let tensor, let index):
      "tensor \(tensor.quoted) has an element above 2^63 - 1, at \(index)"
    case .wrongShape(let tensor, let expected, let got):
      "tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(expected.shapeText)"
    case .nonFinite(let tensor, let index):
      "tensor \(tensor.quoted): element \(index) is not finite"
    case .metadataNotText(let key): "the metadata \(key.quoted) is not text"
    case .missingMetadata(let key, let present):
      "no metadata \(key.quoted); present: \(present.quotedList)"
    case .invalidMetadata(let key, let value, let accepted):
      "the metadata \(key.quoted) is \(value.quoted); accepted: "
        + accepted.joined(separator: ", ")

    case .zip(let problem): problem.description
    case .numPy(let array, let problem): "array \(array.quoted) \(problem.description)"
    case .twoTargets(let other):
      "holds an array 'y' itself, and \(other.escaped) holds another; one of them is accepted"

    case .missingColumn(let name, let present):
      "no column \(name.quoted); present: \(present.quotedList)"
    case .ambiguousColumn(let name): "several columns are called \(name.quoted)"
    case .notANumber(let column, let text):
      "\(text.quoted) in column \(column.quoted) is not a number"
    case .notAWholeNumber(let column, let text):
      "\(text.quoted) in column \(column.quoted) is not a whole number"
    case .decimalComma(let column, let text):
      "\(text.quoted) in column \(column.quoted) is a number only with a decimal comma or groups of "
        + "thousands; --decimal comma reads 1.234,5, --decimal point 1,234.5"
    case .missingValue(let column, let text, let count):
      "\(text.isEmpty ? "a blank" : text.quoted) in column \(column.quoted) is a missing value, "
        + (count == 1 ? "the only one" : "the first of \(count)")
        + "; --missing previous, interpolate or mask accepts them"
    case .unfilledValue(let column, let text, let policy):
      "\(text.isEmpty ? "a blank" : text.quoted) in column \(column.quoted) is a missing value "
        + "without a number before it"
        + (policy == .interpolate ? " and one after it" : "") + "; --missing mask accepts it"
    case .unfilledPartEnd(let column, let text):
      "\(text.isEmpty ? "a blank" : text.quoted) in column \(column.quoted) is a missing value at the "
        + "end of a part of the data, and the number after it belongs to the next part; --missing "
        + "previous or mask accepts it"
    case .unorderedIndex(let column, let text, let previous):
      "\(text.quoted) in column \(column.quoted) follows \(previous.quoted), so that the rows are in "
        + "no order that can be told; sort them, or keep the file's order with --order as-is"
    case .oddIndex(let column, let text):
      "\(text.quoted) in column \(column.quoted) is not like the dates or numbers in its other rows; "
        + "remove the row, or keep the file's order with --order as-is"
    case .raggedRow(let expected, let got):
      "\(NumberText.count(got, "field")); the header has \(expected)"
    case .unterminatedQuote: "the quote that opens here is never closed"
    case .textAfterQuote(let field): "text follows the closing quote of field \(field)"
    case .wrongHeader(let expected, let got):
      Self.differences(of: got, from: expected)
        + "; accepted is a file with the columns \(expected.joined(separator: ","))"
    case .missingRows(let column, let rows, let last):
      (rows.count == 1
        ? "the row of \(column) \(rows.lowerBound) is"
        : "the rows of \(column) \(rows.lowerBound) to \(rows.upperBound) are")
        + " missing of those up to \(last); restore the file, or begin a new run with --config and "
        + "the run's config.json"
    case .otherOrigin(let column, let found, let own):
      "\(column) is \(found.quoted) in a row, and would be \(own.quoted) in those to come; a comparison "
        + "goes on only under the same, and a new folder begins another"
    case .unreadableRow(let number, let text):
      "line \(number + 1) is no result: \(text.shown); restore the line, or remove it and its run is "
        + "made again"
    case .noMemory(let name, let bytes):
      "\(name.quoted) takes \(NumberText.significant(Double(bytes) / 1e9)) GB of memory to read, which the system "
        + "refuses; read less, or raise the limit (ulimit -v)"
    case .wrongChecksum(let saved, let found, let key):
      "its checksum is \(found ?? "of another layout") and was \(saved.shown) when it was saved: the file was "
        + "damaged or edited; use another copy, or an earlier checkpoint (to take an edited one, remove \(key) from "
        + "its metadata)"
    case .repeatedRow(let number, let first, let run):
      "lines \(first + 1) and \(number + 1) are both of run \(run.shown); accepted is one line a run: remove "
        + "the one that is wrong"
    case .otherRow(let number, let run, let found, let own):
      "line \(number + 1) has \(found.shown) as the setting of run \(run), which is \(own.shown); restore the "
        + "line, or remove it and its run is made again"
    case .unplannedRow(let number, let found):
      "line \(number + 1) has the setting \(found.shown), which config.json does not have; restore the line, or "
        + "remove it"
    case .otherLog:
      "not the log that the checkpoint was saved with, or changed since; restore the file, or begin a "
        + "new run with --config and the run's config.json"
    case .disorderedRows(let column, let value, let previous):
      "\(column) \(value.quoted) follows \(column) \(previous.quoted); restore the file, or begin a "
        + "new run with --config and the run's config.json"
    }
  }

  public var errorDescription: String? { description }

  /// The columns that are there and should not be, and those that are missing.
  private static func differences(of got: [String], from expected: [String]) -> String {
    let unknown = got.filter { !expected.contains($0) }
    let missing = expected.filter { !got.contains($0) }
    let parts = [
      unknown.isEmpty ? nil : "unknown column \(unknown.quotedList)",
      missing.isEmpty ? nil : "no column \(missing.quotedList)",
    ].compactMap(\.self)
    return parts.isEmpty ? "the columns are in another order" : parts.joined(separator: ", ")
  }

  private static func meaning(ofTensorField field: String) -> String {
    switch field {
    case "dtype": "a text"
    case "shape": "an array of integers, none negative"
    default: "two byte offsets, begin and end"
    }
  }
}

extension ZipProblem: CustomStringConvertible {
  /// What is wrong with the archive.
  public var description: String {
    switch self {
    case .noDirectory: "a zip archive without its list of files (is it cut off?)"
    case .overlap(let one, let other):
      "a zip archive whose files \(one.quoted) and \(other.quoted) share bytes; each has its own in one that is sound"
    case .duplicate(let name): "a zip archive with two files \(name.quoted)"
    case .badMember(let name): "the file \(name.quoted) in the archive is cut off or damaged"
    case .badChecksum(let name):
      "the file \(name.quoted) in the archive is damaged: its checksum differs"
    case .encrypted(let name):
      "the file \(name.quoted) in the archive is encrypted; only plain ones are accepted"
    case .unknownMethod(let name, let method):
      "the file \(name.quoted) in the archive is compressed by method \(method); "
        + "accepted: 0 (stored), 8 (deflated)"
    }
  }
}

extension NumPyProblem: CustomStringConvertible {
  /// What is wrong with the array, to be read after its name.
  public var description: String {
    switch self {
    case .noHeader: "has no whole header of the .npy format (is it cut off?)"
    case .version(let major, let minor):
      "is of version \(major).\(minor) of the .npy format; accepted: 1.0, 2.0, 3.0"
    case .dtype(let text):
      "has elements of type \(text.quoted); accepted: "
        + (NumPyDtype.floatingPoint + NumPyDtype.integers).joined(separator: ", ")
    case .size(let shape, let dtype, let actual):
      "has \(actual) bytes of elements, which is not what the shape \(shape.shapeText) of \(dtype) "
        + "takes (is it cut off?)"
    case .tooLarge(let index): "has an element above 2^63 - 1, at \(index)"
    case .notText(let index): "has an element that is no Unicode text, at \(index)"
    }
  }
}
