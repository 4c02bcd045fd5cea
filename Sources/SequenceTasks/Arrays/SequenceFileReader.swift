import UnrollFileFormats
import UnrollRecurrentCells
import UnrollText

/// How the files of sequences of one task are read.
struct SequenceFileReader {
  /// O for integer targets, a model's own; nil is the file's `classes`, without which it is the largest
  /// target plus 1.
  let classes: Int?
  /// Whether number targets of NaN are left out.
  let masksMissing: Bool
  /// At which steps the targets stand; nil where their shape says so.
  let placement: TargetPlacement?

  /// The sequences of the file at `path`.
  ///
  /// - Parameter targets: a file of `y` alone, beside one without it.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  func read(_ path: String, targets: String? = nil) throws -> SequenceArrays {
    try ArrayFile(path: path, targets: targets).checkingArrays { file in
      var arrays = try SequenceArrays(
        inputs: file.inputs(), targets: file.targets(), lengths: file.lengths(),
        placement: placement, classes: classes ?? file.classes(), masksMissing: masksMissing)
      arrays.path = path
      arrays.notices = SequenceTensors.notices(of: file)
      if arrays.hasAmbiguousTargets {
        arrays.notices.append(Self.notice(path: file.pathOfFile(with: "y"), arrays))
      }
      return arrays
    }
  }

  /// Says how targets were read that could have been meant otherwise.
  private static func notice(path: String, _ arrays: SequenceArrays) -> String {
    let shape = "[\(arrays.count), \(arrays.target.width)]"
    return
      "\(path.escaped): tensor 'y' \(shape) is read as [N, O], \(NumberText.count(arrays.target.width, "number")) at "
      + "the last step of each sequence; it also fits [T, N], one number at every step: "
      + "--targets every reads it so, and --targets last says that it is right as it is"
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
