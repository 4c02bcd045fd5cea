extension SafetensorsFile {
  /// The elements of a floating-point tensor, row-major, exact.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, or `.wrongDtype` for integers.
  public func doubles(_ name: String) throws(FileError) -> [Double] {
    let tensor = try tensor(name)
    return switch tensor.dtype {
    case .float64: try elements(of: tensor) { Double(bitPattern: $0) }
    case .float32: try elements(of: tensor) { Double(Float(bitPattern: $0)) }
    case .float16: try elements(of: tensor) { Double(Float(halfBits: $0)) }
    case .bfloat16: try elements(of: tensor) { Double(Float(bfloat16Bits: $0)) }
    default: throw wrongDtype(tensor, accepted: \.isFloatingPoint)
    }
  }

  /// The elements of a floating-point tensor, row-major; those of 64 bits are rounded, and become
  /// infinite above the range of `Float`.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, or `.wrongDtype` for integers.
  public func floats(_ name: String) throws(FileError) -> [Float] {
    let tensor = try tensor(name)
    return switch tensor.dtype {
    case .float64: try elements(of: tensor) { Float(Double(bitPattern: $0)) }
    case .float32: try elements(of: tensor) { Float(bitPattern: $0) }
    case .float16: try elements(of: tensor) { Float(halfBits: $0) }
    case .bfloat16: try elements(of: tensor) { Float(bfloat16Bits: $0) }
    default: throw wrongDtype(tensor, accepted: \.isFloatingPoint)
    }
  }

  /// The elements of an integer tensor, row-major; those of a Boolean one are 0 and 1.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, `.wrongDtype` for floating point, or
  ///   `.integerTooLarge` for one above `Int.max`.
  public func integers(_ name: String) throws(FileError) -> [Int] {
    let tensor = try tensor(name)
    return switch tensor.dtype {
    case .int64: try elements(of: tensor) { (bits: Int64) in Int(bits) }
    case .int32: try elements(of: tensor) { (bits: Int32) in Int(bits) }
    case .int16: try elements(of: tensor) { (bits: Int16) in Int(bits) }
    case .int8: try elements(of: tensor) { (bits: Int8) in Int(bits) }
    case .uint64: try exact(elements(of: tensor) { (bits: UInt64) in Int(exactly: bits) }, name)
    case .uint32: try elements(of: tensor) { (bits: UInt32) in Int(bits) }
    case .uint16: try elements(of: tensor) { (bits: UInt16) in Int(bits) }
    case .uint8: try elements(of: tensor) { (bits: UInt8) in Int(bits) }
    case .bool: try elements(of: tensor) { (bits: UInt8) in bits == 0 ? 0 : 1 }
    default: throw wrongDtype(tensor) { !$0.isFloatingPoint }
    }
  }

  /// The elements of an I64 tensor as the bit patterns that
  /// ``SafetensorsWriter/append(_:shape:bitPatterns:)`` stored.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, or `.wrongDtype` for all but I64.
  public func bitPatterns(_ name: String) throws(FileError) -> [UInt64] {
    let tensor = try tensor(name)
    guard tensor.dtype == .int64 else { throw wrongDtype(tensor) { $0 == .int64 } }
    return try elements(of: tensor) { (bits: UInt64) in bits }
  }

  /// `numbers`, of which nil stands for one that is too large.
  private func exact(_ numbers: [Int?], _ name: String) throws(FileError) -> [Int] {
    if let index = numbers.firstIndex(of: nil) {
      throw malformed(.integerTooLarge(tensor: name, index: index))
    }
    return numbers.compactMap(\.self)
  }

  private func wrongDtype(
    _ tensor: SafetensorsTensor, accepted: (SafetensorsDtype) -> Bool
  ) -> FileError {
    malformed(
      .wrongDtype(
        tensor: tensor.name, dtype: tensor.dtype.rawValue,
        accepted: SafetensorsDtype.allCases.filter(accepted).map(\.rawValue)))
  }
}
