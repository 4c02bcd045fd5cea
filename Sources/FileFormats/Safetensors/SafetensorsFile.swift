/// A safetensors file, mapped read-only: opening it reads and checks the header, and a tensor's
/// elements are read when they are asked for.
public struct SafetensorsFile: Sendable {
  /// The file's path, as it was given.
  public var path: String { file.path }
  /// The strings under `__metadata__` in the header; empty where it has none.
  public let metadata: [String: String]
  /// The tensors in the order of their bytes in the file.
  public let tensors: [SafetensorsTensor]

  private let file: MappedFile
  private let positions: [String: Int]

  /// Opens the file at `path` and checks every rule of the format.
  ///
  /// - Throws: `FileError`, for content that breaks a rule `.malformed` with the `FileProblem`.
  public init(path: String) throws(FileError) {
    try self.init(MappedFile(path: path))
  }

  init(_ file: MappedFile) throws(FileError) {
    self.file = file
    let header: SafetensorsHeader
    do {
      header = try file.withUnsafeBytes { (bytes) throws(FileProblem) in
        try SafetensorsHeader(bytes)
      }
    } catch {
      try file.requireWhole()
      throw .malformed(path: file.path, line: nil, error)
    }
    try file.requireWhole()
    metadata = header.metadata
    tensors = header.tensors
    positions = Dictionary(
      uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
  }

  /// Refuses a file that is no longer at its path, since another was written there.
  ///
  /// - Throws: ``FileError/replaced(path:)``.
  package func requireInPlace() throws(FileError) { try file.requireInPlace() }

  /// Refuses a file of which a byte has changed since it was written. One without a checksum, as only checkpoints
  /// have it, is taken as it is.
  ///
  /// - Throws: `FileError.malformed` with `.wrongChecksum`; ``FileError/cutShort(path:)``.
  public func requireIntact() throws(FileError) {
    guard let saved = metadata[SafetensorsChecksum.key] else { return }
    let found = try file.read { (bytes) throws(FileError) in SafetensorsChecksum.checksum(of: bytes)
    }
    if found != saved {
      throw malformed(.wrongChecksum(saved: saved, found: found, key: SafetensorsChecksum.key))
    }
  }

  /// Whether the file has a tensor of this name.
  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func tensor(_ name: String) throws(FileError) -> SafetensorsTensor {
    guard let position = positions[name] else {
      throw malformed(.missingTensor(name, present: tensors.map(\.name)))
    }
    return tensors[position]
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func shape(of name: String) throws(FileError) -> [Int] {
    try tensor(name).shape
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func isFloatingPoint(_ name: String) throws(FileError) -> Bool {
    try tensor(name).dtype.isFloatingPoint
  }

  /// The type of a tensor's elements.
  ///
  /// - Throws: `.malformed` with `.missingTensor`.
  public func dtype(of name: String) throws(FileError) -> SafetensorsDtype {
    try tensor(name).dtype
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`, or `.wrongShape` for another shape.
  public func requireShape(_ shape: [Int], of name: String) throws(FileError) {
    let got = try self.shape(of: name)
    guard got == shape else {
      throw malformed(.wrongShape(tensor: name, expected: shape, got: got))
    }
  }

  /// - Throws: `FileError.malformed` with `.missingMetadata`.
  public func metadata(_ key: String) throws(FileError) -> String {
    guard let value = metadata[key] else {
      throw malformed(.missingMetadata(key: key, present: metadata.keys.sorted()))
    }
    return value
  }

  /// The error that names this file for a problem with its content.
  public func malformed(_ problem: FileProblem) -> FileError {
    .malformed(path: path, line: nil, problem)
  }

  /// The elements of `tensor`, converted from their bits.
  ///
  /// - Throws: `FileError.malformed` with `.noMemory`; ``FileError/cutShort(path:)``.
  @inline(__always)
  func elements<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
    of tensor: SafetensorsTensor, _ convert: (Bits) -> Value
  ) throws(FileError) -> [Value] {
    let width = MemoryLayout<Bits>.size
    do throws(FileProblem) {
      try FreeMemory.require(numbers: tensor.byteRange.count / width, for: tensor.name)
    } catch {
      throw malformed(error)
    }
    return try file.read { bytes in
      let data = UnsafeRawBufferPointer(rebasing: bytes[tensor.byteRange])
      return (0..<data.count / width).map { index in
        convert(
          Bits(littleEndian: data.loadUnaligned(fromByteOffset: index * width, as: Bits.self)))
      }
    }
  }
}
