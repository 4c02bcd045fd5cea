/// What is wrong with the content of a file. Byte offsets count from 0.
public enum FileProblem: Error, Equatable, Sendable {
  // Any text.

  /// The bytes at this offset are not well-formed UTF-8.
  case notUTF8(byteOffset: Int)
  /// The text is in this encoding instead of UTF-8, as its byte-order mark says.
  case otherEncoding(String)
  /// A NUL byte, which no text has.
  case binary(byteOffset: Int)

  // Any file.

  /// The array or member needs more memory than the system gives.
  case noMemory(name: String, bytes: Int)
  /// The file is of this kind.
  case foreign(ForeignKind)

  // JSON.

  /// The text stops being JSON at this offset.
  case badJSON(byteOffset: Int)
  /// A safetensors header that is not a JSON object, from this byte of the file on.
  case badHeader(byteOffset: Int)
  /// Arrays and objects are nested more than `limit` deep.
  case nestingTooDeep(limit: Int)
  /// An object has this key twice.
  case duplicateKey(String)

  // Safetensors: the file as a whole.

  /// The file ends before the header's length does.
  case truncated(expectedBytes: Int, actualBytes: Int)
  /// The header's declared length is above what any reader accepts.
  case headerTooLong(declared: UInt64, limit: Int)
  /// The header's declared length is above the bytes that follow it.
  case headerBeyondFile(declared: UInt64, available: Int)
  /// The checksum of all bytes is not the one that the file was saved with under the metadata's `key`; nil where the
  /// file is not laid out as it was saved.
  case wrongChecksum(saved: String, found: String?, key: String)
  /// Bytes follow the last tensor.
  case trailingBytes(count: Int)

  // Safetensors: one tensor or one metadata entry.

  /// `dtype`, `shape` or `data_offsets` is missing or of the wrong kind.
  case invalidTensorField(tensor: String, field: String)
  /// The tensor's element type is not one that is read here.
  case unknownDtype(tensor: String, dtype: String, accepted: [String])
  /// The number of bytes this shape asks for cannot be counted.
  case sizeOverflow(tensor: String, shape: [Int])
  /// The offsets span another number of bytes than shape and dtype ask for.
  case sizeMismatch(
    tensor: String, shape: [Int], dtype: String, expectedBytes: Int, actualBytes: Int)
  /// The offsets are reversed or lie outside the `available` bytes of data.
  case offsetsOutOfRange(tensor: String, begin: Int, end: Int, available: Int)
  /// The tensor begins before the one in front of it ends.
  case offsetsOverlap(tensor: String, begin: Int, previousEnd: Int)
  /// The tensor begins after the one in front of it ends.
  case offsetsGap(tensor: String, begin: Int, previousEnd: Int)
  /// No tensor has this name.
  case missingTensor(String, present: [String])
  /// The tensor's elements are of a kind that cannot be read as what was asked for.
  case wrongDtype(tensor: String, dtype: String, accepted: [String])
  /// The element at `index` of a tensor of integers is above what 64 bits with a sign hold.
  case integerTooLarge(tensor: String, index: Int)
  /// The tensor's shape is not the one asked for.
  case wrongShape(tensor: String, expected: [Int], got: [Int])
  /// An element is NaN or infinite where only finite ones are accepted.
  case nonFinite(tensor: String, index: Int)
  /// The value of this metadata key is not a string.
  case metadataNotText(key: String)
  /// The metadata has no such key.
  case missingMetadata(key: String, present: [String])
  /// The value of this metadata key cannot be read as what it stands for.
  case invalidMetadata(key: String, value: String, accepted: [String])

  // NumPy's files.

  /// The zip archive, or one of the files in it, cannot be read.
  case zip(ZipProblem)
  /// The file of an array cannot be read.
  case numPy(array: String, NumPyProblem)
  /// Both this file and the file of targets have an array `y`.
  case twoTargets(other: String)

  // CSV. Columns are named as in the header.

  /// No column has this name.
  case missingColumn(String, present: [String])
  /// Several columns have this name.
  case ambiguousColumn(String)
  /// A field of this column is not a number.
  case notANumber(column: String, text: String)
  /// A field of this column is not a whole number.
  case notAWholeNumber(column: String, text: String)
  /// A field of this column is a number only with a decimal comma, or with groups of thousands.
  case decimalComma(column: String, text: String)
  /// `count` fields of this column are blank, or a sign for a missing value; the first is `text`.
  case missingValue(column: String, text: String, count: Int)
  /// A value of this column is missing, and there is none before or after it to make one from.
  case unfilledValue(column: String, text: String, policy: MissingValues)
  /// A missing value at the end of a part of the data, as of what is trained on, that only the number
  /// after it, which belongs to a later part, could complete a straight line for.
  case unfilledPartEnd(column: String, text: String)
  /// A field of the column of dates, or of another index, goes against the order of those above.
  case unorderedIndex(column: String, text: String, previous: String)
  /// A field of a column that is otherwise of dates or numbers that order the rows.
  case oddIndex(column: String, text: String)
  /// A row has another number of fields than the header.
  case raggedRow(expected: Int, got: Int)
  /// A quoted field is still open at the end of the file.
  case unterminatedQuote
  /// Text follows a closing quote; `field` counts from 1.
  case textAfterQuote(field: Int)
  /// The column names are not those of the file that is to be continued.
  case wrongHeader(expected: [String], got: [String])
  /// Rows that a run counts on are not there, though it has logged up to `last`.
  case missingRows(column: String, rows: ClosedRange<Int>, last: Int)
  /// The rows of a log are not in the order in which they are written: `value` follows `previous`.
  case disorderedRows(column: String, value: String, previous: String)
  /// A row was computed under another version or kernels, or from other data, than those to come.
  case otherOrigin(column: String, found: String, own: String)
  /// A row of results that is none; rows are counted from 1 below the header.
  case unreadableRow(number: Int, text: String)
  /// A second row of results of one run; rows are counted from 1 below the header.
  case repeatedRow(number: Int, first: Int, run: String)
  /// A row of results whose settings are not those that its name stands for; rows are counted from 1
  /// below the header.
  case otherRow(number: Int, run: String, found: String, own: String)
  /// A row of results whose settings are none of those that its table is of; rows are counted from 1 below
  /// the header.
  case unplannedRow(number: Int, found: String)
  /// The log is another than the one that a checkpoint was saved with.
  case otherLog
}

/// What is wrong with a zip archive.
public enum ZipProblem: Error, Equatable, Sendable {
  /// There is no list of files at the archive's end: it is cut off, or damaged.
  case noDirectory
  /// Two files have this name.
  case duplicate(String)
  /// These two files share bytes of the archive.
  case overlap(String, String)
  /// The content of this file is cut off or damaged.
  case badMember(String)
  /// The content of this file has another checksum than it had.
  case badChecksum(String)
  /// This file is encrypted.
  case encrypted(String)
  /// This file is compressed by a method other than deflate.
  case unknownMethod(String, method: Int)
}

/// What is wrong with a `.npy` file.
public enum NumPyProblem: Error, Equatable, Sendable {
  /// The header is cut off, or is not what NumPy writes.
  case noHeader
  /// The format is of a version that is not read here.
  case version(Int, Int)
  /// The elements are of a type that is not read here, as NumPy writes it.
  case dtype(String)
  /// The shape asks for another number of bytes.
  case size(shape: [Int], dtype: String, actualBytes: Int)
  /// The element at `index` is above what 64 bits with a sign hold.
  case tooLarge(index: Int)
  /// The element at `index` is no Unicode text.
  case notText(index: Int)
}

extension FileProblem {
  /// Where in a text the problem lies, for the problems that lie at one byte.
  var byteOffset: Int? {
    switch self {
    case .notUTF8(let offset), .binary(let offset), .badJSON(let offset): offset
    default: nil
    }
  }
}
