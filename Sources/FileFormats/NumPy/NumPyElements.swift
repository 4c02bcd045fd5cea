/// The elements of a `.npy` file, row-major whatever their order in the file.
struct NumPyElements {
  let array: String
  let header: NumPyHeader
  /// The elements' bytes alone.
  let bytes: UnsafeRawBufferPointer

  /// - Parameter file: the whole `.npy` file that begins with `header`.
  init(_ file: UnsafeRawBufferPointer, header: NumPyHeader, array: String) {
    self.array = array
    self.header = header
    bytes = UnsafeRawBufferPointer(rebasing: file[header.dataStart...])
  }

  /// - Throws: `FileProblem.wrongDtype` for other elements.
  func doubles() throws(FileProblem) -> [Double] {
    switch (header.dtype.kind, header.dtype.width) {
    case (.float, 8): return rowMajor { Double(bitPattern: $0) }
    case (.float, 4): return rowMajor { Double(Float(bitPattern: $0)) }
    case (.float, _): return rowMajor { Double(Float(halfBits: $0)) }
    default: throw wrongDtype(accepted: NumPyDtype.floatingPoint)
    }
  }

  /// - Throws: `FileProblem.wrongDtype` for other elements, `.numPy` for a number above `Int.max`.
  func integers() throws(FileProblem) -> [Int] {
    switch (header.dtype.kind, header.dtype.width) {
    case (.float, _), (.text, _): throw wrongDtype(accepted: NumPyDtype.integers)
    case (.bool, _): return rowMajor { (bits: UInt8) in bits == 0 ? 0 : 1 }
    case (.signed, 1): return rowMajor { (bits: Int8) in Int(bits) }
    case (.signed, 2): return rowMajor { (bits: Int16) in Int(bits) }
    case (.signed, 4): return rowMajor { (bits: Int32) in Int(bits) }
    case (.signed, _): return rowMajor { (bits: Int64) in Int(bits) }
    case (.unsigned, 1): return rowMajor { (bits: UInt8) in Int(bits) }
    case (.unsigned, 2): return rowMajor { (bits: UInt16) in Int(bits) }
    case (.unsigned, 4): return rowMajor { (bits: UInt32) in Int(bits) }
    case (.unsigned, _):
      let numbers = rowMajor { (bits: UInt64) in Int(exactly: bits) }
      if let index = numbers.firstIndex(of: nil) {
        throw .numPy(array: array, .tooLarge(index: index))
      }
      return numbers.compactMap(\.self)
    }
  }

  /// The texts, without the zeros that fill each up to the length of the longest.
  ///
  /// - Throws: `FileProblem.wrongDtype` for numbers, `.numPy` for what is no Unicode.
  func texts() throws(FileProblem) -> [String] {
    guard header.dtype.kind == .text else { throw wrongDtype(accepted: NumPyDtype.texts) }
    let width = header.dtype.width
    let texts = inRowMajorOrder({ index -> String? in
      var text = String.UnicodeScalarView()
      for offset in stride(from: index * width, to: (index + 1) * width, by: 4) {
        guard let scalar = Unicode.Scalar(number(at: offset) as UInt32) else { return nil }
        text.append(scalar)
      }
      while text.last == "\0" { text.removeLast() }
      return String(text)
    })
    if let index = texts.firstIndex(of: nil) { throw .numPy(array: array, .notText(index: index)) }
    return texts.compactMap(\.self)
  }

  private func wrongDtype(accepted: [String]) -> FileProblem {
    .wrongDtype(tensor: array, dtype: header.dtype.name, accepted: accepted)
  }

  /// The number of which the bytes are at `offset`.
  @inline(__always)
  private func number<Bits: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Bits {
    let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
    return header.dtype.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }

  @inline(__always)
  private func rowMajor<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
    _ convert: (Bits) -> Value
  ) -> [Value] {
    inRowMajorOrder({ convert(number(at: $0 * MemoryLayout<Bits>.size)) })
  }

  /// - Parameter element: the element at an index of the file's own order.
  @inline(__always)
  private func inRowMajorOrder<Value>(_ element: (Int) -> Value) -> [Value] {
    let (shape, count) = (header.shape, bytes.count / header.dtype.width)
    guard header.isFortranOrder, shape.count > 1, count > 0 else {
      return (0..<count).map(element)
    }
    // In Fortran's order the first index runs fastest; here the last one does.
    let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
    var (place, offset) = ([Int](repeating: 0, count: shape.count), 0)
    return (0..<count).map { _ in
      let value = element(offset)
      for axis in shape.indices.reversed() {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < shape[axis] { break }
        offset -= strides[axis] * shape[axis]
        place[axis] = 0
      }
      return value
    }
  }
}
