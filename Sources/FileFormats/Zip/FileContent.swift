import Synchronization

/// A part of a file: where its bytes lie, or what they are inflated to.
enum FileContent: Sendable {
  case stored(Range<Int>)
  case deflated(DeflatedContent)

  /// The number of bytes, as far as it is claimed.
  var count: Int {
    switch self {
    case .stored(let range): range.count
    case .deflated(let content): content.member.size
    }
  }

  /// Calls `body` with the content.
  ///
  /// - Parameter file: all bytes of the file.
  /// - Throws: what `body` throws; `FileProblem.zip`, `.noMemory` where it cannot be inflated.
  func withUnsafeBytes<Value>(
    in file: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) throws(FileProblem) -> Value
  ) throws(FileProblem) -> Value {
    switch self {
    case .stored(let range): return try body(UnsafeRawBufferPointer(rebasing: file[range]))
    case .deflated(let content): return try content.inflated(from: file).withContent(body)
    }
  }

  /// Calls `body` with the content, or with no more than the first `count` bytes of what is to be inflated.
  ///
  /// - Throws: as ``withUnsafeBytes(in:_:)``.
  func withFirstBytes<Value>(
    _ count: Int, in file: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) throws(FileProblem) -> Value
  ) throws(FileProblem) -> Value {
    switch self {
    case .stored: return try withUnsafeBytes(in: file, body)
    case .deflated(let content): return try content.start(count, of: file).withContent(body)
    }
  }
}

/// A deflated member of an archive, inflated when it is first read.
final class DeflatedContent: Sendable {
  let member: ZipMember
  private let known = Mutex<[UInt8]?>(nil)

  init(_ member: ZipMember) { self.member = member }

  /// The whole content, whose checksum is compared.
  ///
  /// - Throws: `FileProblem.zip`, `.noMemory`.
  fileprivate func inflated(from file: UnsafeRawBufferPointer) throws(FileProblem) -> [UInt8] {
    if let known = known.withLock({ $0 }) { return known }
    try FreeMemory.require(member.size, for: member.name)
    let packed = UnsafeRawBufferPointer(rebasing: file[member.range])
    guard let content = Inflate.decompress(packed, size: member.size) else {
      throw .zip(.badMember(member.name))
    }
    try content.withContent { (bytes) throws(FileProblem) in try member.check(bytes) }
    known.withLock { $0 = content }
    return content
  }

  fileprivate func start(
    _ count: Int, of file: UnsafeRawBufferPointer
  ) throws(FileProblem) -> [UInt8] {
    let packed = UnsafeRawBufferPointer(rebasing: file[member.range])
    guard let start = Inflate.start(of: packed, size: member.size, count: count) else {
      throw .zip(.badMember(member.name))
    }
    return start
  }
}

extension [UInt8] {
  /// Calls `body` with the bytes: `withUnsafeBytes` does not pass on the type of what is thrown.
  fileprivate func withContent<Value>(
    _ body: (UnsafeRawBufferPointer) throws(FileProblem) -> Value
  ) throws(FileProblem) -> Value {
    let result = withUnsafeBytes { bytes in
      Result { () throws(FileProblem) in try body(bytes) }
    }
    return try result.get()
  }
}
