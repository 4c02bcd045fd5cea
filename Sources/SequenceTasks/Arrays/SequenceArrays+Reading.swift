import UnrollDenseMath
import UnrollFileFormats

extension SequenceArrays {
  /// The class that means "no target here", PyTorch's default `ignore_index`.
  static let noTarget = -100
  /// The most classes that are taken for meant.
  static let largestClassCount = 1 << 20
  /// The most elements that targets may grow to by padding: 2 GB.
  private static let largestPaddedCount = 1 << 28

  /// Reads `x`, `y` and, where there are any, `lengths`.
  ///
  /// - Parameter classes: O for integer targets; nil is the largest one plus 1.
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  init(path: String, classes: Int?) throws {
    let file = try SafetensorsFile(path: path)
    let sequences = try SequenceInputs(file)
    let (allSteps, count, lengths) = (sequences.steps, sequences.count, sequences.lengths)
    let (steps, shortest) = (lengths.max() ?? allSteps, lengths.min() ?? allSteps)
    let layout = try TargetLayout(file, steps: allSteps, count: count)
    supervised = layout.isEveryStep ? 0..<steps : shortest - 1..<steps
    let places = layout.isEveryStep ? nil : lengths.map { $0 - shortest }

    var padded = PaddedTargets(
      steps: supervised.count, count: count, width: layout.width, lengths: lengths, at: places)
    let isPadded = supervised.count > 1 && !layout.isEveryStep
    if isPadded, (padded.elementCount ?? .max) > Self.largestPaddedCount {
      throw TaskError.arrays(path: path, .tooLarge(tensor: "y"))
    }
    switch layout.width {
    case .some(let width):
      targets = Matrix(
        rows: supervised.count, columns: count * width, try padded.values(of: file))
      targetClasses = []
      target = .values(width)
    case .none:
      let limit = classes ?? Self.largestClassCount
      targets = Matrix(rows: 0, columns: 0)
      targetClasses = try padded.classes(of: file, accepted: 0...limit - 1)
      target = .classes(classes ?? Int(targetClasses.max() ?? 0) + 1)
    }
    weights = Matrix(rows: supervised.count, columns: count, padded.weights)
    if !padded.weights.contains(1) {
      throw TaskError.arrays(path: path, .empty(tensor: "y"))
    }
    self.path = path
    self.count = count
    self.steps = steps
    input = .values(sequences.width)
    inputs = sequences.values.rows(0..<steps)
  }
}

/// What `y`'s type and shape say.
private struct TargetLayout {
  /// Whether there is a target for every step, or for the last one alone.
  let isEveryStep: Bool
  /// O for numbers, nil for classes.
  let width: Int?

  init(_ file: SafetensorsFile, steps: Int, count: Int) throws {
    let shape = try file.shape(of: "y")
    let isNumbers = try file.isFloatingPoint("y")
    let sizes = isNumbers ? shape.dropLast() : shape[...]
    guard sizes == [count] || sizes == [steps, count] else {
      let ending = isNumbers ? ", O]" : "]"
      throw TaskError.arrays(
        path: file.path,
        .shape(
          tensor: "y", expected: "[\(count)\(ending) or [\(steps), \(count)\(ending)", got: shape))
    }
    isEveryStep = sizes.count == 2
    width = isNumbers ? shape[shape.count - 1] : nil
    if width == 0 { throw TaskError.arrays(path: file.path, .empty(tensor: "y")) }
  }
}
