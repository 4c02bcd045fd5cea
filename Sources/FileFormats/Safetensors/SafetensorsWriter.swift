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
  private var tensors: [Tensor] = []
  private var names: Set<String> = []

  /// - Parameter requireFinite: whether NaN and infinities are refused on writing.
  public init(requireFinite: Bool) {
    self.requireFinite = requireFinite
  }

  /// Appends an F32 tensor.
  ///
  /// - Precondition: `name` is new, and `shape` has as many elements as there are values.
  public mutating func append(_ name: String, shape: [Int], _ values: [Float]) {
    append(name, shape: shape, .floats(values))
  }

  /// Appends an F64 tensor; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], _ values: [Double]) {
    append(name, shape: shape, .doubles(values))
  }

  /// Appends an I64 tensor; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], _ values: [Int]) {
    append(name, shape: shape, .integers(values.map(Int64.init)))
  }

  /// Appends an I64 tensor of the same bits, for unsigned numbers such as the state of a random
  /// number generator; preconditions as above.
  public mutating func append(_ name: String, shape: [Int], bitPatterns: [UInt64]) {
    append(name, shape: shape, .integers(bitPatterns.map(Int64.init(bitPattern:))))
  }

  private mutating func append(_ name: String, shape: [Int], _ values: Values) {
    require(
      shape.checkedProduct == values.count,
      "tensor \(name): expected values for shape \(shape), got \(values.count)")
    require(
      name != SafetensorsHeader.metadataKey && names.insert(name).inserted,
      "expected a new tensor name, got \(name)")
    tensors.append(Tensor(name: name, shape: shape, values: values))
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError`: `.malformed` with `.nonFinite` where finite values are required, and
  ///   what ``AtomicFile`` throws.
  public func write(to path: String) throws(FileError) {
    if requireFinite {
      for tensor in tensors {
        if let index = tensor.values.firstNonFiniteIndex {
          throw .malformed(path: path, line: nil, .nonFinite(tensor: tensor.name, index: index))
        }
      }
    }
    try AtomicFile.write(encoded, to: path)
  }

  private var encoded: Data {
    let widths = Set(tensors.map(\.values.dtype.width)).sorted(by: >)
    let sorted = widths.flatMap { width in tensors.filter { $0.values.dtype.width == width } }

    var header = JSONObject()
    if !metadata.isEmpty {
      var object = JSONObject()
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
      header[SafetensorsHeader.metadataKey] = .object(object)
    }
    var data = Data()
    for tensor in sorted {
      let begin = data.count
      data.append(tensor.values.littleEndianBytes)
      header[tensor.name] = [
        "dtype": .string(tensor.values.dtype.rawValue),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(begin), .integer(data.count)],
      ]
    }

    var json = Data(JSONValue.object(header).encoded().utf8)
    let misalignment = json.count % SafetensorsHeader.lengthWidth
    if misalignment > 0 {
      let padding = SafetensorsHeader.lengthWidth - misalignment
      json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    }
    return [UInt64(json.count)].littleEndianBytes + json + data
  }
}

private struct Tensor {
  let name: String
  let shape: [Int]
  let values: Values
}

private enum Values {
  case floats([Float])
  case doubles([Double])
  case integers([Int64])

  var count: Int {
    switch self {
    case .floats(let values): values.count
    case .doubles(let values): values.count
    case .integers(let values): values.count
    }
  }

  var dtype: SafetensorsDtype {
    switch self {
    case .floats: .float32
    case .doubles: .float64
    case .integers: .int64
    }
  }

  var firstNonFiniteIndex: Int? {
    switch self {
    case .floats(let values): values.firstIndex { !$0.isFinite }
    case .doubles(let values): values.firstIndex { !$0.isFinite }
    case .integers: nil
    }
  }

  var littleEndianBytes: Data {
    switch self {
    case .floats(let values): values.map(\.bitPattern).littleEndianBytes
    case .doubles(let values): values.map(\.bitPattern).littleEndianBytes
    case .integers(let values): values.littleEndianBytes
    }
  }
}

extension Array where Element: FixedWidthInteger {
  fileprivate var littleEndianBytes: Data {
    map(\.littleEndian).withUnsafeBytes { Data($0) }
  }
}
