import UnrollDenseMath
import UnrollText

extension SequenceArrays {
  /// The class that means "no target here", PyTorch's default `ignore_index`.
  static let noTarget = -100
  /// More classes than this are taken for a mistake.
  static let largestClassCount = 1 << 20
  /// The most elements that targets may grow to by padding: 2 GB.
  private static let largestPaddedCount = 1 << 28

  /// Brings sequences and their targets onto common steps.
  ///
  /// - Parameters:
  ///   - x: [T, N, I].
  ///   - y: as they stand in memory or in a file.
  ///   - lengths: [N]; nil where no sequence is padded.
  ///   - placement: at which steps the targets stand; nil where their shape says so.
  ///   - classes: O for integer targets; nil is the largest one plus 1.
  ///   - masksMissing: whether number targets of NaN are left out.
  init(
    inputs x: ShapedArray<Double>, targets y: SequenceTargets, lengths: ShapedArray<Int>?,
    placement: TargetPlacement?, classes: Int?, masksMissing: Bool
  ) throws(TaskError.ArraysProblem) {
    require(
      (1...Int(Int32.max)).contains(classes ?? 1), "expected at least 1 class, got \(classes ?? 1)")
    let placed = try PlacedTargets(y, inputs: x.shape, placement: placement)
    let y = placed.targets
    let sequences = try PaddedSequences(
      x, lengths: lengths, targets: y, masksMissing: masksMissing)
    let (allSteps, count, lengths) = (sequences.steps, sequences.count, sequences.lengths)
    let (steps, shortest) = (lengths.max() ?? allSteps, lengths.min() ?? allSteps)
    let layout = try TargetLayout(y)
    supervised = layout.isEveryStep ? 0..<steps : shortest - 1..<steps
    let places = layout.isEveryStep ? nil : lengths.map { $0 - shortest }

    var padded = PaddedTargets(
      steps: supervised.count, count: count, width: layout.width, lengths: lengths, at: places)
    let isPadded = supervised.count > 1 && !layout.isEveryStep
    if isPadded, (padded.elementCount ?? .max) > Self.largestPaddedCount {
      throw .tooLarge(tensor: "y")
    }
    switch y {
    case .values(let values):
      let width = layout.width ?? 1
      targets = Matrix(
        rows: supervised.count, columns: count * width,
        try padded.values(of: values.elements, masksMissing: masksMissing))
      targetClasses = []
      target = .values(width)
    case .classes(let labels):
      let limit = classes ?? Self.largestClassCount
      targets = Matrix(rows: 0, columns: 0)
      targetClasses = try padded.classes(of: labels.elements, accepted: 0...limit - 1)
      target = .classes(classes ?? Int(targetClasses.max() ?? 0) + 1)
    }
    weights = Matrix(rows: supervised.count, columns: count, padded.weights)
    if !padded.weights.contains(1) { throw .empty(tensor: "y") }
    self.count = count
    self.steps = steps
    self.lengths = lengths
    hasAmbiguousTargets = placed.isAmbiguous
    input = .values(sequences.width)
    inputs = sequences.values.rows(0..<steps)
  }
}

/// What the targets' kind and shape say.
private struct TargetLayout {
  /// Whether there is a target for every step, or for the last one alone.
  let isEveryStep: Bool
  /// O for numbers, nil for classes.
  let width: Int?

  init(_ y: SequenceTargets) throws(TaskError.ArraysProblem) {
    let shape = y.shape
    let isNumbers = if case .values = y { true } else { false }
    isEveryStep = shape.count == (isNumbers ? 3 : 2)
    width = isNumbers ? shape[shape.count - 1] : nil
    if width == 0 { throw .empty(tensor: "y") }
  }
}
