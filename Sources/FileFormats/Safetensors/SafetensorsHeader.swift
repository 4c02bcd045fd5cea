import Foundation

/// One tensor of a safetensors file.
public struct SafetensorsTensor: Equatable, Sendable {
  /// The tensor's name.
  public let name: String
  /// The type of its elements.
  public let dtype: SafetensorsDtype
  /// Its dimensions, the last one contiguous; empty for a scalar.
  public let shape: [Int]
  /// Where its elements lie, in bytes from the file's start.
  public let byteRange: Range<Int>
}

/// The header of a safetensors file (https://huggingface.co/docs/safetensors): eight bytes with the
/// length of the JSON that follows, little-endian, then the JSON, then the tensors' bytes without
/// gaps. All rules of the format are checked.
struct SafetensorsHeader {
  /// The longest header the reference implementation reads, in bytes.
  static let lengthLimit = 100_000_000
  static let lengthWidth = 8
  static let metadataKey = "__metadata__"

  private(set) var metadata: [String: String] = [:]
  /// In the order of their bytes in the file.
  private(set) var tensors: [SafetensorsTensor] = []

  init(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    let json = try SafetensorsHeader.json(in: bytes)
    let dataStart = SafetensorsHeader.lengthWidth + json.count
    for (key, value) in try SafetensorsHeader.entries(of: json) {
      if key == SafetensorsHeader.metadataKey {
        metadata = try SafetensorsHeader.metadata(value)
      } else {
        let entry = try TensorEntry(
          name: key, value, dataStart: dataStart, available: bytes.count - dataStart)
        tensors.append(entry.tensor)
      }
    }
    // Sorting by end as well keeps an empty tensor in front of the one that starts where it does.
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    try checkContiguous(from: dataStart, to: bytes.count)
  }

  private static func entries(of json: Data) throws(FileProblem) -> JSONObject {
    do {
      if case .object(let entries) = try JSONValue(parsing: json) { return entries }
    } catch .badJSON(let offset), .binary(let offset), .notUTF8(let offset) {
      throw .badHeader(byteOffset: lengthWidth + offset)
    }
    throw .badHeader(byteOffset: lengthWidth)
  }

  private static func json(in bytes: UnsafeRawBufferPointer) throws(FileProblem) -> Data {
    if !looksLikeHeader(bytes), let kind = ForeignKind(of: bytes) { throw .foreign(kind) }
    guard bytes.count >= lengthWidth else {
      throw .truncated(expectedBytes: lengthWidth, actualBytes: bytes.count)
    }
    let declared = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let rest = bytes[lengthWidth...]
    guard declared <= rest.count else {
      throw .headerBeyondFile(declared: declared, available: rest.count)
    }
    guard declared <= lengthLimit else {
      throw .headerTooLong(declared: declared, limit: lengthLimit)
    }
    guard declared > 0, rest.first == UInt8(ascii: "{") else {
      throw .badHeader(byteOffset: lengthWidth)
    }
    return Data(rest.prefix(Int(declared)))
  }

  /// Whether a length that fits the file stands before an opening brace.
  static func looksLikeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > lengthWidth && bytes[lengthWidth] == UInt8(ascii: "{")
      && UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) <= bytes.count - lengthWidth
  }

  private static func metadata(_ value: JSONValue) throws(FileProblem) -> [String: String] {
    guard let object = value.object else { throw .metadataNotText(key: metadataKey) }
    var metadata: [String: String] = [:]
    for (key, value) in object {
      guard let text = value.string else { throw .metadataNotText(key: key) }
      metadata[key] = text
    }
    return metadata
  }

  private func checkContiguous(from dataStart: Int, to dataEnd: Int) throws(FileProblem) {
    var previousEnd = 0
    for tensor in tensors {
      let begin = tensor.byteRange.lowerBound - dataStart
      if begin < previousEnd {
        throw .offsetsOverlap(tensor: tensor.name, begin: begin, previousEnd: previousEnd)
      }
      if begin > previousEnd {
        throw .offsetsGap(tensor: tensor.name, begin: begin, previousEnd: previousEnd)
      }
      previousEnd = tensor.byteRange.upperBound - dataStart
    }
    let trailing = dataEnd - dataStart - previousEnd
    guard trailing == 0 else { throw .trailingBytes(count: trailing) }
  }
}

/// A tensor's entry in the header, checked by itself.
private struct TensorEntry {
  let tensor: SafetensorsTensor

  /// `available` is the number of bytes from `dataStart` to the file's end.
  init(name: String, _ value: JSONValue, dataStart: Int, available: Int) throws(FileProblem) {
    guard let dtypeName = value["dtype"]?.string else {
      throw .invalidTensorField(tensor: name, field: "dtype")
    }
    guard let dtype = SafetensorsDtype(rawValue: dtypeName) else {
      throw .unknownDtype(
        tensor: name, dtype: dtypeName, accepted: SafetensorsDtype.allCases.map(\.rawValue))
    }
    guard let shape = TensorEntry.naturals(value["shape"]) else {
      throw .invalidTensorField(tensor: name, field: "shape")
    }
    guard let offsets = TensorEntry.naturals(value["data_offsets"]), offsets.count == 2 else {
      throw .invalidTensorField(tensor: name, field: "data_offsets")
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end, end <= available else {
      throw .offsetsOutOfRange(tensor: name, begin: begin, end: end, available: available)
    }
    guard let byteCount = (shape + [dtype.width]).checkedProduct else {
      throw .sizeOverflow(tensor: name, shape: shape)
    }
    guard end - begin == byteCount else {
      throw .sizeMismatch(
        tensor: name, shape: shape, dtype: dtypeName, expectedBytes: byteCount,
        actualBytes: end - begin)
    }
    tensor = SafetensorsTensor(
      name: name, dtype: dtype, shape: shape, byteRange: dataStart + begin..<dataStart + end)
  }

  /// The elements of an array of integers that are not negative.
  private static func naturals(_ value: JSONValue?) -> [Int]? {
    guard let elements = value?.array else { return nil }
    let naturals = elements.compactMap { element in
      if case .integer(let number) = element, number >= 0 { number } else { nil }
    }
    return naturals.count == elements.count ? naturals : nil
  }
}

extension [Int] {
  /// The product of the elements, `nil` when it overflows.
  var checkedProduct: Int? {
    var product = 1
    for factor in self {
      let (partial, overflow) = product.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      product = partial
    }
    return product
  }
}
