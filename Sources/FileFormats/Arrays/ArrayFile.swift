/// A file of named arrays, mapped read-only: safetensors, or NumPy's `.npz` or `.npy`, which may also hold
/// texts.
///
/// What a file is shows in its first bytes; its name does not matter. The array of a `.npy` file is
/// called `x`, and one given as targets `y`.
public struct ArrayFile: Sendable {
  /// The file's path, as it was given.
  public let path: String
  private let content: Content
  /// A second file, of the targets alone.
  private let targets: [ArrayFile]

  private enum Content: Sendable {
    case safetensors(SafetensorsFile)
    case numPy(NumPyFile)
  }

  /// Opens the file at `path` and checks its headers.
  ///
  /// - Parameter targets: a file of one array, or with an array `y`, beside one without it.
  /// - Throws: `FileError`, for content that breaks a rule of its format `.malformed` with the
  ///   `FileProblem`; `.twoTargets` where both files have an array `y`.
  public init(path: String, targets: String? = nil) throws(FileError) {
    try self.init(path: path, singleArray: "x", targets: targets)
  }

  private init(path: String, singleArray name: String, targets: String?) throws(FileError) {
    self.path = path
    let file = try MappedFile(path: path)
    content =
      NumPyFile.recognizes(file)
      ? .numPy(try NumPyFile(file, singleArray: name)) : .safetensors(try SafetensorsFile(file))
    guard let targets else {
      self.targets = []
      return
    }
    let second = try ArrayFile(path: targets, singleArray: "y", targets: nil)
    guard second.names.contains("y") else {
      throw second.malformed(.missingTensor("y", present: second.names))
    }
    self.targets = [second]
    if ownNames.contains("y") { throw malformed(.twoTargets(other: targets)) }
  }

  /// The names of the arrays.
  public var names: [String] { ownNames + (targets.isEmpty ? [] : ["y"]) }

  /// The names of the arrays but for what the file of targets holds.
  package var ownNames: [String] {
    switch content {
    case .safetensors(let file): file.tensors.map(\.name)
    case .numPy(let file): file.names
    }
  }

  /// The file of the targets alone; nil where there is none.
  package var targetsFile: ArrayFile? { targets.first }

  /// Whether there is an array of this name.
  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func shape(of name: String) throws(FileError) -> [Int] {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors): return try tensors.shape(of: name)
    case .numPy(let arrays): return try arrays.header(name).shape
    }
  }

  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func isFloatingPoint(_ name: String) throws(FileError) -> Bool {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors): return try tensors.isFloatingPoint(name)
    case .numPy(let arrays): return try arrays.header(name).dtype.kind == .float
    }
  }

  /// Whether the array called `name` is of texts.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`.
  package func isText(_ name: String) throws(FileError) -> Bool {
    guard case .numPy(let arrays) = holder(of: name).content else { return false }
    return try arrays.header(name).dtype.kind == .text
  }

  /// Whether the array called `name` is of booleans.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`.
  public func isBoolean(_ name: String) throws(FileError) -> Bool {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors): return try tensors.dtype(of: name) == .bool
    case .numPy(let arrays): return try arrays.header(name).dtype.kind == .bool
    }
  }

  /// The elements of an array of floating-point numbers, row-major, exact.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, or `.wrongDtype` for integers.
  public func doubles(_ name: String) throws(FileError) -> [Double] {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors): return try tensors.doubles(name)
    case .numPy(let arrays):
      return try arrays.elements(name) { (elements) throws(FileProblem) in try elements.doubles() }
    }
  }

  /// The elements of an array of integers, row-major; those of a Boolean one are 0 and 1.
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, `.wrongDtype` for floating point, or
  ///   `.numPy` for a number above `Int.max`.
  public func integers(_ name: String) throws(FileError) -> [Int] {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors): return try tensors.integers(name)
    case .numPy(let arrays):
      return try arrays.elements(name) { (elements) throws(FileProblem) in try elements.integers() }
    }
  }

  /// The elements of an array of texts, row-major, which only NumPy's files hold, such as those of
  /// `unroll decay --npz`:
  ///
  ///     let file = try ArrayFile(path: "runs/decay-adding/decay.npz")
  ///     for (label, norm) in zip(try file.texts("decay/label"), try file.doubles("decay/norm_mean")) {
  ///       print(label, norm)
  ///     }
  ///
  /// - Throws: `FileError.malformed` with `.missingTensor`, `.wrongDtype` for numbers, or `.numPy` for
  ///   what is no Unicode.
  public func texts(_ name: String) throws(FileError) -> [String] {
    let file = holder(of: name)
    switch file.content {
    case .safetensors(let tensors):
      let dtype = try tensors.dtype(of: name).rawValue
      throw tensors.malformed(.wrongDtype(tensor: name, dtype: dtype, accepted: NumPyDtype.texts))
    case .numPy(let arrays):
      return try arrays.elements(name) { (elements) throws(FileProblem) in try elements.texts() }
    }
  }

  /// The error that names the file, of the two, for a problem with the array called `name`.
  public func malformed(_ problem: FileProblem, in name: String = "x") -> FileError {
    .malformed(path: pathOfFile(with: name), line: nil, problem)
  }

  /// The file that holds the array called `name`.
  public func pathOfFile(with name: String) -> String { holder(of: name).path }

  private func holder(of name: String) -> ArrayFile {
    name == "y" ? targetsFile ?? self : self
  }
}
