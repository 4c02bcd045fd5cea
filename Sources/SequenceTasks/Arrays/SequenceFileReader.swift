import UnrollFileFormats

/// How the files of sequences of one task are read.
struct SequenceFileReader {
  /// O for integer targets, a model's own; nil is the largest one in a file plus 1.
  let classes: Int?
  /// Whether number targets of NaN are left out.
  let masksMissing: Bool

  /// The sequences of the file at `path`.
  ///
  /// - Parameter targets: a file of `y` alone, beside one without it.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  func read(_ path: String, targets: String? = nil) throws -> SequenceArrays {
    try ArrayFile(path: path, targets: targets).checkingArrays { file in
      let (x, y) = (try file.inputs(), try file.targets())
      return try SequenceArrays(
        PaddedSequences(x, lengths: file.lengths(), targets: y, masksMissing: masksMissing),
        targets: y, classes: classes, masksMissing: masksMissing)
    }
  }

  /// The sequences of a part that is a file of its own, which have to be of the same kind as `others`;
  /// nil for a part that is not.
  func read(_ part: HeldOutPart?, like others: SequenceArrays) throws -> SequenceArrays? {
    guard case .file(let path) = part else { return nil }
    let arrays = try read(path)
    do throws(TaskError.ArraysProblem) {
      try arrays.requireSameKind(as: others)
    } catch {
      throw TaskError.arrays(path: path, error)
    }
    return arrays
  }
}
