import UnrollText

/// A format that named arrays are written in, told by the file's extension.
public enum ArrayFormat: String, CaseIterable, Sendable {
  /// NumPy's archive of arrays, uncompressed.
  case npz
  /// safetensors.
  case safetensors

  /// The format of a file of this name; nil for other extensions.
  public init?(ofFileAt path: String) {
    let name = path.lastPathPart
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      let format = ArrayFormat(rawValue: name[name.index(after: dot)...].lowercased())
    else { return nil }
    self = format
  }

  /// Writes a file of arrays, whole or not at all. The same arrays give the same bytes.
  ///
  /// - Throws: `FileError`: as ``AtomicFile``.
  /// - Precondition: no two arrays have the same name, and safetensors are of no texts.
  public func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
    switch self {
    case .npz: try NumPyArchive.write(arrays, to: path)
    case .safetensors:
      var writer = SafetensorsWriter(requireFinite: false)
      for array in arrays { writer.append(array) }
      try writer.write(to: path)
    }
  }
}
