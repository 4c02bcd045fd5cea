/// A part of a file: where its bytes lie, or the bytes that they were inflated to.
enum FileContent: Sendable {
  case stored(Range<Int>)
  case inflated([UInt8])

  /// Calls `body` with the content.
  ///
  /// - Parameter file: all bytes of the file.
  func withUnsafeBytes<Value>(
    in file: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) throws(FileProblem) -> Value
  ) throws(FileProblem) -> Value {
    switch self {
    case .stored(let range): return try body(UnsafeRawBufferPointer(rebasing: file[range]))
    case .inflated(let content):
      // `withUnsafeBytes` of an array does not pass on the type of what is thrown.
      let result = content.withUnsafeBytes { bytes in
        Result { () throws(FileProblem) in try body(bytes) }
      }
      return try result.get()
    }
  }
}
