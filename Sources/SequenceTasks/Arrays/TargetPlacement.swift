import UnrollText

/// At which steps of their sequences the targets of arrays stand.
public enum TargetPlacement: String, CaseIterable, Sendable {
  /// One for each sequence, at its last step: numbers [N, O] or classes [N].
  case last
  /// One for each step: numbers [T, N, O], or [T, N] for one number a step, or classes [T, N].
  case every
}

/// What `--targets` says: where the targets are, at which steps they stand, or both.
public struct TargetsChoice: Equatable, Sendable {
  /// A file of targets alone; nil where they are in the file of sequences.
  public var path: String?
  /// At which steps the targets stand; nil where their shape says so.
  public var placement: TargetPlacement?

  /// The forms that ``init(parsing:)`` reads.
  public static let accepted = "last, every, a file, or a file and one of the two: y.npy,every"

  /// A choice made of its parts.
  public init(path: String? = nil, placement: TargetPlacement? = nil) {
    self.path = path
    self.placement = placement
  }

  /// `last`, `every`, `y.npy`, or `y.npy,every`. A file called `last` is written `./last`.
  public init(parsing text: String) {
    if let placement = TargetPlacement(rawValue: text) {
      self.init(placement: placement)
    } else if let comma = text.lastIndex(of: ","), comma > text.startIndex,
      let placement = TargetPlacement(rawValue: String(text[text.index(after: comma)...]))
    {
      self.init(path: String(text[..<comma]), placement: placement)
    } else {
      self.init(path: text)
    }
  }
}

/// Targets whose shape says at which steps they stand: numbers [N, O] or [T, N, O], classes [N] or
/// [T, N].
struct PlacedTargets: Sendable {
  let targets: SequenceTargets
  /// Whether they fit the other placement as well, and nobody said which is meant.
  let isAmbiguous: Bool

  /// Reads targets beside inputs [T, N, I]. Numbers [N, O] may also be [T, N], one number at every step,
  /// where N = T: they are then read as [N, O], unless `placement` says otherwise.
  ///
  /// - Throws: `.shape`; `.batchFirst` for what would fit inputs [N, T, I].
  init(
    _ y: SequenceTargets, inputs: [Int], placement: TargetPlacement?
  ) throws(TaskError.ArraysProblem) {
    guard inputs.count == 3 else { throw .shape(tensor: "x", expected: "[T, N, I]", got: inputs) }
    if inputs.contains(0) { throw .empty(tensor: "x") }
    let (steps, count) = (inputs[0], inputs[1])
    let fitting = Self.placements(of: y, steps: steps, count: count)
    let chosen = placement.map { fitting.contains($0) ? [$0] : [] } ?? fitting
    guard let placed = chosen.first else {
      let expected = Self.expected(y, steps: steps, count: count, placement)
      if fitting.isEmpty, steps != count,
        !Self.placements(of: y, steps: count, count: steps).isEmpty
      {
        throw .batchFirst(tensor: "y", expected: expected, got: y.shape, inputs: inputs)
      }
      throw .shape(tensor: "y", expected: expected, got: y.shape)
    }
    isAmbiguous = chosen.count > 1
    if placed == .every, case .values(let values) = y, values.shape.count == 2 {
      targets = .values(ShapedArray(shape: values.shape + [1], values.elements))
    } else {
      targets = y
    }
  }

  /// The placements that a shape fits, the one that is taken first.
  private static func placements(
    of y: SequenceTargets, steps: Int, count: Int
  ) -> [TargetPlacement] {
    let shape = y.shape
    switch y {
    case .classes: return shape == [count] ? [.last] : shape == [steps, count] ? [.every] : []
    case .values:
      if shape.count == 3 { return shape.dropLast() == [steps, count] ? [.every] : [] }
      guard shape.count == 2 else { return [] }
      return (shape[0] == count ? [.last] : []) + (shape == [steps, count] ? [.every] : [])
    }
  }

  /// `[20, O] or [50, 20, O]`.
  private static func expected(
    _ y: SequenceTargets, steps: Int, count: Int, _ placement: TargetPlacement?
  ) -> String {
    let isNumbers = if case .values = y { true } else { false }
    let last = isNumbers ? "[\(count), O]" : "[\(count)]"
    let every =
      isNumbers ? "[\(steps), \(count), O]" : "[\(steps), \(count)]"
    switch placement {
    case .last: return "\(last) at the last step"
    case .every: return "\(every) at every step"
    case nil: return "\(last) or \(every)"
    }
  }
}
