/// A `.npy` file or a `.npz` archive of such files, mapped read-only.
struct NumPyFile: Sendable {
  /// The arrays' names, in the order of the archive.
  let names: [String]
  private let file: MappedFile
  private let arrays: [String: StoredArray]

  private struct StoredArray {
    let header: NumPyHeader
    /// The whole `.npy` file.
    let content: FileContent

    init(
      _ content: FileContent, of file: UnsafeRawBufferPointer, name: String
    ) throws(FileProblem) {
      self.content = content
      let size = content.count
      header = try content.withFirstBytes(NumPyHeader.mostBytes, in: file) {
        (bytes) throws(FileProblem) in
        try NumPyHeader(bytes, of: size, array: name)
      }
    }
  }

  /// Whether the file starts as a `.npy` file, or is a zip archive of nothing but such files.
  static func recognizes(_ file: MappedFile) -> Bool {
    file.withUnsafeBytes { bytes in
      bytes.starts(with: NumPyHeader.magic) || ForeignKind(of: bytes) == .npz
    }
  }

  /// - Parameter name: of the array of a `.npy` file.
  /// - Throws: `FileError.malformed` with `.zip` or `.numPy`.
  init(_ file: MappedFile, singleArray name: String) throws(FileError) {
    do {
      (arrays, names) = try file.withUnsafeBytes { (bytes) throws(FileProblem) in
        if bytes.starts(with: NumPyHeader.magic) {
          let content = FileContent.stored(bytes.indices)
          return ([name: try StoredArray(content, of: bytes, name: name)], [name])
        }
        var (arrays, names) = ([String: StoredArray](), [String]())
        for member in try ZipArchive(bytes).members {
          let name = String(member.name.dropLast(".npy".count))
          let content = try ZipArchive.content(of: member, in: bytes)
          arrays[name] = try StoredArray(content, of: bytes, name: name)
          names.append(name)
        }
        return (arrays, names)
      }
    } catch {
      try file.requireWhole()
      throw .malformed(path: file.path, line: nil, error)
    }
    try file.requireWhole()
    self.file = file
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  func header(_ name: String) throws(FileError) -> NumPyHeader { try array(name).header }

  private func array(_ name: String) throws(FileError) -> StoredArray {
    guard let array = arrays[name] else {
      throw .malformed(path: file.path, line: nil, .missingTensor(name, present: names))
    }
    return array
  }

  /// What `body` makes of the elements of the array called `name`.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, or what `body` throws.
  func elements<Result>(
    _ name: String, _ body: (NumPyElements) throws(FileProblem) -> Result
  ) throws(FileError) -> Result {
    let array = try array(name)
    let result: Result
    do {
      try FreeMemory.require(numbers: array.header.shape.checkedProduct ?? 0, for: name)
      result = try file.withUnsafeBytes { (bytes) throws(FileProblem) in
        try array.content.withUnsafeBytes(in: bytes) { (content) throws(FileProblem) in
          try body(NumPyElements(content, header: array.header, array: name))
        }
      }
    } catch {
      try file.requireWhole()
      throw .malformed(path: file.path, line: nil, error)
    }
    try file.requireWhole()
    return result
  }
}
