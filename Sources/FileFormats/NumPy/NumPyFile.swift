/// A `.npy` file or a `.npz` archive of such files, mapped read-only.
struct NumPyFile: Sendable {
  /// The arrays' names, in the order of the archive.
  let names: [String]
  private let file: MappedFile
  /// The members of an archive by the names of their arrays; of a `.npy` file nothing.
  private let members: [String: ZipMember]
  private let headers: [String: NumPyHeader]

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
      (members, headers, names) = try file.withUnsafeBytes { (bytes) throws(FileProblem) in
        if bytes.starts(with: NumPyHeader.magic) {
          return ([:], [name: try NumPyHeader(bytes, array: name)], [name])
        }
        var (members, headers, names) = (
          [String: ZipMember](), [String: NumPyHeader](), [String]()
        )
        for member in try ZipArchive(bytes).members {
          let name = String(member.name.dropLast(".npy".count))
          headers[name] = try ZipArchive.withContent(of: member, in: bytes) {
            (content) throws(FileProblem) in try NumPyHeader(content, array: name)
          }
          members[name] = member
          names.append(name)
        }
        return (members, headers, names)
      }
    } catch {
      throw .malformed(path: file.path, line: nil, error)
    }
    self.file = file
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  func header(_ name: String) throws(FileError) -> NumPyHeader {
    guard let header = headers[name] else {
      throw .malformed(path: file.path, line: nil, .missingTensor(name, present: names))
    }
    return header
  }

  /// What `body` makes of the elements of the array called `name`.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, `.zip`, or what `body` throws.
  func elements<Result>(
    _ name: String, _ body: (NumPyElements) throws(FileProblem) -> Result
  ) throws(FileError) -> Result {
    _ = try header(name)
    do {
      return try file.withUnsafeBytes { (bytes) throws(FileProblem) in
        guard let member = members[name] else {
          return try body(NumPyElements(bytes, array: name))
        }
        return try ZipArchive.withContent(of: member, in: bytes) { (content) throws(FileProblem) in
          try body(NumPyElements(content, array: name))
        }
      }
    } catch {
      throw .malformed(path: file.path, line: nil, error)
    }
  }
}
