import Foundation
import UnrollText

/// Collects tensors and writes them as a safetensors file.
///
/// As the reference implementation does, tensors of wider elements come first, so that each is
/// aligned to its own elements; those of one width keep the order in which they were appended. The
/// same content gives the same bytes.
public struct SafetensorsWriter: Sendable {
  /// Written under `__metadata__`, ascending by key; left out when empty.
  public var metadata: [String: String] = [:]

  private let requireFinite: Bool
  private let hasChecksum: Bool
  private var tensors: [(array: NamedArray, dtype: SafetensorsDtype)] = []
  private var names: Set<String> = []

  /// - Parameters:
  ///   - requireFinite: whether NaN and infinities are refused on writing.
  ///   - hasChecksum: whether the metadata get the key `unroll_crc32`, by which
  ///     ``SafetensorsFile/requireIntact()`` knows that no byte has changed. Where not, a checksum of another file
  ///     that the metadata have is left out.
  public init(requireFinite: Bool, hasChecksum: Bool = false) {
    self.requireFinite = requireFinite
    self.hasChecksum = hasChecksum
  }

  /// Appends an F32 tensor.
  ///
  /// - Precondition: `name` is new, and `shape` has as many elements as there are values.
  public mutating func append(_ name: String, shape: [Int], _ values: [Float]) {
    append(NamedArray(name, shape: shape, .floats(values)))
  }

  /// Appends an F64 tensor; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], _ values: [Double]) {
    append(NamedArray(name, shape: shape, .doubles(values)))
  }

  /// Appends an I64 tensor; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], _ values: [Int]) {
    append(NamedArray(name, shape: shape, .integers(values.map(Int64.init))))
  }

  /// Appends an I64 tensor of the same bits, for unsigned numbers such as the state of a random
  /// number generator; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], bitPatterns: [UInt64]) {
    append(NamedArray(name, shape: shape, .integers(bitPatterns.map(Int64.init(bitPattern:)))))
  }

  /// Appends an array.
  ///
  /// - Precondition: its name is new, and it holds numbers.
  public mutating func append(_ array: NamedArray) {
    guard let dtype = array.values.safetensorsDtype else {
      requirementFailed("tensor \(array.name): expected numbers, got texts")
    }
    require(
      array.name != SafetensorsHeader.metadataKey && names.insert(array.name).inserted,
      "expected a new tensor name, got \(array.name)")
    tensors.append((array, dtype))
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError`: `.malformed` with `.nonFinite` where finite values are required, and
  ///   what ``AtomicFile`` throws.
  public func write(to path: String) throws(FileError) {
    if requireFinite {
      for (array, _) in tensors {
        if let index = array.values.firstNonFiniteIndex {
          throw .malformed(path: path, line: nil, .nonFinite(tensor: array.name, index: index))
        }
      }
    }
    try AtomicFile.write(encoded, to: path)
  }

  private var encoded: Data {
    let widths = Set(tensors.map(\.dtype.width)).sorted(by: >)
    let sorted = widths.flatMap { width in tensors.filter { $0.dtype.width == width } }

    var header = JSONObject()
    var metadata = metadata
    metadata[SafetensorsChecksum.key] = hasChecksum ? SafetensorsChecksum.placeholder : nil
    if !metadata.isEmpty {
      var object = JSONObject()
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
      header[SafetensorsHeader.metadataKey] = .object(object)
    }
    var data = Data()
    for (array, dtype) in sorted {
      let begin = data.count
      data.append(array.values.littleEndianBytes)
      header[array.name] = [
        "dtype": .string(dtype.rawValue),
        "shape": .array(array.shape.map { .integer($0) }),
        "data_offsets": [.integer(begin), .integer(data.count)],
      ]
    }

    var json = Data(JSONValue.object(header).encoded().utf8)
    let misalignment = json.count % SafetensorsHeader.lengthWidth
    if misalignment > 0 {
      let padding = SafetensorsHeader.lengthWidth - misalignment
      json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    }
    var file = [UInt64(json.count)].littleEndianBytes + json + data
    if hasChecksum { SafetensorsChecksum.insert(into: &file) }
    return file
  }
}

extension ArrayValues {
  /// The type as safetensors name it; nil for texts, which they cannot hold.
  fileprivate var safetensorsDtype: SafetensorsDtype? {
    switch self {
    case .floats: .float32
    case .doubles: .float64
    case .integers: .int64
    case .texts: nil
    }
  }

  fileprivate var firstNonFiniteIndex: Int? {
    switch self {
    case .floats(let values): values.firstIndex { !$0.isFinite }
    case .doubles(let values): values.firstIndex { !$0.isFinite }
    case .integers, .texts: nil
    }
  }
}
