import Foundation
import UnrollText

/// An array to be written, by its name.
public struct NamedArray: Equatable, Sendable {
  /// The array's name.
  public let name: String
  /// Its dimensions, the last one contiguous; empty for a single element.
  public let shape: [Int]
  /// Its elements, row-major.
  public let values: ArrayValues

  /// - Precondition: `shape` has as many elements as there are values.
  public init(_ name: String, shape: [Int], _ values: ArrayValues) {
    require(
      shape.checkedProduct == values.count,
      "array \(name): expected values for shape \(shape), got \(values.count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The elements of an array to be written, in the type that the file holds.
public enum ArrayValues: Equatable, Sendable {
  /// float32.
  case floats([Float])
  /// float64.
  case doubles([Double])
  /// int64.
  case integers([Int64])
  /// Texts, which only NumPy's files can hold.
  case texts([String])

  /// The number of elements.
  public var count: Int {
    switch self {
    case .floats(let values): values.count
    case .doubles(let values): values.count
    case .integers(let values): values.count
    case .texts(let values): values.count
    }
  }

  /// The type as NumPy names it: `float32`.
  public var typeName: String {
    switch self {
    case .floats: "float32"
    case .doubles: "float64"
    case .integers: "int64"
    case .texts: "str"
    }
  }
}

extension Array where Element: FixedWidthInteger {
  /// The numbers one after the other, the least significant byte of each first.
  var littleEndianBytes: Data {
    map(\.littleEndian).withUnsafeBytes { Data($0) }
  }
}
