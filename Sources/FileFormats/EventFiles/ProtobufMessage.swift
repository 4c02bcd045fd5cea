import Foundation

/// Writes a message in the wire format of Protocol Buffers: each field's number and kind, then its value.
///
/// A field may be left out where it has its default; these are written all the same.
struct ProtobufMessage {
  private(set) var bytes = Data()

  /// A message whose fields `fill` writes.
  init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

  /// A field of the types int32, int64, bool and enum.
  mutating func append(_ field: Int, integer: Int) {
    appendTag(field, kind: 0)
    appendVariable(UInt64(bitPattern: Int64(integer)))
  }

  /// A field of the type double.
  mutating func append(_ field: Int, double: Double) {
    appendTag(field, kind: 1)
    bytes.append([double.bitPattern].littleEndianBytes)
  }

  /// A field of the type float.
  mutating func append(_ field: Int, float: Float) {
    appendTag(field, kind: 5)
    bytes.append([float.bitPattern].littleEndianBytes)
  }

  /// A field of the type bytes.
  mutating func append(_ field: Int, bytes content: Data) {
    appendTag(field, kind: 2)
    appendVariable(UInt64(content.count))
    bytes.append(content)
  }

  /// A field of the type string.
  mutating func append(_ field: Int, text: String) { append(field, bytes: Data(text.utf8)) }

  /// A packed field of several doubles.
  mutating func append(_ field: Int, doubles: [Double]) {
    append(field, bytes: doubles.map(\.bitPattern).littleEndianBytes)
  }

  /// A field that is a message itself.
  mutating func append(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
    append(field, bytes: ProtobufMessage(fill).bytes)
  }

  /// An entry of a map from texts to messages.
  mutating func append(_ field: Int, key: String, _ fill: (inout ProtobufMessage) -> Void) {
    append(field) { entry in
      entry.append(1, text: key)
      entry.append(2, fill)
    }
  }

  private mutating func appendTag(_ field: Int, kind: Int) {
    appendVariable(UInt64(field << 3 | kind))
  }

  /// Seven bits a byte, the least significant first; the eighth says that more follow.
  private mutating func appendVariable(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
