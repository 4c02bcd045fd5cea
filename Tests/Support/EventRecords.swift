import Foundation

/// The records of an event file, read without the code under test: up to the last whole one, as TensorBoard
/// reads a file that is still being written.
package struct EventRecords {
  /// One value under its tag.
  package struct Value: Equatable {
    package let step: Int
    package let tag: String
    /// The number of a scalar; nil for other values.
    package let scalar: Float?
    /// The fields of the value's message.
    package let fields: ProtobufFields
  }

  package let values: [Value]
  /// The text of the first record.
  package let version: String?
  /// The steps of records that say that a run has started again.
  package let starts: [Int]
  /// How many bytes follow the last whole record.
  package let rest: Int

  package init(of bytes: [UInt8]) {
    var (values, starts, offset, version) = ([Value](), [Int](), 0, String?.none)
    while offset + 12 <= bytes.count {
      let length = Int(Self.number(bytes[offset..<offset + 8]))
      let end = offset + 12 + length + 4
      guard end <= bytes.count else { break }
      let event = ProtobufFields(bytes[(offset + 12)..<end - 4])
      let step = event.integer(2) ?? 0
      version = version ?? event.text(3)
      if event.message(7)?.integer(1) == 1 { starts.append(step) }
      for value in event.message(5)?.messages(1) ?? [] {
        let scalar = value.bytes(2).map { Float(bitPattern: UInt32(Self.number($0))) }
        values.append(
          Value(step: step, tag: value.text(1) ?? "", scalar: scalar, fields: value))
      }
      offset = end
    }
    (self.values, self.starts, self.version) = (values, starts, version)
    rest = bytes.count - offset
  }

  package init(path: String) throws {
    self.init(of: Array(try Data(contentsOf: URL(filePath: path))))
  }

  /// What files have together, in their order, as TensorBoard reads them: a start voids what comes after it.
  package static func joined(_ files: [EventRecords]) -> [Value] {
    files.reduce(into: []) { values, file in
      for start in file.starts { values.removeAll { $0.step >= start } }
      values += file.values
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// The fields of a message of Protocol Buffers by their numbers.
package struct ProtobufFields: Equatable {
  private var fields: [Int: [ArraySlice<UInt8>]] = [:]

  package init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    func variable() -> UInt64 {
      var (number, shift) = (UInt64(0), UInt64(0))
      while let byte = rest.popFirst() {
        number |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return number
    }
    while !rest.isEmpty {
      let tag = variable()
      let count: Int
      switch tag & 7 {
      case 0:
        let number = variable()
        fields[Int(tag >> 3), default: []].append(
          (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }[...])
        continue
      case 1: count = 8
      case 5: count = 4
      default: count = Int(variable())
      }
      fields[Int(tag >> 3), default: []].append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
  }

  package func bytes(_ field: Int) -> ArraySlice<UInt8>? { fields[field]?.last }
  package func messages(_ field: Int) -> [ProtobufFields] {
    fields[field]?.map(ProtobufFields.init) ?? []
  }
  package func message(_ field: Int) -> ProtobufFields? { bytes(field).map(ProtobufFields.init) }
  package func text(_ field: Int) -> String? {
    bytes(field).map { String(decoding: $0, as: UTF8.self) }
  }

  package func integer(_ field: Int) -> Int? {
    bytes(field).map {
      Int(truncatingIfNeeded: $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
  }

  package func double(_ field: Int) -> Double? { doubles(field).first }

  /// The numbers of a packed field.
  package func doubles(_ field: Int) -> [Double] {
    guard let bytes = bytes(field) else { return [] }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).map { start in
      Double(bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}
