/// The element types of the safetensors format that are read here, by their names in the file.
public enum SafetensorsDtype: String, CaseIterable, Sendable, CustomStringConvertible {
  /// IEEE 754 binary64, 8 bytes.
  case float64 = "F64"
  /// IEEE 754 binary32, 4 bytes.
  case float32 = "F32"
  /// IEEE 754 binary16, 2 bytes.
  case float16 = "F16"
  /// bfloat16, the upper 2 bytes of a binary32.
  case bfloat16 = "BF16"
  /// Signed integers of 8 bytes.
  case int64 = "I64"
  /// Signed integers of 4 bytes.
  case int32 = "I32"
  /// Signed integers of 2 bytes.
  case int16 = "I16"
  /// Signed integers of 1 byte.
  case int8 = "I8"
  /// Unsigned integers of 8 bytes; those above `Int.max` are refused.
  case uint64 = "U64"
  /// Unsigned integers of 4 bytes.
  case uint32 = "U32"
  /// Unsigned integers of 2 bytes.
  case uint16 = "U16"
  /// Unsigned integers of 1 byte.
  case uint8 = "U8"
  /// Booleans of 1 byte: 0 or 1.
  case bool = "BOOL"

  /// As in the file: `F32`.
  public var description: String { rawValue }

  /// Bytes an element.
  public var width: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether the elements are floating-point numbers, rather than integers or booleans.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: false
    }
  }
}
